"""Which steps there are and how often: pure."""

from random import Random
from typing import Final

# For everyone at once, while nothing else is under way: see `run`.
ALONE: Final = "let days pass"
# How often, beside the others.
WEIGHTS: Final[dict[str, float]] = {
    "send": 1200,
    "send a photograph": 25,
    "open a photograph": 25,
    "receive": 150,
    "edit": 120,
    "delete": 70,
    "drop": 60,
    "come back": 70,
    "crash": 10,
    "crash while sending": 12,
    "add a device": 8,
    "revoke a device": 6,
    "evict storage": 5,
    "make a code": 3,
    "add a member": 24,
    "remove a member": 16,
    "rotate": 24,
    "keep for fewer days": 6,
}


def choose(random: Random) -> str:
    """The kind of the next step."""
    return random.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
