"""Files that are no pictures are refused with a sentence about their kind."""

from __future__ import annotations

import io
import zipfile

import pytest

from recognition import Recognizer, UnreadableImage


def make_zip(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "content")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b'<?xml version="1.0"?>\n<!-- a drawing -->\n<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        (make_zip("photos/a.jpg"), "ZIP archive"),
        (make_zip("[Content_Types].xml", "word/document.xml"), "document"),
        (make_zip("mimetype", "content.xml").replace(b"mimetypecontent", b"mimetypeapplication/"), "document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "document"),
        (b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + bytes(50), "video"),
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  " + bytes(50), "video"),
        (b"\0\0\0\x08wide" + bytes(50), "video"),
        (b"\x1a\x45\xdf\xa3" + bytes(50), "video"),
        (b"RIFF\0\0\0\0AVI LIST" + bytes(50), "video"),
        (b"\0\0\0\x18ftyphevc\0\0\0\0hevcmsf1" + bytes(50), "HEIC"),
        (b"\0\0\0\x18ftypcrx \0\0\0\1crx isom" + bytes(50), "not a picture"),
        (b"<!DOCTYPE html><html></html>", "not a picture"),
        (b"a text", "not a picture"),
        (b"", "not a picture"),
    ],
)
def test_the_sentence_names_the_kind_of_file(recognizer: Recognizer, data: bytes, word: str) -> None:
    with pytest.raises(UnreadableImage, match=word):
        recognizer.read_image(data)
