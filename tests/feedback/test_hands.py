"""What is remembered of a player's drawings: kept with the rounds, and gone with them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from feedback.errors import PlayerDeleted
from feedback.hands import HandEntry
from feedback.quarantine import Doubt
from feedback.records import Round
from feedback.remembering import MOST_PER_LABEL, Lesson
from feedback.running_games import RunningGame
from feedback.sheet.journal import Journal
from feedback.store import Store, open_store
from tests.feedback.address import get_url
from tests.feedback.making import MONDAY, a_game, a_round

pytestmark = pytest.mark.both_engines

HIT = Lesson("4", "hit", "m1", b"\x01\x02")


def a_hit(**fields: Any) -> Round:
    return a_round(**{"mode": "sprint", "target": "4", "outcome": "hit", "predicted": "4", **fields})


async def start_game(store: Store, player: str = "ada") -> RunningGame:
    game = a_game(player=player, finished_at=None)
    running = RunningGame(game.id, player, "server", 0, game.id, "{}")
    await store.start_game(game, running)
    return running


async def list_entries(store: Store, player: str = "ada") -> list[tuple[str, str]]:
    """Return label and origin of what is remembered, the last learned first."""
    return [(entry.label, entry.origin) for entry in (await store.hands.load(player)).entries]


async def test_a_hit_is_remembered_with_its_round(store: Store) -> None:
    running = await start_game(store)
    round_ = a_hit(game=running.game, number=1)
    assert (await store.hands.load("ada")).state == (True, 0)
    assert await store.running_games.add_round(round_, running, HIT) == (True, 1)
    hand = await store.hands.load("ada")
    assert hand.state == (True, 1)
    assert hand.entries == [HandEntry(round_.id, "4", "hit", "m1", b"\x01\x02")]
    own = await store.hands.read("ada", "m1")
    assert [(each.round, each.label, each.at, each.drawing) for each in own.drawings] == [
        (round_.id, "4", round_.at, round_.drawing)
    ]
    assert (own.is_on, own.waiting) == (True, 0)
    assert (await store.hands.read("ada", "m2")).waiting == 1


async def test_the_newest_of_each_character_are_remembered(store: Store) -> None:
    running = await start_game(store)
    rounds = [a_hit(game=running.game, number=number) for number in range(1, MOST_PER_LABEL + 4)]
    other = a_hit(game=running.game, number=99, target="7")
    await store.running_games.add_round(other, running, Lesson("7", "hit"))
    for round_ in rounds:
        await store.running_games.add_round(round_, running, HIT)
    remembered = [entry.round for entry in (await store.hands.load("ada")).entries]
    assert remembered == [round_.id for round_ in reversed(rounds[3:])] + [other.id]


async def test_labels_are_remembered_and_follow_what_is_said_last(store: Store) -> None:
    drawn, hit = a_round(source="draw"), a_hit()
    await store.add_rounds([drawn, hit])
    assert await list_entries(store) == [("4", "hit")]
    changed: list[str] = []
    store.hands.subscribe(changed.append)
    await store.give_feedback(drawn.id, "ada", "4")
    await store.give_feedback(drawn.id, "ada", "9")
    assert changed == ["ada", "ada"]
    assert await list_entries(store) == [("9", "label"), ("4", "hit")]
    await store.give_feedback(hit.id, "ada", "4")
    assert await list_entries(store) == [("4", "hit"), ("9", "label")]
    await store.give_feedback(hit.id, "ada", "9")
    await store.give_feedback(hit.id, "ada", "4")
    assert await list_entries(store) == [("4", "label"), ("9", "label")]


async def test_curators_relabel_and_a_rejected_label_is_forgotten(store: Store) -> None:
    rounds = [a_hit() for _ in range(3)]
    await store.add_rounds(rounds)
    await list_entries(store)
    journal = Journal(store.database, "sheet")
    await journal.correct_labels([(rounds[0].id, "9"), (rounds[1].id, "4")])
    assert sorted(await list_entries(store)) == [("4", "hit"), ("4", "hit"), ("9", "label")]
    await store.give_feedback(rounds[0].id, "ada", "7")  # the curator's label stays
    doubts = [Doubt(round=round_.id, label="4", seen="9", why="It looks like a 9.") for round_ in rounds]
    await store.quarantine.replace(doubts, MONDAY)
    await store.quarantine.decide(rounds[1].id, "")
    await store.quarantine.decide(rounds[2].id, "7")
    assert sorted(await list_entries(store)) == [("7", "label"), ("9", "label")]


async def test_a_hand_is_made_of_what_was_drawn_before(store: Store) -> None:
    teaching = [
        a_hit(),
        a_hit(mode="duel", target="5"),
        a_round(source="draw", label="6"),
        a_hit(outcome="skip", target="3", label="3"),
        a_hit(target="1", label="7"),
    ]
    others = [
        a_hit(outcome="skip"),
        a_hit(outcome="timeout"),
        a_hit(mode="keys"),
        a_hit(flag="rude"),
        a_hit(drawing=None),
        a_round(source="upload", drawing=None, label="6"),
        a_round(source="synthetic", label="6"),
        a_round(source="draw"),
        a_hit(player="bob"),
    ]
    await store.add_rounds([*teaching, *others])
    expected = [("7", "label"), ("3", "label"), ("6", "label"), ("5", "hit"), ("4", "hit")]
    assert await list_entries(store) == expected
    await store.import_rounds([a_hit(target="8"), a_hit(target="9", outcome="skip"), a_hit(player="eve")])
    assert await list_entries(store) == [("8", "hit"), *expected]
    assert await list_entries(store, "eve") == [("4", "hit")]
    assert await list_entries(store, "nobody") == []


async def test_what_is_forgotten_does_not_come_back(store: Store) -> None:
    rounds = [a_hit(target=target) for target in "445566"]
    await store.add_rounds(rounds)
    assert await store.hands.forget_round("bob", rounds[0].id) == 0
    assert await store.hands.forget_round("ada", "no id") == 0
    assert await store.hands.forget_round("ada", rounds[0].id) == 1
    assert await store.hands.forget_round("ada", rounds[0].id) == 0
    assert await store.hands.forget_character("ada", "5") == 2
    assert sorted(await list_entries(store)) == [("4", "hit"), ("6", "hit"), ("6", "hit")]
    assert await store.hands.forget_all("ada") == 3
    assert await list_entries(store) == []
    assert len([round_ async for round_ in store.read_rounds("ada")]) == 6


async def test_a_hand_that_is_off_learns_nothing_and_forgets_nothing(store: Store) -> None:
    running = await start_game(store)
    await store.running_games.add_round(a_hit(), running, HIT)
    await store.hands.switch("ada", is_on=False)
    assert await store.running_games.add_round(a_hit(), running, HIT) == (False, 3)
    drawn = a_round(source="draw")
    await store.add_round(drawn)
    await store.give_feedback(drawn.id, "ada", "9")
    assert (await store.hands.load("ada")).state.is_on is False
    assert await list_entries(store) == [("4", "hit")]
    assert not await store.hands.is_remembered(drawn.id)
    await store.hands.switch("ada", is_on=True)
    await store.give_feedback(drawn.id, "ada", "9")
    assert await list_entries(store) == [("9", "label"), ("4", "hit")]
    assert await store.hands.is_remembered(drawn.id)
    await store.hands.switch("new", is_on=False)
    assert not (await store.hands.read("new", "m1")).is_on


async def test_a_deleted_player_has_no_hand(store: Store) -> None:
    running = await start_game(store)
    for player in ("ada", "bob"):
        await store.add_rounds([a_hit(player=player), a_hit(player=player)])
        await list_entries(store, player)
    await store.hands.switch("ada", is_on=False)
    await store.delete_player("ada")
    with pytest.raises(PlayerDeleted):
        await store.running_games.add_round(a_hit(), running, HIT)
    with pytest.raises(PlayerDeleted):
        await store.hands.switch("ada", is_on=True)
    assert await store.hands.forget_all("ada") == 0
    assert await list_entries(store) == []
    assert len(await list_entries(store, "bob")) == 2
    (players,) = await store.database.read(
        lambda connection: connection.execute("SELECT count(*) FROM hands").fetchone()
    )
    assert players == 1


async def test_features_of_a_new_model_replace_the_old_ones(store: Store) -> None:
    rounds = [a_hit(), a_round(source="draw", label="9"), a_hit(drawing=None)]
    await store.add_rounds(rounds)
    entries = (await store.hands.load("ada")).entries
    assert [(entry.model, entry.features) for entry in entries] == [(None, None)] * 2
    drawings = await store.hands.read_drawings([*(round_.id for round_ in rounds), "gone"])
    assert drawings == {round_.id: round_.drawing for round_ in rounds[:2]}
    seen = {(rounds[0].id, "4"): b"x", (rounds[1].id, "9"): None}
    for player in ("bob", "ada"):
        assert await store.hands.save_features(player, "m2", seen) is None
        features = {
            entry.round: (entry.model, entry.features) for entry in (await store.hands.load("ada")).entries
        }
        is_own = player == "ada"
        assert features[rounds[0].id] == (("m2", b"x") if is_own else (None, None))
    assert (await store.hands.read("ada", "m2")).waiting == 0
    state = await store.hands.save_features("ada", "m2", {}, [(rounds[0].id, "4")])
    assert state == (True, 2)
    assert await list_entries(store) == [("9", "label")]


async def test_a_label_that_changes_while_a_model_looks_is_looked_at_again(store: Store) -> None:
    rounds = [a_round(source="draw"), a_round(source="draw")]
    await store.add_rounds(rounds)
    for label in "49":
        for round_ in rounds:
            await store.give_feedback(round_.id, "ada", label)
    await store.hands.save_features("ada", "m1", {(rounds[0].id, "4"): b"x"}, [(rounds[1].id, "4")])
    entries = (await store.hands.load("ada")).entries
    assert [(entry.label, entry.model, entry.features) for entry in entries] == [("9", None, None)] * 2
    await store.hands.save_features("ada", "m1", {(rounds[0].id, "9"): b"x"}, [(rounds[1].id, "9")])
    entries = (await store.hands.load("ada")).entries
    assert [(entry.label, entry.model, entry.features) for entry in entries] == [("9", "m1", b"x")]


async def test_drawings_that_no_model_has_looked_at_push_out_no_others(store: Store) -> None:
    running = await start_game(store)
    hits = [a_hit(game=running.game, number=number) for number in range(MOST_PER_LABEL)]
    for round_ in hits:
        await store.running_games.add_round(round_, running, HIT)
    drawn = [a_round(source="draw") for _ in range(MOST_PER_LABEL + 2)]
    await store.add_rounds(drawn)
    for round_ in drawn:
        await store.give_feedback(round_.id, "ada", "4")
    assert await list_entries(store) == [("4", "label")] * MOST_PER_LABEL + [("4", "hit")] * MOST_PER_LABEL
    unfit = [(round_.id, "4") for round_ in drawn[:-1]]
    await store.hands.save_features("ada", "m1", {(drawn[-1].id, "4"): b"x"}, unfit)
    expected = [drawn[-1].id, *(round_.id for round_ in reversed(hits[1:]))]
    assert [entry.round for entry in (await store.hands.load("ada")).entries] == expected


async def test_two_processes_make_and_fill_the_same_hand(store: Store) -> None:
    await store.add_rounds(a_hit() for _ in range(3))
    running = await start_game(store)
    other = await open_store(get_url(store))
    try:
        stores = (store, other)
        await asyncio.gather(*(each.hands.load("ada") for each in stores * 4))
        assert await store.hands.read_version("ada") == 1
        states = await asyncio.gather(
            *(
                stores[number % 2].running_games.add_round(a_hit(number=number), running, HIT)
                for number in range(2 * MOST_PER_LABEL)
            )
        )
        assert sorted(state.version for state in states if state) == list(range(2, 2 + 2 * MOST_PER_LABEL))
        models = [entry.model for entry in (await other.hands.load("ada")).entries]
        assert models == ["m1"] * MOST_PER_LABEL + [None] * 3
    finally:
        await other.close()


async def test_a_deletion_that_meets_labels_and_hits_leaves_nothing(store: Store) -> None:
    rounds = [a_round(source="draw") for _ in range(20)]
    await store.add_rounds(rounds)
    running = await start_game(store)
    await asyncio.gather(
        *(store.give_feedback(round_.id, "ada", "4") for round_ in rounds[:10]),
        *(store.running_games.add_round(a_hit(), running, HIT) for _ in range(10)),
        store.delete_player("ada"),
        *(store.give_feedback(round_.id, "ada", "4") for round_ in rounds[10:]),
        *(store.hands.forget_all("ada") for _ in range(3)),
        return_exceptions=True,
    )
    counts = await store.database.read(
        lambda connection: connection.execute(
            "SELECT (SELECT count(*) FROM hands), (SELECT count(*) FROM hand_drawings), "
            "(SELECT count(*) FROM rounds), (SELECT count(*) FROM players)"
        ).fetchone()
    )
    assert tuple(counts) == (0, 0, 0, 0)
