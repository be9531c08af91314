"""The hands of the players who play or draw here: kept in memory, and in step with the store and the model.

The features in a hand belong to one model. When another model comes into service, it looks at the drawings of each
hand that is used here, a few at a time. Until that is done, a hand counts as far as it has been looked at.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple
from weakref import WeakValueDictionary

from feedback.errors import StoreError
from feedback.hands import KNOWN_FROM, HandEntry, StoredHand
from feedback.notifications import Notifications
from feedback.records import Drawing
from feedback.remembering import MOST_PER_LABEL, HandState
from feedback.store import Store
from game.inference.current_model import CurrentModel
from game.inference.worker_pool import Busy, WorkerPool
from game.rules.hand import should_remember
from recognition import Prediction, RecognitionError, Recognizer
from recognition.alphabets import find_smallest_alphabet
from recognition.hand import Hand

ChooseHand = Callable[[str], Hand | None]
"""Returns the hand that counts for the model of a version; None if none does."""


def choose_no_hand(_: str) -> None:
    """Choose no hand, whatever the model."""


_SLICE: Final = 8
"""Drawings that are looked at before others get their turn, about 4 ms."""
_SAVED_AT_ONCE: Final = 64
_REST: Final = 3.0
"""How many times as long as it worked the server rests before the next slice, so that nobody who plays notices."""
_PATIENCE_SECONDS: Final = 0.5
"""How long a drawing outside of games waits for the hand. Without the store, it is read without one."""
_RETRY_SECONDS: Final = 1.0
_MOST_RECENT: Final = 64
"""Hands that stay in memory although nobody plays with them, because their players have just drawn something."""
_NEWS: Final = "hand "

_log = logging.getLogger(__name__)


class Look(NamedTuple):
    """What a model sees in the drawing of a round, and whether it is fit to be remembered for its label."""

    round: str
    label: str
    features: bytes | None
    is_fit: bool


class PlayerHand:
    """The hand of one player, shared by all that they do here.

    Args:
        player: the player's id.
        request_look: is called when entries have no features of the model in service.
    """

    def __init__(self, player: str, request_look: Callable[[PlayerHand], None]) -> None:
        self.player: Final = player
        self.changes = 0  # so far, in the store
        self.loading: Final = asyncio.Lock()
        self._seen_changes = -1  # when it was last loaded
        self._request_look = request_look
        self._state = HandState(True, -1)
        self._entries: list[HandEntry] = []
        self._made: dict[bool, Hand] = {}

    @property
    def is_fresh(self) -> bool:
        """Whether it has been loaded, and is not known to have changed since."""
        return self._seen_changes == self.changes

    @property
    def version(self) -> int:
        """The version in the store that this is; -1 before it is loaded."""
        return self._state.version

    @property
    def has_labels(self) -> bool:
        """Whether it learned anything from what people said, and not from hits alone."""
        return any(entry.origin == "label" for entry in self._entries)

    def choose(self, model: str, *, hits_only: bool) -> Hand | None:
        """Return the hand that counts for a model.

        Args:
            model: the version of the model.
            hits_only: leave out what the player's labels have taught.
        """
        if not (self.is_fresh and self._state.is_on and self._entries):
            return None
        hand = self._made.get(hits_only)
        if hand is None or hand.model != model:
            if any(entry.model != model for entry in self._entries):
                self._request_look(self)
            hand = self._made[hits_only] = self._make(model, hits_only=hits_only)
        return hand or None

    def take(self, stored: StoredHand, changes: int) -> None:
        """Take the hand as the store holds it, read after so many ``changes``."""
        self._state, self._entries = stored
        self._made.clear()
        self._seen_changes = changes

    def learn(self, entry: HandEntry, state: HandState) -> bool:
        """Take what a stored round has taught, and return whether its character has become known by that.

        Args:
            entry: what was stored.
            state: of the hand in the store, after that.
        """
        if state.version != self._state.version + 1 or not self.is_fresh:
            self.changes += 1  # something else has changed it, too
            return False
        self._state = state
        if not state.is_on:
            return False
        count = sum(each.label == entry.label for each in self._entries)
        self._entries.insert(0, entry)
        # As the store does, count those apart that no model has looked at.
        rivals = [
            place
            for place, each in enumerate(self._entries)
            if each.label == entry.label and (each.model is None) == (entry.model is None)
        ]
        if len(rivals) > MOST_PER_LABEL:
            del self._entries[rivals[-1]]
        self._made.clear()
        return count == KNOWN_FROM - 1

    def list_unseen(self, model: str) -> list[HandEntry]:
        """Return the entries that a model has not looked at: one of each character first, as these help most."""
        counts: Counter[str] = Counter()
        places = []
        for entry in self._entries:
            places.append((counts[entry.label], entry))
            counts[entry.label] += 1
        unseen = [(place, entry) for place, entry in places if entry.model != model]
        return [entry for _, entry in sorted(unseen, key=lambda pair: pair[0])]

    def take_looks(self, model: str, looks: Iterable[Look]) -> None:
        """Take what a model sees in drawings, and forget the unfit ones. A new label is looked at again."""
        by_key = {(look.round, look.label): look for look in looks}
        entries = []
        for entry in self._entries:
            look = by_key.get((entry.round, entry.label))
            if look is None:
                entries.append(entry)
            elif look.is_fit:
                entries.append(entry._replace(model=model, features=look.features))
        self._entries = entries
        self._made.clear()

    def follow(self, state: HandState) -> None:
        """Note the state of the hand in the store, after a change that was made here, too."""
        if state.version == self._state.version + 1:
            self._state = state
        else:
            self.changes += 1

    def _make(self, model: str, *, hits_only: bool) -> Hand:
        usable = [
            (entry.label, entry.features)
            for entry in self._entries
            if entry.model == model and entry.features and (entry.origin == "hit" or not hits_only)
        ]
        try:
            return Hand(usable, model)
        except ValueError as error:  # a damaged store
            _log.error("The hand of a player cannot be used: %s", error)
            return Hand([], model)


class PlayerHands:
    """The hands of all players here.

    Args:
        store: where they are stored.
        current: the model in service.
        pool: the threads that look at drawings.
        notifications: what servers tell each other.
    """

    def __init__(
        self, store: Store, current: CurrentModel, pool: WorkerPool, notifications: Notifications
    ) -> None:
        self._store = store
        self._current = current
        self._pool = pool
        self._notifications = notifications
        self._hands: WeakValueDictionary[str, PlayerHand] = WeakValueDictionary()
        self._recent: OrderedDict[str, PlayerHand] = OrderedDict()
        self._unseen: dict[PlayerHand, None] = {}  # in the order in which they are looked at
        self._has_unseen = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        store.hands.subscribe(self._tell_change)
        notifications.subscribe(self._hear, self._note_gap)

    async def open(self, player: str) -> PlayerHand:
        """Return the hand of a player, kept in step while the caller holds it. Without the store, it is empty."""
        hand = self._hands.get(player)
        if hand is None:
            hand = self._hands[player] = PlayerHand(player, self._look_later)
        if not hand.is_fresh or hand.loading.locked():
            await self._refresh(hand)
        return hand

    async def open_soon(self, player: str) -> PlayerHand | None:
        """Return the hand of a player who has drawn something outside of a game, as it is in the store.

        Returns:
            the hand; None if the store cannot be read now.
        """
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                hand = self._hands.get(player)
                if hand and hand.is_fresh and await self._store.hands.read_version(player) != hand.version:
                    hand.changes += 1
                hand = await self.open(player)
        except (StoreError, TimeoutError):
            return None
        self._recent[player] = hand
        self._recent.move_to_end(player)
        if len(self._recent) > _MOST_RECENT:
            self._recent.popitem(last=False)
        return hand

    def refresh(self, hand: PlayerHand) -> None:
        """Read a hand again, soon."""
        task = asyncio.create_task(self._refresh(hand))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def run(self) -> None:
        """Look at drawings again for a new model, until cancelled."""
        while True:
            await self._has_unseen.wait()
            self._has_unseen.clear()
            while self._unseen:
                hand = next(iter(self._unseen))
                del self._unseen[hand]
                try:
                    await self._look_again(hand)
                except (StoreError, Busy):
                    self._look_later(hand)
                    await asyncio.sleep(_RETRY_SECONDS)
                except Exception:
                    _log.exception("The hand of a player could not be brought up to date.")

    async def close(self) -> None:
        """Stop reading hands."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _refresh(self, hand: PlayerHand) -> None:
        try:
            async with hand.loading:
                while not hand.is_fresh:
                    changes = hand.changes
                    hand.take(await self._store.hands.load(hand.player), changes)
                # What was said a moment ago counts at once; a new model takes its time.
                recognizer = self._current.recognizer
                if 0 < len(unseen := hand.list_unseen(recognizer.version)) <= _SLICE:
                    await self._save(hand, recognizer.version, await self._look(hand, recognizer, unseen))
        except (StoreError, Busy) as error:
            _log.warning("The hand of a player could not be read: %s", error)

    async def _look_again(self, hand: PlayerHand) -> None:
        """Have the model in service look at all drawings of a hand that it has not seen, with pauses."""
        loop = asyncio.get_running_loop()
        recognizer = self._current.recognizer
        looks: list[Look] = []
        while hand.is_fresh and (unseen := hand.list_unseen(recognizer.version)[:_SLICE]):
            begun = loop.time()
            looks += await self._look(hand, recognizer, unseen)
            await asyncio.sleep(_REST * (loop.time() - begun))
            is_same = recognizer is self._current.recognizer
            if len(looks) >= _SAVED_AT_ONCE or not is_same:
                await self._save(hand, recognizer.version, looks)
                looks = []
            recognizer = self._current.recognizer
        await self._save(hand, recognizer.version, looks)

    async def _look(self, hand: PlayerHand, recognizer: Recognizer, entries: Sequence[HandEntry]) -> list[Look]:
        """Have a model look at drawings. Of new ones with a label, it forgets those that are unfit for it."""
        drawings = await self._store.hands.read_drawings(entry.round for entry in entries)
        predictions = await self._pool.run(
            f"{_NEWS}{hand.player}",
            _recognize_all,
            recognizer,
            [(drawings.get(entry.round), entry.label) for entry in entries],
        )
        looks = [_check(entry, prediction) for entry, prediction in zip(entries, predictions, strict=True)]
        hand.take_looks(recognizer.version, looks)
        return looks

    async def _save(self, hand: PlayerHand, model: str, looks: Iterable[Look]) -> None:
        features = {(look.round, look.label): look.features for look in looks if look.is_fit}
        unfit = [(look.round, look.label) for look in looks if not look.is_fit]
        if features or unfit:
            state = await self._store.hands.save_features(hand.player, model, features, unfit)
            if state is not None:
                hand.follow(state)

    def _look_later(self, hand: PlayerHand) -> None:
        self._unseen[hand] = None
        self._has_unseen.set()

    def _tell_change(self, player: str) -> None:
        self._notifications.publish(f"{_NEWS}{player}")
        self._note_change(player)

    def _hear(self, message: str) -> None:
        if message.startswith(_NEWS):
            self._note_change(message.removeprefix(_NEWS))

    def _note_gap(self) -> None:
        for player in list(self._hands):
            self._note_change(player)

    def _note_change(self, player: str) -> None:
        hand = self._hands.get(player)
        if hand is not None:
            hand.changes += 1
            self.refresh(hand)


def _check(entry: HandEntry, prediction: Prediction | None) -> Look:
    if prediction is None:
        return Look(entry.round, entry.label, None, is_fit=False)
    is_new_label = entry.origin == "label" and entry.model is None
    is_fit = not is_new_label or should_remember(prediction, entry.label)
    return Look(entry.round, entry.label, prediction.features if is_fit else None, is_fit)


def _recognize_all(
    recognizer: Recognizer, drawings: Iterable[tuple[Drawing | None, str]]
) -> list[Prediction | None]:
    """Return what a model sees in drawings, each in the alphabet of its label; None where there is none to see."""
    predictions: list[Prediction | None] = []
    for drawing, label in drawings:
        try:
            strokes = [list(zip(*stroke[:2], strict=True)) for stroke in drawing or ()]
            predictions.append(recognizer.recognize(strokes, find_smallest_alphabet(label)))
        except (RecognitionError, ValueError):  # it is empty or damaged
            predictions.append(None)
    return predictions
