"""Opens what the server needs before its first request, and closes it after the last one."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Final

from feedback.engines import open_shared_counts
from feedback.errors import StoreError
from feedback.ids import make_id
from feedback.sheet.mirror import Mirror
from feedback.store import Store, open_store
from game.inference.current_model import CurrentModel
from game.inference.live import LiveRecognizer
from game.inference.worker_pool import WorkerPool
from game.play.clock import read_monotonic_ms
from game.play.heartbeat import Heartbeat
from game.play.opener import GameOpener
from game.play.rate_limit import AddressLimit, CallLimits
from game.play.registry import GameRegistry
from game.play.shared_limits import SharedLimits
from game.rules import tuning
from game.secret import load_secret
from game.services import Services
from game.settings import Settings, show_value
from game.web.players import make_signer
from recognition.model.registry import ModelRegistry

_CORES: Final = os.cpu_count() or 1
_GUESSING_THREADS: Final = max(2, _CORES)
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
        SecretError: if the secret key cannot be stored there.
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
        live_recognizer = LiveRecognizer(current_model, _GUESSING_THREADS)
        stack.callback(live_recognizer.close)
        drawings = _start_pool(stack, "drawings", _DRAWING_THREADS)
        explanations = _start_pool(stack, "explanations", _HEAVY_THREADS)
        pictures = _start_pool(stack, "pictures", _HEAVY_THREADS)
        mirror = _start_mirror(stack, store, settings)
        server = make_id()
        games = await _open_registry(stack, server, store, live_recognizer)
        limits = _open_limits(stack, server, settings.database_url, secret)
        yield Services(
            settings=settings,
            cookie_signer=cookie_signer,
            model_registry=model_registry,
            current_model=current_model,
            store=store,
            live_recognizer=live_recognizer,
            games=games,
            limits=limits,
            refusals=AddressLimit(tuning.REFUSALS_PER_ADDRESS),
            drawings=drawings,
            explanations=explanations,
            pictures=pictures,
            mirror=mirror,
        )


async def _open_registry(
    stack: AsyncExitStack, server: str, store: Store, recognizer: LiveRecognizer
) -> GameRegistry:
    """Make the game registry, and tell the store of this process. At the end all games are stored."""
    games = GameRegistry(GameOpener(server, store, recognizer, read_monotonic_ms))
    heartbeat = Heartbeat(server, store, games)
    await heartbeat.beat()
    beating = asyncio.create_task(heartbeat.run())

    async def stop() -> None:
        await games.drain()
        await _cancel(beating)
        with suppress(StoreError):
            await store.running_games.delete_server(server)

    stack.push_async_callback(stop)
    return games


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
    running = asyncio.create_task(mirror.run())

    stack.push_async_callback(_cancel, running)
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
