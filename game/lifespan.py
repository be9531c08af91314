"""Opens what the server needs before its first request, and closes it after the last one."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Final

from feedback.cookie_keys import ALIVE_SECONDS, find_server_with_other_key, hash_key
from feedback.engines import is_postgresql, open_notifications, open_shared_counts
from feedback.errors import StoreError
from feedback.ids import make_id
from feedback.sheet.mirror import Mirror
from feedback.store import Store, open_store
from game import metrics
from game.inference.current_model import CurrentModel
from game.inference.live import LiveRecognizer
from game.inference.player_hands import PlayerHands
from game.inference.worker_pool import WorkerPool
from game.play.clock import read_monotonic_ms
from game.play.heartbeat import Heartbeat
from game.play.opener import GameOpener
from game.play.rate_limit import AddressLimit, CallLimits
from game.play.registry import GameRegistry
from game.play.rooms import Rooms
from game.play.shared_limits import SharedLimits
from game.rules import tuning
from game.secret import FILE, SecretError, load_secret
from game.services import Services
from game.settings import Settings, show_value
from game.web.players import make_signer
from recognition.model.registry import ModelRegistry

_DRAWING_THREADS: Final = 2
_HEAVY_THREADS: Final = 1  # explanations and pictures leave the cores to games, and pictures take much memory
_WAITING: Final = 128
_WAITING_PER_ADDRESS: Final = 64  # a class of 60 that starts together


class UnusableFolder(Exception):
    """The folder INKRUSH_VAR cannot be made. The message says why."""


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[Services]:
    """Open everything that serving needs, and close it in the opposite order.

    Raises:
        UnusableFolder: if the folder INKRUSH_VAR cannot be made.
        SecretError: if the secret key cannot be stored there, or another server of the database has another.
        UnfitModel: if the bundled model cannot be loaded.
        StoreError: if the store cannot be opened, or is damaged.
    """
    async with AsyncExitStack() as stack:
        _make_folder(settings.var)
        secret = settings.secret_key or load_secret(settings.var)
        cookie_signer = make_signer(secret)
        model_registry = ModelRegistry(settings.models)
        store = await open_store(settings.database_url)
        stack.push_async_callback(store.close)
        # Both take a while, and neither needs the other.
        current_model, _ = await asyncio.gather(
            asyncio.to_thread(CurrentModel, model_registry), store.require_sound()
        )
        following = asyncio.create_task(current_model.follow())
        stack.callback(following.cancel)
        await store.finish_deletions()
        live_recognizer = LiveRecognizer(current_model)
        stack.callback(live_recognizer.close)
        drawings = _start_pool(stack, "drawings", _DRAWING_THREADS)
        explanations = _start_pool(stack, "explanations", _HEAVY_THREADS)
        pictures = _start_pool(stack, "pictures", _HEAVY_THREADS)
        mirror = _start_mirror(stack, store, settings)
        server, process = make_id(), f"{socket.gethostname()}/{os.getpid()}"
        if is_postgresql(settings.database_url):  # an SQLite file has one server only
            await _require_same_key(store, server, process, secret)
        notifications = open_notifications(settings.database_url, server, metrics.count_notifications)
        rooms = Rooms(server, store, notifications, read_monotonic_ms)
        hands = PlayerHands(store, current_model, drawings, notifications)
        stack.push_async_callback(hands.close)
        opener = GameOpener(server, store, live_recognizer, read_monotonic_ms, secret, rooms, hands)
        games = GameRegistry(opener, rooms)
        await _start_heartbeat(stack, server, process, store, games)
        _run(stack, notifications.run())
        _run(stack, rooms.run())
        _run(stack, hands.run())
        stack.push_async_callback(rooms.close)
        limits = _open_limits(stack, server, settings.database_url, secret)
        yield Services(
            settings=settings,
            cookie_signer=cookie_signer,
            model_registry=model_registry,
            current_model=current_model,
            store=store,
            live_recognizer=live_recognizer,
            hands=hands,
            games=games,
            limits=limits,
            refusals=AddressLimit(tuning.REFUSALS_PER_ADDRESS),
            drawings=drawings,
            explanations=explanations,
            pictures=pictures,
            mirror=mirror,
        )


async def _require_same_key(store: Store, server: str, process: str, secret: str) -> None:
    """Return if all servers that use the same database have the same key.

    Raises:
        SecretError: if one has another.
    """
    key = await asyncio.to_thread(hash_key, secret)
    other = await find_server_with_other_key(store.database, server, process, key)
    if other is not None:
        await store.running_games.delete_server(server)
        raise SecretError(
            f"The server {other} uses the same database with another secret key, so it does not know the players "
            f"of this one. Set INKRUSH_SECRET_KEY to one key for all servers, such as what {FILE} in the folder "
            f"INKRUSH_VAR of that server contains. If it has ended, start this one again in {ALIVE_SECONDS} s."
        )


async def _start_heartbeat(
    stack: AsyncExitStack, server: str, process: str, store: Store, games: GameRegistry
) -> None:
    """Tell the store of this process, now and while it runs. At the end all games are stored."""
    heartbeat = Heartbeat(server, process, store, games)
    await heartbeat.beat()
    beating = asyncio.create_task(heartbeat.run())

    async def stop() -> None:
        await games.drain()
        await _cancel(beating)
        with suppress(StoreError):
            await store.running_games.delete_server(server)

    stack.push_async_callback(stop)


def _open_limits(stack: AsyncExitStack, server: str, database_url: str, secret: str) -> SharedLimits:
    """Make the limits. They are no longer shared when ``stack`` is closed."""
    counts = open_shared_counts(database_url)
    sockets = AddressLimit(tuning.SOCKETS_PER_ADDRESS)
    limits = SharedLimits(CallLimits(read_monotonic_ms), sockets, counts, server, secret)
    if counts is not None:
        stack.push_async_callback(counts.close)
        stack.push_async_callback(limits.close)
        publishing = asyncio.create_task(limits.run())
        stack.callback(publishing.cancel)
    return limits


def _run(stack: AsyncExitStack, work: Coroutine[Any, Any, None]) -> None:
    """Run something until ``stack`` is closed."""
    stack.push_async_callback(_cancel, asyncio.create_task(work))


def _start_pool(stack: AsyncExitStack, name: str, threads: int) -> WorkerPool:
    """Start a pool of threads. It stops when ``stack`` is closed."""
    pool = WorkerPool(name, threads=threads, waiting=_WAITING, waiting_per_key=_WAITING_PER_ADDRESS)
    stack.callback(pool.close)
    return pool


def _start_mirror(stack: AsyncExitStack, store: Store, settings: Settings) -> Mirror | None:
    """Start the mirror, if there is a Sheet. It stops when ``stack`` is closed."""
    if settings.sheet.spreadsheet is None:
        return None
    mirror = Mirror(store, settings.sheet)
    _run(stack, mirror.run())
    return mirror


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnusableFolder(f"The folder {show_value(folder)} cannot be made: {error.strerror}.") from error
