"""Writes real drawings in the UNIPEN format, packed as the publishers of UNIPEN and PenDigits pack them."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from recognition.alphabets import CLASSES
from training.datasets.pendigits import MEMBER
from training.datasets.strokes import StrokeSet
from training.datasets.unipen import Drawing
from training.datasets.unipen62 import compute_fingerprint

Ints = npt.NDArray[np.int64]

TABLET_HEIGHT = 9000
"""y of the upper edge of the tablet; y grows upwards."""

DOC = "{0}/{0}0.doc"
DAT = "{0}/data/{0}0/{1}.dat"
PEOPLE = (("anj", "cam"), ("anj", "dee"), ("val", "cam"))
"""Contributors and writers. Two writers have the same name, but are different people."""


def split_strokes(drawn: StrokeSet) -> Iterator[list[Ints]]:
    """Yield each drawing's strokes, int64 (n, 2), with its box at 0, 0."""
    strokes = np.split(drawn.strokes.points.astype(np.int64), np.cumsum(drawn.strokes.stroke_lengths)[:-1])
    ends = np.cumsum(drawn.strokes.stroke_counts)
    for start, end in zip(ends - drawn.strokes.stroke_counts, ends, strict=True):
        low = np.concatenate(strokes[start:end]).min(axis=0)
        yield [stroke - low for stroke in strokes[start:end]]


def format_component(points: Ints, keyword: str = "PEN_DOWN", left: int = 0) -> str:
    """Return a component; coordinates start at the lower left corner of the tablet."""
    return "\n".join((f".{keyword}", *(f"\t{left + x} {TABLET_HEIGHT - y}" for x, y in points), ""))


def format_unipen(drawn: StrokeSet) -> tuple[str, str]:
    """Return the components of drawings, and the segments that mark them."""
    components, segments = [], []
    number = 0
    for strokes, label in zip(split_strokes(drawn), drawn.labels, strict=True):
        last = number + len(strokes) - 1
        segments.append(f'.SEGMENT CHARACTER {number}{f"-{last}" * (last > number)} ? "{CLASSES[label]}"\n')
        components += [format_component(stroke, left=7 * number) + ".PEN_UP\n" for stroke in strokes]
        number = last + 1
    return "".join(components), "".join(segments)


def list_unipen_files(drawings: StrokeSet) -> dict[str, str]:
    """Return the files of an archive in which each of `PEOPLE` drew every third drawing."""
    files: dict[str, str] = {"CDROM-README": "for people"}
    include: dict[str, str] = {}
    for index, (contributor, person) in enumerate(PEOPLE):
        components, segments = format_unipen(take_part(drawings, index))
        doc, dat = DOC.format(contributor), DAT.format(contributor, person)
        for category, characters in (("1a", CLASSES[:10]), ("1b", CLASSES[10:36]), ("1c", CLASSES[36:])):
            marked = "".join(f"{line}\n" for line in segments.splitlines() if line[-2] in characters)
            files[f"data/{category}/{contributor}/{contributor}0/{person}.dat"] = (
                f".VERSION 1.0\n.INCLUDE {dat}\n{marked}"
            )
        files[f"data/2/{contributor}/{contributor}0/{person}.dat"] = f".INCLUDE {dat}\n{segments}"
        include[f"include/{doc}"] = ".VERSION 1.0\n.COORD X Y\n.DATA_CONTACT\n\tName: Andr\xe9\n"
        # Two ways to name the same file.
        mentioned = f"../../{contributor}0.doc" if index else doc
        include[f"include/{dat}"] = f".INCLUDE {mentioned}\n.WRITER_ID\t{person}\n{components}"
    return files | include


def take_part(drawings: StrokeSet, index: int) -> StrokeSet:
    return drawings.take(np.arange(index, len(drawings), len(PEOPLE)))


def compute_fingerprints(drawn: StrokeSet) -> list[str]:
    return [
        compute_fingerprint(Drawing(int(label), "", tuple(stroke.astype(np.float64) for stroke in strokes)))
        for strokes, label in zip(split_strokes(drawn), drawn.labels, strict=True)
    ]


def write_unipen(path: Path, files: Mapping[str, str]) -> None:
    """Write an archive like UNIPEN's, with files given by their paths below ``train_r01_v07``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w:gz") as archive:
        for name, text in files.items():
            content = text.encode("latin-1")
            member = tarfile.TarInfo(f"train_r01_v07/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


def format_pendigits(drawn: StrokeSet) -> str:
    """Return digits in the format of ``pendigits-orig.tra``."""
    parts = [' .INCLUDE dene.doc\n.LEXICON "0" "1" "2"\n.HIERARCHY DIGIT\n']
    number = 0
    for index, (strokes, label) in enumerate(zip(split_strokes(drawn), drawn.labels, strict=True)):
        last = number + len(strokes) - 1
        parts.append(f'.SEGMENT DIGIT {number}{f"-{last}" * (last > number)} ? "{label}"\n')
        parts.append(f".COMMENT {label} {drawn.writers[index]} {index}\n")
        parts += [format_component(stroke) + ".PEN_UP\n.DT 100\n" for stroke in strokes]
        number = last + 1
    return "".join(parts)


def write_pendigits(path: Path, text: str) -> None:
    """Write a zip like UCI's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("pendigits.names", "of another kind")
        archive.writestr(MEMBER, compress_lzw(text.encode("latin-1")))


def compress_lzw(content: bytes) -> bytes:
    """Return a ``.Z`` file, longer than its content: the table is cleared after every seventh byte."""
    clear, bits = 256, 9
    packed = bytearray(b"\x1f\x9d\x90")
    for start in range(0, len(content), 7):
        codes = [*content[start : start + 7], clear]
        group = sum(code << bits * place for place, code in enumerate(codes))
        packed += group.to_bytes((bits * len(codes) + 7) // 8, "little")
    return bytes(packed)


def make_zip(**files: bytes) -> bytes:
    """Return a zip with files of these names."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def leave_part(target: Path, content: bytes) -> None:
    """Leave what an earlier download of ``target`` received before it broke off."""
    target.parent.mkdir(parents=True)
    target.with_name(f"{target.name}.part").write_bytes(content)
