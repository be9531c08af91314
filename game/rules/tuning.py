"""Every number that shapes a game, in one place. Times are in milliseconds unless the name says otherwise."""

from __future__ import annotations

from typing import Final

from feedback import drawing

# The clock of a sprint.
DURATION_MS: Final = 60_000
"""Time on the clock at the start, and the most that it ever shows."""
LONGEST_MS: Final = 120_000
"""The start plus every bonus never add up to more than this."""
SKIP_COST_MS: Final = 3_000
"""Time that a skip takes off the clock."""

# Scoring.
ACCEPT_RESTING: Final = 0.3
"""How probable the target and its look-alikes together must be to count once the pen has rested. While ink
still comes the model's card says how sure one must be of which character, since many begin as another one."""
LEAST_PLAUSIBILITY: Final = 0.01
"""How probable, among all 62, the characters of the alphabet in play must be together: a W is no 9."""
REST_MS: Final = 250
"""Time without new ink after which the pen rests."""
LEAST_EXTENT: Final = 48
"""Longer side, on the 0-1023 square, of what counts as drawn: a tap or a slip of the pen is no character."""
BASE_POINTS: Final = 10
"""Points of every hit."""
FADING_POINTS: Final = 90
"""Points on top for a hit at once; they fade as the round goes on."""
FADING_HALF_LIFE_MS: Final = 3_000
"""Time in which the points on top fall to half."""
COMBO_BONUS_MS: Final = ((5, 3_000), (12, 5_000), (20, 7_000), (30, 10_000))
"""Hits in a row, and the time they put on the clock."""
COMBO_BONUS_EVERY: Final = 10
"""Beyond the last of these, every so many hits give the last bonus again."""

# Guessing.
CANDIDATES: Final = 3
"""Candidates shown while drawing."""
CANDIDATES_STORED: Final = 5
"""Candidates kept with a round."""
GUESS_PATIENCE_MS: Final = 1_000
"""How long a round that has ended waits for the guess on the ink that came before its end."""

# Limits of a drawing; `feedback.drawing`, which stores it, explains and sets them.
LAST_COORDINATE: Final = drawing.LAST_COORDINATE
MAX_POINTS: Final = drawing.MAX_POINTS
MAX_STROKES: Final = drawing.MAX_STROKES
LONGEST_PAUSE_MS: Final = drawing.LONGEST_PAUSE_MS

# Limits of a player's name.
NAME_GRAPHEMES: Final = 20
NAME_CODE_POINTS: Final = 80
"""A grapheme may stack any number of marks, so these are limited as well."""

# Limits of a connection.
MESSAGE_BYTES: Final = 8 * 1024
MESSAGES_AT_ONCE: Final = 40
MESSAGES_PER_SECOND: Final = 25
BAD_MESSAGES: Final = 20
"""Messages that cannot be understood, after which the connection is closed."""
MESSAGES_AFTER_OVER: Final = 3
"""Messages after the end of a game, after which the connection is closed."""
SOCKETS_PER_ADDRESS: Final = 256
"""Generous, since a whole school may share an address."""

# Patience with the other side.
JOIN_SECONDS: Final = 10.0
SILENCE_SECONDS: Final = 15.0
SEND_SECONDS: Final = 2.0
LINGER_SECONDS: Final = 1.0
"""How long a closed connection is read on, for its client to see the close."""
SEAT_SECONDS: Final = 15.0
"""How long a game waits for a player whose connection was lost."""

# Patience with the store.
STORE_SECONDS: Final = 30.0
"""How long a game waits for a store that fails, before it is given up."""
STORE_RETRY_SECONDS: Final = (0.1, 2.0)
"""The first wait between two tries, and the longest."""
DRAIN_SECONDS: Final = 8.0
"""How long a server that is stopped waits for its games to be stored."""
GOODBYE_SECONDS: Final = 5.0
"""How long it waits for the sockets to close after that: longer than a send and a linger together."""

# The model.
MODEL_SECONDS: Final = 1.0
"""How long until a running server looks again whether another model was promoted."""
