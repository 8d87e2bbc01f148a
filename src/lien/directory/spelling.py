"""
Words that are nearly the same: what a typing mistake or a name heard on the telephone leaves.

A word is reduced to a *skeleton*, roughly its French sound without doubled and mute letters. Two
words are near when their skeletons are equal, or when few letters differ. Words to compare are
found without reading them all: two skeletons at most one letter apart (changed, missing, added
or two swapped) have a *trace* in common, a trace being the skeleton or it without one letter
(Garbe's SymSpell, with one deletion).
"""

import re
from typing import Final

MIN_SPELLED: Final = 4  # letters; below, nearly every word is near another one
MAX_SPELLED: Final = 24
_SHORT: Final = 5  # letters up to which one mistake is many

_SOUNDS: Final = (
    ("ph", "f"),
    ("eau", "o"),
    ("au", "o"),
    ("qu", "k"),
    ("ck", "k"),
    ("ce", "se"),
    ("ci", "si"),
    ("cy", "si"),
    ("chr", "kr"),
    ("ch", "x"),
    ("sh", "x"),
    ("c", "k"),
    ("q", "k"),
    ("y", "i"),
    ("ai", "e"),
    ("ei", "e"),
    ("z", "s"),
    ("w", "v"),
    ("h", ""),
)
_DOUBLED: Final = re.compile(r"(.)\1+")
_MUTE: Final = re.compile(r"[estdxp]+$")


def is_spelled(word: str) -> bool:
    """True for a word long enough to be mistyped, and short enough to be one word."""
    return MIN_SPELLED <= len(word) <= MAX_SPELLED and word.isalpha()


def skeleton(word: str) -> str:
    """The word by its sound: `hoareau` and `oarau` are both `oaro`."""
    sound = word
    for written, heard in _SOUNDS:
        sound = sound.replace(written, heard)
    sound = _DOUBLED.sub(r"\1", sound)
    heard = _MUTE.sub("", sound)
    # What little is left of `este` would be near to everything.
    return heard if len(heard) >= 3 else sound


def traces(word: str) -> frozenset[str]:
    """What a near word has in common with this one."""
    whole = skeleton(word)
    return frozenset((whole, *(whole[:at] + whole[at + 1 :] for at in range(len(whole)))))


def distance(one: str, other: str) -> int:
    """Letters changed, missing, added, or swapped with their neighbour (optimal alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        before, last, row = row, before, [at]
        for to, target in enumerate(other, 1):
            cost = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (letter != target))
            if at > 1 and to > 1 and letter == other[to - 2] and one[at - 2] == target:
                cost = min(cost, last[to - 2] + 1)
            row.append(cost)
    return row[-1]


def is_near(one: str, other: str) -> bool:
    """True for two words that one person may have meant alike."""
    if skeleton(one) == skeleton(other):
        return True
    most = 1 if min(len(one), len(other)) <= _SHORT else 2
    return abs(len(one) - len(other)) <= most and distance(one, other) <= most
