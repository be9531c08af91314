from __future__ import annotations

import io

import pytest
from PIL import Image

from feedback.records import Drawing
from game.web.game_picture import HEIGHT, WIDTH, PictureContent, compute_tag, draw_picture

DOT: Drawing = [[[500], [500], [0]]]
STILL: Drawing = [[[7, 7, 7], [9, 9, 9], [0, 1, 2]]]
CORNERS: Drawing = [[[0, 1023], [0, 1023], [0, 900]], [[1023, 0], [0, 1023], [0, 900]]]
LONGEST: Drawing = [
    [[x % 1024 for x in range(0, 64 * 37, 37)], [500 + i] * 64, list(range(64))] for i in range(64)
]


def make_content(score: int | None, *drawings: Drawing, signs: int = 0) -> PictureContent:
    return PictureContent("Sprint", "0-9 A-Z a-z", score, tuple(i % 3 for i in range(signs)), drawings)


@pytest.mark.parametrize(
    "content",
    [
        make_content(None),
        make_content(0, DOT),
        make_content(999_999_999, STILL, CORNERS, signs=1000),
        make_content(1, *[LONGEST] * 6, signs=1000),
    ],
)
def test_any_game_has_a_small_picture(content: PictureContent) -> None:
    data = draw_picture(content)
    picture = Image.open(io.BytesIO(data))
    assert (picture.format, picture.size) == ("PNG", (WIDTH, HEIGHT))
    assert len(data) < 100_000


def test_the_tag_tells_pictures_apart() -> None:
    contents = [make_content(1), make_content(2), make_content(1, DOT), make_content(1, signs=1)]
    assert len({compute_tag(content) for content in contents}) == len(contents)
    assert compute_tag(make_content(1, DOT)) == compute_tag(make_content(1, DOT))
