"""A player who deletes everything while a game runs: it ends, and nothing of it is kept."""

from __future__ import annotations

from werkzeug.datastructures import Headers

from game.play.protocol import Close
from game.web.players import read_player
from tests.game.hosting import Client, Host, open_client
from tests.strokes import Samples


def player_of(host: Host, client: Client) -> str:
    return read_player(host.services.cookie_signer, Headers({"Cookie": client.cookie})).id


async def test_a_deleted_players_game_ends_with_a_reason_and_is_not_stored(
    host: Host, client: Client, samples: Samples
) -> None:
    async with await open_client(host) as other:
        await other.join()
        welcome = await client.join(name="Ada")
        await client.ink(1, samples.get(welcome["prompt"]["target"])[0].place())
        await client.next("verdict")
        player = player_of(host, client)

        deleted = await host.services.store.delete_player(player)
        assert (deleted.rounds, deleted.games) == (1, 1)
        host.services.games.end_games_of(player)

        assert await client.refusal() == "player_deleted"
        assert await client.closed() == Close.DELETED
        assert await host.services.store.get_game(welcome["game"]) is None
        counts = await host.services.store.read_counts()
        assert (counts.rounds, counts.games, counts.players) == (0, 0, 1)
        await other.send(type="ping", nonce=1)
        assert (await other.next("pong"))["nonce"] == 1


async def test_a_game_of_another_process_ends_with_its_next_round(host: Host, client: Client) -> None:
    await client.join()
    await host.services.store.delete_player(player_of(host, client))
    await client.send(type="skip", round=1)
    assert await client.refusal() == "player_deleted"
    assert await client.closed() == Close.DELETED
    assert (await host.services.store.read_counts()).rounds == 0


async def test_a_deleted_player_who_comes_back_is_told(host: Host, client: Client) -> None:
    await client.join()
    player = player_of(host, client)
    await host.services.store.delete_player(player)
    host.services.games.end_games_of(player)
    await client.closed()
    async with await open_client(host, cookie=client.cookie) as again:
        await again.send(type="join", mode="sprint", alphabet="digits")
        assert await again.refusal() == "player_deleted"
