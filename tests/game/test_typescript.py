"""The types that the client is checked with are the server's own."""

from __future__ import annotations

import enum
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import msgspec
import pytest

from game.typescript import declare_types

pytestmark = pytest.mark.slow

TYPES = Path(__file__).parents[2] / "client" / "types"


@pytest.mark.parametrize(
    ("file", "module"), [("protocol.d.ts", "game.play.protocol"), ("api.d.ts", "game.api.schemas")]
)
def test_the_clients_types_are_what_the_server_declares(file: str, module: str) -> None:
    declared = subprocess.run(
        [sys.executable, "-m", module, "--types"], capture_output=True, text=True, check=True
    )
    assert (TYPES / file).read_text(encoding="utf-8") == declared.stdout, f"Run: python -m {module} --types"


class Inner(msgspec.Struct, tag="inner"):
    """A part."""

    pair: tuple[str, float]


class Outer(msgspec.Struct):
    items: list[Inner | None]
    count: Annotated[int, msgspec.Meta(ge=0)] = 0


def test_structs_become_interfaces() -> None:
    declared = declare_types("some command", Outer=Outer)
    assert "// Made by `some command`." in declared
    assert "export interface Outer {\n  items: (Inner | null)[];\n  count?: number;\n}" in declared
    assert (
        '/**\n * A part.\n */\nexport interface Inner {\n  type: "inner";\n  pair: [string, number];\n}'
        in declared
    )


class Color(enum.Enum):
    RED = 1


class Paint(msgspec.Struct):
    color: Color


def test_a_type_without_a_counterpart_is_refused() -> None:
    with pytest.raises(TypeError, match="no TypeScript type"):
        declare_types("some command", Paint=Paint)
