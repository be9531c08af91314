"""Hiding and showing: what is on the boards, and under which names."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.errors import NothingToHide
from feedback.ids import make_id
from feedback.moderation.changes import Change
from feedback.moderation.hidden import Kind
from feedback.names.generated import generate_name
from feedback.records import Entry, Game, Period
from feedback.store import Store, open_store
from tests.feedback.making import MONDAY, a_game

pytestmark = pytest.mark.both_engines

PERIODS: tuple[Period, ...] = ("day", "week", "all")


async def hide(store: Store, kind: Kind, subject: str) -> Change:
    return await store.moderation.hide(kind, subject, reason="spam", moderator="mona", now=MONDAY)


async def read_board(store: Store, period: Period = "all", viewer: str = "") -> list[Entry]:
    entries, _ = await store.read_leaderboard("sprint", "digits", period, 10, viewer, MONDAY)
    return entries


async def play(store: Store, player: str, score: int, **fields: object) -> Game:
    game = a_game(player=player, score=score, **{"name": player.title(), **fields})
    await store.finish_game(game)
    return game


async def test_a_hidden_player_leaves_every_board_and_comes_back(store: Store) -> None:
    for player, score in (("ada", 300), ("bob", 200), ("cyd", 100)):
        await play(store, player, score)
    before = [await read_board(store, period) for period in PERIODS]
    assert (await hide(store, "player", "ada")).is_new
    for period in PERIODS:
        assert [(e.rank, e.player) for e in await read_board(store, period)] == [(1, "Bob"), (2, "Cyd")]
    assert await store.finish_game(a_game(player="ada", score=900)) is None
    assert [e.player for e in await read_board(store)] == ["Bob", "Cyd"]
    assert await store.finish_game(a_game(player="dan", score=150)) == 2
    await store.moderation.hide("player", "dan", reason="", moderator="mona", now=MONDAY)
    await store.moderation.show("player", "ada")
    after = [await read_board(store, period) for period in PERIODS]
    assert [[(e.rank, e.player) for e in board] for board in after] == [
        [(e.rank, e.player) for e in board] for board in before
    ]
    assert after[0][0].score == 900  # played while hidden


async def test_the_next_best_game_takes_the_place_of_a_hidden_one(store: Store) -> None:
    second = await play(store, "ada", 200)
    best = await play(store, "ada", 300)
    await play(store, "bob", 250)
    before = await read_board(store)
    change = await hide(store, "game", best.id)
    assert [(e.player, e.game) for e in await read_board(store)][1] == ("Ada", second.id)
    assert {(old.game, new.game) for old, new in zip(change.before, change.after, strict=True)} == {
        (best.id, second.id)
    }
    await store.moderation.show("game", best.id)
    assert await read_board(store) == before


async def test_showing_leaves_an_unranked_game_off_the_boards(store: Store) -> None:
    game = await play(store, "ada", 300, unranked="it rained.")
    await hide(store, "game", game.id)
    await store.moderation.show("game", game.id)
    assert await read_board(store) == []


async def test_a_hidden_name_is_replaced_for_others_however_it_is_spelled(store: Store) -> None:
    first = await play(store, "ada", 300, name="Rude Name")
    await play(store, "bob", 200, name="RUDE-N4ME")
    await hide(store, "name", "rude name")
    await play(store, "cyd", 100, name="Rüde Namе")  # the last letter is Cyrillic
    await play(store, "dan", 50, name="Rude Names")
    names = [generate_name(player) for player in ("ada", "bob", "cyd")]
    assert [e.player for e in await read_board(store)] == [*names, "Rude Names"]
    assert [e.player for e in await read_board(store, viewer="bob")] == [
        names[0],
        "RUDE-N4ME",
        names[2],
        "Rude Names",
    ]
    _, you = await store.read_leaderboard("sprint", "digits", "all", 1, "bob", MONDAY)
    assert you is not None
    assert (you.rank, you.player) == (2, "RUDE-N4ME")
    for viewer, name in (("ada", "Rude Name"), ("bob", names[0])):
        assert await store.moderation.choose_shown_name(first, viewer) == name
    assert await store.moderation.count_spellings("rude name") == {"Rude Name": 1, "RUDE-N4ME": 1, "Rüde Namе": 1}
    await store.moderation.show("name", "RudeName")
    assert [e.player for e in await read_board(store)] == ["Rude Name", "RUDE-N4ME", "Rüde Namе", "Rude Names"]


@pytest.mark.parametrize("kind", ["player", "game"])
async def test_a_hidden_game_is_shown_under_a_neutral_name(store: Store, kind: Kind) -> None:
    game = await play(store, "ada", 300)
    await hide(store, kind, "ada" if kind == "player" else game.id)
    for viewer, name in (("ada", "Ada"), ("bob", generate_name("ada"))):
        assert await store.moderation.choose_shown_name(game, viewer) == name


async def test_hiding_twice_keeps_the_first_record(store: Store) -> None:
    await play(store, "ada", 300)
    first = await hide(store, "player", "ada")
    later = MONDAY + timedelta(days=1)
    again = await store.moderation.hide("player", "ada", reason="other", moderator="max", now=later)
    assert (first.is_new, again.is_new) == (True, False)
    assert await store.moderation.list_hidden() == [first.hidden]
    assert first.hidden is not None
    assert (first.hidden.name, first.hidden.reason, first.hidden.moderator, first.hidden.at) == (
        "Ada", "spam", "mona", MONDAY
    )  # fmt: skip
    assert [(await store.moderation.show("player", "ada")).is_new for _ in range(2)] == [True, False]
    assert await store.moderation.list_hidden() == []


@pytest.mark.parametrize("kind", ["player", "game"])
async def test_what_does_not_exist_cannot_be_hidden(store: Store, kind: Kind) -> None:
    with pytest.raises(NothingToHide, match=f"There is no {kind} with the id none"):
        await hide(store, kind, "none")
    assert not (await store.moderation.show(kind, "none")).is_new


async def test_deleting_a_player_deletes_what_is_noted_about_them(store: Store) -> None:
    game = await play(store, "ada", 300)
    await hide(store, "game", game.id)
    await hide(store, "player", "ada")
    await hide(store, "name", "Ada")
    await store.delete_player("ada")
    assert [hidden.kind for hidden in await store.moderation.list_hidden()] == ["name"]


STEPS = st.lists(
    st.tuples(st.sampled_from(["play", "hide", "show"]), st.integers(0, 5), st.integers(1, 30)), max_size=20
)


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(STEPS)
async def test_boards_hold_the_best_game_of_each_player_that_is_not_hidden(
    steps: list[tuple[str, int, int]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = await open_store(f"sqlite:///{Path(folder) / 'inkrush.db'}")
        games: list[Game] = []
        hidden: set[str] = set()
        for number, (action, choice, score) in enumerate(steps):
            player = "abc"[choice % 3]
            if action == "play":
                at = MONDAY + timedelta(seconds=number)
                games.append(await play(store, player, score, id=make_id(), finished_at=at))
            elif games:
                game = games[score % len(games)]
                kind: Kind = "game" if choice < 3 else "player"
                subject = game.id if kind == "game" else game.player
                if action == "hide":
                    await hide(store, kind, subject)
                    hidden.add(subject)
                else:
                    await store.moderation.show(kind, subject)
                    hidden.discard(subject)
        best: dict[str, Game] = {}
        for game in sorted(games, key=lambda game: -game.score):
            if not hidden & {game.id, game.player}:
                best.setdefault(game.player, game)
        for period in PERIODS:
            board = await read_board(store, period)
            assert {e.game for e in board} == {game.id for game in best.values()}
            assert [e.rank for e in board] == list(range(1, len(best) + 1))
        for player, game in best.items():
            _, you = await store.read_leaderboard("sprint", "digits", "all", 1, player, MONDAY)
            assert you is not None
            assert (await read_board(store))[you.rank - 1].game == game.id
        await store.close()
