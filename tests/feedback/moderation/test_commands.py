"""``python -m feedback moderate`` as a moderator runs it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from feedback.__main__ import main
from feedback.store import open_store
from tests.feedback.making import a_game

Run = Callable[..., tuple[int, str]]
GAME = a_game(name="[b]Rude[/b]", score=300)
OTHER = a_game(name="Ada", score=200)


@pytest.fixture
def run(url: str, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs a command on a store with two games, and returns status and output."""

    async def fill() -> None:
        store = await open_store(url)
        await store.finish_game(GAME)
        await store.finish_game(OTHER)
        await store.close()

    asyncio.run(fill())

    def run_command(*arguments: str) -> tuple[int, str]:
        try:
            status = main(["--database", url, "moderate", *arguments])
        except SystemExit as stopped:
            status = int(str(stopped.code))
        captured = capsys.readouterr()
        return status, captured.out + captured.err

    return run_command


def test_what_is_hidden_is_listed_and_shown_again(run: Run) -> None:
    status, out = run("hide", "game", GAME.id, "--reason", "rude", "--by", "mona")
    assert status == 0
    assert f"The game {GAME.id} ([b]Rude[/b], player ada) is hidden now." in out
    assert "[b]Rude[/b], 300 points" in out
    assert "Ada, 200 points" in out
    assert run("hide", "name", "Ada")[1].startswith("The name Ada is hidden now.")

    status, out = run("list")
    assert status == 0
    for text in ("[b]Rude[/b]", GAME.id, "rude", "mona", "name", "Ada"):
        assert text in out

    assert "was hidden already" in run("hide", "game", GAME.id)[1]
    status, out = run("show", "game", GAME.id)
    assert (status, "is shown again" in out) == (0, True)
    status, out = run("show", "game", GAME.id)
    assert (status, out) == (0, f"The game {GAME.id} is not hidden.\n")
    run("show", "name", "ADA")
    assert run("list") == (0, "Nothing is hidden.\n")


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("hide", "game", "none"), 1, "There is no game with the id none."),
        (("hide", "player", "none"), 1, "There is no player with the id none."),
        (("hide", "name", " "), 2, "it is empty"),
        (("hide", "board", "x"), 2, "invalid choice"),
        ((), 2, "ACTION"),
    ],
)
def test_the_exit_status_tells_failure_from_wrong_use(
    run: Run, arguments: tuple[str, ...], status: int, message: str
) -> None:
    stopped, out = run(*arguments)
    assert (stopped, message in out) == (status, True)
