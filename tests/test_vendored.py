"""Files from other projects are listed, unchanged, and lie beside their licenses."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

STATIC = Path(__file__).parents[1] / "client" / "static"


def test_vendored_files_are_listed_with_their_hashes_and_licenses() -> None:
    manifest = json.loads((STATIC / "vendor" / "manifest.json").read_text())
    paths = [*STATIC.glob("vendor/*.js"), *STATIC.glob("fonts/*.woff2")]
    assert {entry["file"] for entry in manifest} == {path.relative_to(STATIC).as_posix() for path in paths}
    for entry in manifest:
        path = STATIC / entry["file"]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"]
        package = path.name.split("-latin")[0].removesuffix(".js")
        assert (path.parent / f"{package}.LICENSE").is_file()
        assert entry["license"]
