"""Which steps there are and how often: pure."""

from random import Random
from typing import Final

# Of a thousand steps, about so many.
WEIGHTS: Final[dict[str, int]] = {
    "send": 520,
    "receive": 110,
    "edit": 70,
    "delete": 40,
    "drop": 60,
    "come back": 70,
    "crash": 20,
    "crash while sending": 20,
    "add a device": 10,
    "revoke a device": 8,
    "evict storage": 8,
    "make a code": 3,
    "add a member": 24,
    "remove a member": 16,
    "rotate": 24,
    "let days pass": 1,
}


def choose(random: Random) -> str:
    """The kind of the next step."""
    return random.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
