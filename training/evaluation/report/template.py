"""Renders the templates of self-contained pages."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_HERE: Final = Path(__file__).parent
_FONTS: Final = _HERE.parents[2] / "client" / "static" / "fonts"


def render_template(name: str, **values: Any) -> str:
    """Return the HTML of a template in this folder."""
    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["percent"] = lambda share, digits=1: f"{100 * share:.{digits}f}"
    environment.filters["signed"] = lambda share: f"{100 * share:+.2f}".replace("-", "−")
    return environment.get_template(name).render(font=_encode_font, **values)


def _encode_font(name: str) -> str:
    """Return the client's font file whose name matches, in base64; empty if the client is not installed."""
    files = sorted(_FONTS.glob(f"{name}.woff2"))
    return base64.b64encode(files[-1].read_bytes()).decode() if files else ""
