"""Says what to do with a file that is no picture, such as a PDF or a video."""

from __future__ import annotations

from typing import Final

from recognition.page.heif_boxes import has_brand

_HEAD: Final = 4096  # bytes in which the kind of a file is looked for
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0"  # how older documents begin
_DOCUMENTS: Final = (b"[Content_Types].xml", b"word/", b"mimetypeapplication/")  # in a ZIP
_MATROSKA: Final = b"\x1a\x45\xdf\xa3"
_MOVIE_BOXES: Final = (b"moov", b"mdat", b"wide", b"free")  # with which a QuickTime file may begin
_PICTURE_BRANDS: Final = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif", b"avis")
_NO_VIDEO_BRANDS: Final = (b"crx ", b"jxl ", b"M4A ", b"M4B ")  # raw photos, JPEG XL and sound, in such a file

_SENTENCES: Final = {
    "pdf": "This is a PDF. Take a screenshot of the page, or save the page as a picture, and send that.",
    "svg": "This is an SVG. Save it as a PNG and send that.",
    "document": "This is a document. Take a screenshot of the page and send that.",
    "archive": "This is a ZIP archive. Unpack it and send the pictures in it.",
    "video": "This is a video. Take a screenshot where it shows the writing and send that.",
    "container": "This kind of HEIC or AVIF is not read. Save it as a JPEG or PNG and send that.",
}
_OTHER: Final = (
    "This file is not a picture that can be read. Send a PNG, JPEG, WebP, GIF, BMP, TIFF, HEIC or AVIF."
)


def describe_unreadable(data: bytes) -> str:
    """Return a sentence that says what kind of file this is, as far as it can be told, and what to do."""
    return _SENTENCES.get(_find_kind(data[:_HEAD]), _OTHER)


def _find_kind(head: bytes) -> str:
    if head.startswith(b"%PDF"):
        return "pdf"
    if head.startswith(_OLE):
        return "document"
    if head.startswith(_ZIP):
        return "document" if any(name in head for name in _DOCUMENTS) else "archive"
    if head.startswith(_MATROSKA) or head[4:8] in _MOVIE_BOXES or (head[:4] == b"RIFF" and head[8:12] == b"AVI "):
        return "video"
    if head[4:8] == b"ftyp":
        if has_brand(head, *_PICTURE_BRANDS):
            return "container"
        return "" if head[8:12] in _NO_VIDEO_BRANDS else "video"
    return "svg" if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<") and b"<svg" in head else ""
