"""Every number that shapes a game, in one place. Times are in milliseconds unless the name says otherwise."""

from __future__ import annotations

from typing import Final, NamedTuple

from feedback import drawing

_DAY_SECONDS: Final = 24 * 60 * 60


class Rate(NamedTuple):
    """How many calls at once, and how many a second after that."""

    at_once: int
    per_second: float


class CallLimit(NamedTuple):
    """A limit of HTTP calls.

    Attributes:
        name: what is counted, in the plural, for people.
        player, address: the limit of each.
        is_shared: whether it holds over all workers together, and not for each.
    """

    name: str
    player: Rate
    address: Rate
    is_shared: bool = True


def limit_address(name: str, rate: Rate) -> CallLimit:
    """Return a limit that each worker counts for itself, before it knows which player calls."""
    return CallLimit(name, player=rate, address=rate, is_shared=False)


# The clock of a sprint.
DURATION_MS: Final = 60_000
"""Time on the clock at the start, and the most that it ever shows."""
COUNTDOWN_MS: Final = 3_000
"""The countdown of a game that asks for one, and of every room."""
LONGEST_MS: Final = 120_000
"""The most that the time at the start and all bonuses can add up to."""
LONGEST_PLAY_MS: Final = 240_000
"""The most that a game with a clock takes in all: the rounds, and the pauses between them.

The clock stands still from the last point of a hit to the next prompt, while the pen rests, the model looks and
the round is stored. A client that sends finished drawings spends almost all its time there: without this limit, a
sprint with 120 s on its clock took 400 s.

Honest games do not reach it. A pause counts for at most `COUNTED_PAUSE_MS`, so it would take 240 rounds within
120 s on the clock, half a second each. The wait for a failing store counts no more than that either."""
COUNTED_PAUSE_MS: Final = 500
"""The most that one pause between two rounds counts. A longer one is the server's fault: a hit takes 0.3 s at
most."""
MOST_ROUNDS: Final = 1_000
"""Rounds of a game, after which it ends: practice has no clock, and a running game is in memory."""
SKIP_COST_MS: Final = 3_000
"""Time that a skip takes off the clock."""
EXTRA_TIME: Final = 2
"""How many times as long as a sprint a game with extra time is. Its points fade as much more slowly."""
KEYS_TIME: Final = 4
"""The same for a game that is played with the arrow keys: a digit takes 20 to 40 presses."""

# Rooms.
DUEL_SEATS: Final = 10
CLASS_SEATS: Final = 60
SHORTEST_ROOM_MS: Final = 30_000
LONGEST_ROOM_MS: Final = 300_000
RIVAL_POINTS: Final = 64
"""Points of a drawing that others see live."""
ROOM_WATCHERS: Final = 120
"""Clients at one server that watch a room without a seat."""
LOBBY_SECONDS: Final = 60.0
"""How long a room's game that has not started stays in memory without its player. They can come back later too."""
WAITING_ROOM_DAYS: Final = 1
"""How long a room is kept that nobody starts, after its last change."""
ROOM_DAYS: Final = 30
"""How long a room that was played, and its report, are kept after its last change."""

# Later prompts of a sprint.
SLOW_TARGETS_AFTER_MS: Final = 60_000
"""Time of all rounds together, after which the targets that the player is slow at come more often."""
SLOW_TARGETS_SHARE: Final = 0.5
"""How many of these later prompts are such targets."""

REPORT_DRAWINGS: Final = 12
"""Drawings of each player in the report on a room, of those that were not understood. The report on a class of 60
stays below a megabyte; the games have all drawings."""
REPORT_POINTS: Final = 32
"""Points of each of them."""

HAND_POINTS: Final = 32
"""Points of each drawing on the page of what was learned from a player. With all 62 characters it stays below
200 kB."""

GALLERY_DRAWINGS: Final = {"duel": 40, "class": 8}
"""Drawings of each player in the gallery of a room. That of a class of 60 stays below 200 kB."""

# Scoring.
ACCEPT_RESTING: Final = 0.3
"""How probable the target and its look-alikes together must be for a hit once the pen rests. While it still draws,
or when it is lifted, the model's card says how sure the model must be of each character, because many begin like
another character.

Of people's hits, 0 to 1.5 % are read as another character that is a little more probable. Refusing these would
refuse 30 drawings of the right character for each drawing of another one, even if people drew another one every
second time. So they are taken, and the page tells what they look like."""
LEAST_PLAUSIBILITY: Final = 0.01
"""How probable the alphabet in play must be as a whole, among all 62 characters: a W is hardly ever read as a
digit."""
LEAST_SHARED: Final = 0.01
"""How probable a character and its look-alikes must be for the model alone, where only the player's hand makes a
drawing a hit, and where a drawing is to be remembered.

Of people's own drawings, 0.8 % are below it. They are a quarter of those that are read wrong, and a hand gains as
much without them. Of drawings with a wrong label, 98 % are below it."""
LEAST_EXTENT_BY_HAND: Final = 102
"""Longer side of the smallest drawing that the hand may make a hit: a tenth of the square. A dot is smaller."""
REST_MS: Final = 250
"""Time without new points after which the pen counts as resting: how long a hit waits where people often go on."""
LEAST_EXTENT: Final = 29
"""Longer side, on the 0-1023 square, of the smallest drawing that counts: a tap or a slip of the pen does not. The
page's pad shows 608 of the 1,024 units, so this is 5 % of its width."""
BASE_POINTS: Final = 10
"""Points of every hit."""
FADING_POINTS: Final = 90
"""Extra points for an instant hit; they fade as the round goes on."""
FADING_HALF_LIFE_MS: Final = 3_000
"""Time in which the extra points fall to half."""
COMBO_BONUS_MS: Final = ((5, 3_000), (12, 5_000), (20, 7_000), (30, 10_000))
"""Hits in a row, and the time that they add to the clock."""
COMBO_BONUS_EVERY: Final = 10
"""After the last of these, every so many further hits in a row add the last bonus again."""

# The card of a game.
CARD_STEPS_MS: Final = (1_500, 3_000)
"""From each of these times on, the square of a hit is one step darker."""

# The leaderboards.
LEAST_RANKED_HITS: Final = 5
"""Hits of a game that is ranked."""
LEAST_RANKED_MS: Final = 1_500
"""Time that they take together at least. A fast hand needs about 3 seconds for five characters, reading included,
and needed 1.7 seconds for the fastest five in 110,000."""

# Guessing.
CANDIDATES: Final = 3
"""Candidates shown while drawing."""
LEAST_LIKELY: Final = 0.5
"""How probable the best candidate and its look-alikes must be for the guess to be told: as likely as all others
together. Of finished drawings, 98 to 100 % are; of their first halves, 67 to 83 %; of scribbles, two thirds."""
CANDIDATES_STORED: Final = 5
"""Candidates stored with a round."""
GUESS_PATIENCE_MS: Final = 1_000
"""How long a round that has ended waits for the guess on what was drawn before its end."""

# Limits of a drawing, as `feedback.drawing` defines and explains them.
LAST_COORDINATE: Final = drawing.LAST_COORDINATE
MAX_POINTS: Final = drawing.MAX_POINTS
MAX_STROKES: Final = drawing.MAX_STROKES
LONGEST_PAUSE_MS: Final = drawing.LONGEST_PAUSE_MS

# Limits of a player's name.
NAME_GRAPHEMES: Final = 20
NAME_CODE_POINTS: Final = 80
"""A grapheme can stack any number of marks, so code points are limited as well."""

# Limits of a connection.
MESSAGE_BYTES: Final = 8 * 1024
MESSAGES_AT_ONCE: Final = 40
MESSAGES_PER_SECOND: Final = 25
SKIPS: Final = Rate(40, 2)
"""Skips of a connection. Each is a stored round, and nobody looks at more characters a second than that."""
BAD_MESSAGES: Final = 20
"""The connection is closed after this many messages that cannot be understood."""
MESSAGES_AFTER_OVER: Final = 3
"""The connection is closed after this many messages that come after the end of the game."""
SOCKETS_PER_ADDRESS: Final = 1_024
"""Generous, since a whole school may share an address."""
CONNECTIONS_PER_ADDRESS: Final = 2_048
"""A browser opens up to six beside the play socket. An idle one takes about 30 kB, for 5 seconds."""
CONNECTIONS: Final = limit_address("connections", Rate(2_048, 200))
"""New connections. A program without keep-alive opens one for each call."""

# Limits of HTTP calls. Those of an address are for a class of 60 behind one address, all of them busy.
REQUESTS: Final = limit_address("requests", Rate(2_400, 200))
"""All requests of an address: pages, their files, and calls. A page with its files takes about 30."""
HANDSHAKES: Final = limit_address("games", Rate(1_024, 20))
"""Play sockets opened by an address, which may each start a game."""
READS: Final = CallLimit("requests", player=Rate(60, 10), address=Rate(2_400, 150), is_shared=False)
"""Calls that store nothing. The draw page asks a few times a second while somebody draws. Each worker has this
limit for itself: to ask the others would cost more than the call."""
STORES: Final = CallLimit("drawings or labels", player=Rate(30, 1), address=Rate(150, 20))
"""Calls that write. Nobody draws more than one character a second for long. A class may make two each at once."""
HEAVY: Final = CallLimit("explanations, pictures or downloads", player=Rate(20, 0.5), address=Rate(90, 5))
"""Calls that take tens or hundreds of milliseconds of a core, such as the download of all of a player's rounds. A
class may make one each at once."""
LINKS: Final = CallLimit("codes for another device", player=Rate(6, 1 / 60), address=Rate(60, 0.2))
"""Codes that carry a player to another device."""
LINK_MINUTES: Final = 10
"""How long such a code is good."""
CLAIMS: Final = CallLimit("tries of a code", player=Rate(10, 1 / 30), address=Rate(60, 0.2))
"""Calls that take such a code. A class may move to other devices at once."""
ALL_CLAIMS: Final = CallLimit("tries of a code by everybody", player=Rate(600, 5), address=Rate(600, 5))
"""The same, of all addresses together: about 3,600 tries while a code is good. With 10,000 codes at a time, the
chance that one of these tries hits any of 20**12 possible codes is about 1 in 100 million."""
NEW_ROOMS: Final = CallLimit("rooms", player=Rate(10, 1 / 60), address=Rate(60, 0.2))
"""Rooms that are opened. The teachers of a school may open one each at once, and so may a class its duels."""
ROOM_READS: Final = CallLimit("looks at rooms", player=Rate(30, 2), address=Rate(2_400, 150), is_shared=False)
"""A page looks every three seconds while its player chooses a name, and so may all the classes of a school."""
ROOM_TRIES: Final = CallLimit("codes without a room", player=Rate(30, 0.5), address=Rate(240, 2), is_shared=False)
"""Codes that no room has. Few enough that trying codes finds none: there are 3.2 million codes."""
NEWCOMERS: Final = limit_address("new players", Rate(120, 0.5))
"""Games of ranked modes that players without a place on a leaderboard begin. More of them are played but not
ranked, because a program that drops its cookie is a new player each time. A class of 60 may begin twice."""
STORED_A_DAY: Final = CallLimit(
    "stored drawings a day",
    player=Rate(1_000, 1_000 / _DAY_SECONDS),
    address=Rate(20_000, 20_000 / _DAY_SECONDS),
)
"""Rounds stored outside of games. One takes about 3 kB of disk, so an address fills about 60 MB a day."""
CLIENTS_KNOWN: Final = 50_000
"""How many token buckets are kept in memory, for all limits together: about 20 MB."""
REFUSAL_SECONDS: Final = 0.5
"""How long a refused call waits for its answer, so that a client that repeats it at once costs little."""
REFUSALS_PER_SECOND: Final = 100
"""How many refused calls of an address are answered a second: with more, each waits longer."""
REFUSALS_PER_ADDRESS: Final = 256
"""How many refused calls of an address wait at a time. Others are refused at once and lose their connection."""
BODY_SECONDS: Final = 10.0
"""How long a body may take to arrive, and a second more for each of `BODY_BYTES_PER_SECOND`."""
BODY_BYTES_PER_SECOND: Final = 16 * 1024
"""A slow mobile connection sends twice as much."""
DISCARD_SECONDS: Final = 10.0
"""How long the rest of a refused body is read and thrown away, so that the client sees the reason."""

# How long to wait for the client.
JOIN_SECONDS: Final = 10.0
"""From the opening of a socket to the join."""
SILENCE_SECONDS: Final = 15.0
"""Between two messages; clients ping more often than this."""
SEND_SECONDS: Final = 2.0
"""For one message to be handed to the network."""
LINGER_SECONDS: Final = 1.0
"""How long a closed connection is still read, so that its client sees the close."""
SEAT_SECONDS: Final = 15.0
"""How long a game waits for a player whose connection was lost, or for all players after a restart."""

# How long to wait for the store.
SAVE_SECONDS: Final = 2.0
"""For a game's state to be stored where the game can go on without it."""
STORE_SECONDS: Final = 30.0
"""How long a game waits for a failing store before the game is given up."""
STORE_RETRY_SECONDS: Final = (0.1, 2.0)
"""The first wait between two tries, and the longest."""
DRAIN_SECONDS: Final = 8.0
"""How long a stopping server waits for its games to be stored."""
GOODBYE_SECONDS: Final = 5.0
"""How long it then waits for the sockets to close: longer than a send and a linger together."""

# The model.
MODEL_SECONDS: Final = 1.0
"""How often a running server checks whether another model was promoted."""
