"""The static files: read, joined and compressed when the server starts, then served from memory.

Their addresses contain a hash of all of them, ``/static/<hash>/js/play/page.js``. So browsers may keep them for
ever, and relative addresses between them still work.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
import json
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from quart import Response, request
from werkzeug.exceptions import NotFound

from feedback.data_uri import encode_data_uri
from game.web.compression import MIN_BYTES, accepts_gzip, is_text
from game.web.scripts import join_scripts
from game.web.source_maps import make_source_map
from game.web.stylesheets import join_stylesheets

URL: Final = "/static"

_PAGE_SHEETS: Final = "css/pages/"
_PAGE_SCRIPT: Final = "/page.js"
_MANIFEST: Final = "vendor/manifest.json"
_CHARSET: Final = "; charset=utf-8"
# Not every system knows these types.
_TYPES: Final = {
    ".map": "application/json",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
_SMALL: Final = 512  # bytes of a picture; about as much as a request and the head of its response
_HASH_LENGTH: Final = 16
_HASH: Final = re.compile(f"[0-9a-f]{{{_HASH_LENGTH}}}")
_FOR_EVER: Final = "public, max-age=31536000, immutable"
# Another server's hash, during an update: that server may hold another version of the file.
_ASK_AGAIN: Final = "no-cache"
_FOR_A_MINUTE: Final = "public, max-age=60"


@dataclass(frozen=True)
class StaticFile:
    """A file as it is served: its type, its contents, and these compressed if that makes them smaller."""

    content_type: str
    content: bytes
    compressed: bytes | None
    etag: str


class StaticFiles:
    """All files of a folder, by their path in it."""

    def __init__(self, files: dict[str, StaticFile], pictures: Mapping[str, str]) -> None:
        self._files = files
        self.pictures: Final = pictures
        """The addresses of small pictures that contain them (``data:``), so that no browser asks for them."""
        digest = hashlib.sha256()
        for path, file in sorted(files.items()):
            digest.update(f"{path}\0{file.etag}\0".encode())
        self.hash: Final = digest.hexdigest()[:_HASH_LENGTH]

    def make_address(self, path: str) -> str:
        """Return the address of a file: templates call this as ``static("css/pages/play.css")``.

        Raises:
            KeyError: there is no such file.
        """
        if path not in self._files:
            raise KeyError(f"There is no static file {path}.")
        return f"{URL}/{self.hash}/{path}"

    async def respond(self, path: str) -> Response:
        """Return the response to the current request for a file: its path, with any hash before it or with none.

        Files are small, so a request for a part gets the whole.

        Raises:
            NotFound: there is no such file.
        """
        hash_, _, rest = path.partition("/")
        cache_control = _FOR_A_MINUTE
        if _HASH.fullmatch(hash_):
            path = rest
            cache_control = _FOR_EVER if hash_ == self.hash else _ASK_AGAIN
        if (file := self._files.get(path)) is None:
            raise NotFound
        response = Response(file.content, content_type=file.content_type)
        response.headers["Cache-Control"] = cache_control
        etag = file.etag
        if file.compressed is not None:
            response.vary.add("Accept-Encoding")
            if accepts_gzip(request.accept_encodings):
                response.set_data(file.compressed)
                response.headers["Content-Encoding"] = "gzip"
                etag += "-gzip"
        response.set_etag(etag)
        return await response.make_conditional(request)


@functools.cache
def load_static_files(folder: Path) -> StaticFiles:
    """Read all files in ``folder``. A file that changes is served as it was, until the server starts again.

    Raises:
        BadStylesheet, BadScript: the style sheet or the script of a page cannot be joined.
    """
    contents = {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
    pictures = {
        path: encode_data_uri(_TYPES[".svg"], content)
        for path, content in contents.items()
        if path.endswith(".svg") and len(content) <= _SMALL
    }
    joined = _join_stylesheets(contents, pictures) | _join_scripts(contents)
    return StaticFiles(
        {path: _make_file(path, content) for path, content in (contents | joined).items()}, pictures
    )


def _join_stylesheets(contents: Mapping[str, bytes], pictures: Mapping[str, str]) -> dict[str, bytes]:
    """Return the style sheet of each page, with those that it imports."""
    sheets = {path: content.decode() for path, content in contents.items() if path.endswith(".css")}
    return {
        path: join_stylesheets(path, sheets, pictures).encode() for path in sheets if path.startswith(_PAGE_SHEETS)
    }


def _join_scripts(contents: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the script of each page with the modules that it imports, and its source map."""
    scripts = {path: content.decode() for path, content in contents.items() if path.endswith(".js")}
    vendored = json.loads(contents.get(_MANIFEST, b"[]"))
    packages = {entry["module"]: entry["file"] for entry in vendored if "module" in entry}
    joined = {}
    for path in scripts:
        if path.endswith(_PAGE_SCRIPT):
            lines = join_scripts(path, scripts, packages)
            text = "\n".join(line.text for line in lines)
            joined[path] = f"{text}\n//# sourceMappingURL={PurePosixPath(path).name}.map\n".encode()
            joined[f"{path}.map"] = make_source_map(lines, scripts).encode()
    return joined


def _make_file(path: str, content: bytes) -> StaticFile:
    kind = _TYPES.get(PurePosixPath(path).suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
    compressed = None
    if is_text(kind) and len(content) >= MIN_BYTES:
        compressed = gzip.compress(content, 9, mtime=0)
    content_type = kind + _CHARSET if kind.startswith("text/") else kind
    return StaticFile(content_type, content, compressed, hashlib.sha256(content).hexdigest()[:_HASH_LENGTH])
