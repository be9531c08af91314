from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from game.web.security import find_inline_scripts, make_content_policy


def test_inline_scripts_are_found(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "a.html").write_text(
        '<script src="/x.js"></script>\n<SCRIPT type="importmap">\n{"é": 1}\n</script >'
        '<script id="rows" type="application/json">{{ rows }}</script>'
    )
    (tmp_path / "parts" / "b.html").write_text("<script>two</script><script type=module src='/y.js'></script>")
    assert find_inline_scripts(tmp_path) == ['\n{"é": 1}\n', "two"]


def test_the_policy_names_the_scripts_by_hash() -> None:
    script = '{"imports": {"é": "/x.js"}}'
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'self' 'sha256-{digest}';" in make_content_policy([script, script])
    assert "script-src 'self';" in make_content_policy([])
    assert "unsafe" not in make_content_policy([script])
