"""The name of a player who chose none: an adjective and an animal."""

from __future__ import annotations

import hashlib
from typing import Final

# Weather, seasons, moods and pastimes: nothing about bodies, colors, origins or minds, nothing that is an insult
# in another large language, nothing suggestive beside one of the animals. A change of either list renames most
# players.
_ADJECTIVES: Final = """
Autumn Breezy Brisk Calm Carefree Careful Caring Cheerful Cheery Cloudy Coastal Cordial Courteous Cozy Curious
Dancing Daring Diligent Evening Festive Friendly Frosty Gallant Generous Gentle Genuine Gliding Glowing Graceful
Grateful Happy Helpful Hiking Honest Hopeful Humming Jaunty Jolly Jovial Joyful Juggling Kind Lively Loyal Lucky
Lunar Mellow Merry Misty Modest Moonlit Morning Musical Nimble Noble Painting Patient Peaceful Plucky Polite
Punctual Quiet Rainy Reading Roaming Sailing Serene Shining Singing Skating Sketching Snowy Solar Sparkling
Spirited Spring Starry Steady Stellar Summer Sunday Sunlit Sunny Swift Thankful Tidy Valiant Whistling Windy
Winter Writing
"""
_ANIMALS: Final = """
Antelope Avocet Badger Beetle Bison Capybara Caribou Cricket Curlew Dolphin Dormouse Egret Elk Falcon Finch
Firefly Fox Gazelle Gecko Giraffe Hawk Hedgehog Heron Ibex Ibis Iguana Impala Jackdaw Jaguar Kestrel Koala Ladybug
Lark Leopard Lion Lynx Magpie Mantis Marlin Marmot Marten Narwhal Nautilus Newt Ocelot Octopus Okapi Oriole Osprey
Otter Parrot Pelican Penguin Platypus Plover Puffin Puma Quokka Reindeer Robin Salmon Seahorse Seal Squid Squirrel
Stork Tapir Tiger Toucan Wallaby Wolf Wombat Wren Yak
"""
ADJECTIVES: Final = tuple(_ADJECTIVES.split())
ANIMALS: Final = tuple(_ANIMALS.split())


def generate_name(player: str) -> str:
    """Return the name of the player with this id, such as ``Quiet Otter``: always the same one."""
    digest = hashlib.sha256(b"name of " + player.encode()).digest()
    number = int.from_bytes(digest[:8], "big")
    return f"{ADJECTIVES[number % len(ADJECTIVES)]} {ANIMALS[number // len(ADJECTIVES) % len(ANIMALS)]}"


def is_generated(name: str) -> bool:
    """Return whether a name looks like a generated one, whoever has it."""
    adjective, _, animal = name.partition(" ")
    return adjective in ADJECTIVES and animal in ANIMALS
