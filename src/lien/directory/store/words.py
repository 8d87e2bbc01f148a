"""The words that find the people of a generation: ranges of sorted sets, in the order of bytes."""

import asyncio
from bisect import bisect_left
from collections.abc import Collection, Sequence
from enum import IntEnum
from typing import Final, Literal

from lien.directory import spelling
from lien.storage import keys
from lien.storage.valkey import Store

Kind = Literal["name", "place", "commune"]

_SLICE: Final = 512  # members per command, so that none holds up other callers
_MAX_PER_TRACE: Final = 100
_MAX_SPELLED: Final = 8  # words taken for what one mistyped word may have meant


class Hit(IntEnum):
    """How a word found someone, the best first."""

    NAME = 0
    NAME_BEGINNING = 1
    PLACE = 2
    PLACE_BEGINNING = 3
    NEARLY = 4


class Words:
    """
    Members are `token`, 0, name key: who has a token is one range, already in the order of names.

    Name keys stay bytes here: a range may hold thousands, of which a page shows twenty.
    """

    def __init__(self, store: Store) -> None:
        self._call = store.pipe.call

    async def count(self, generation: int, words: Sequence[str]) -> list[int]:
        """For each word, how many tokens of names and places begin with it."""
        counts: list[int] = await asyncio.gather(
            *(
                self._call("ZLEXCOUNT", keys.tokens(generation, kind), *beginning_with(word))
                for word in words
                for kind in ("name", "place")
            )
        )
        return [sum(pair) for pair in zip(counts[::2], counts[1::2], strict=True)]

    async def list_hits(
        self, generation: int, word: str, near: Collection[str] = ()
    ) -> dict[bytes, Hit]:
        """Everyone found by the beginning of a word, or exactly by a word near to it."""
        ranges: list[list[bytes]] = await asyncio.gather(
            *(
                self._call("ZRANGEBYLEX", keys.tokens(generation, kind), *bounds)
                for kind in ("place", "name")
                for bounds in (beginning_with(word), *map(exactly, near))
            )
        )
        middle = len(ranges) // 2
        hits: dict[bytes, Hit] = {}
        for members in (*ranges[1:middle], *ranges[middle + 1 :]):
            hits.update((_key_of(member), Hit.NEARLY) for member in members)
        # The better hit of one person is written last.
        for members, whole, part in (
            (ranges[0], Hit.PLACE, Hit.PLACE_BEGINNING),
            (ranges[middle], Hit.NAME, Hit.NAME_BEGINNING),
        ):
            # In the order of bytes the whole word comes first.
            start = word.encode() + b"\0"
            longer = bisect_left(members, word.encode() + b"\1")
            hits.update(dict.fromkeys([_key_of(one) for one in members[longer:]], part))
            hits.update(dict.fromkeys([one[len(start) :] for one in members[:longer]], whole))
        return hits

    async def list_in_communes(
        self, generation: int, communes: Collection[str], name_keys: Sequence[bytes]
    ) -> set[bytes]:
        """Those of these people who work in one of the communes."""
        here: set[bytes] = set()
        for commune in communes:
            start = commune.encode() + b"\0"
            slices = [name_keys[at : at + _SLICE] for at in range(0, len(name_keys), _SLICE)]
            scores = await asyncio.gather(
                *(
                    self._call(
                        "ZMSCORE",
                        keys.tokens(generation, "commune"),
                        *(start + key for key in part),
                    )
                    for part in slices
                )
            )
            for part, found in zip(slices, scores, strict=True):
                here.update(
                    key for key, score in zip(part, found, strict=True) if score is not None
                )
        return here

    async def list_after(
        self, generation: int, kind: Kind, bounds: tuple[bytes, bytes], after: bytes, limit: int
    ) -> list[bytes]:
        """Members in a range of tokens, in order."""
        first, last = bounds
        start = b"(" + after if after else first
        return list(
            await self._call(
                "ZRANGEBYLEX", keys.tokens(generation, kind), start, last, "LIMIT", 0, limit
            )
        )

    async def list_near(self, generation: int, word: str) -> list[str]:
        """Words of the directory that this one may be a mistyping of, the nearest first."""
        if not spelling.is_spelled(word):
            return []
        ranges: list[list[bytes]] = await asyncio.gather(
            *(
                self._call(
                    "ZRANGEBYLEX",
                    keys.spellings(generation),
                    *exactly(trace),
                    *("LIMIT", 0, _MAX_PER_TRACE),
                )
                for trace in spelling.traces(word)
            )
        )
        found = {_key_of(member).decode() for members in ranges for member in members}
        near = [one for one in found if not one.startswith(word) and spelling.is_near(word, one)]
        return sorted(near, key=lambda one: (spelling.distance(word, one), one))[:_MAX_SPELLED]


def beginning_with(word: str) -> tuple[bytes, bytes]:
    """The range of members whose token begins with this word."""
    # Byte order: 0xff is in no UTF-8 text, so it ends the range of everything that begins so.
    return b"[" + word.encode(), b"[" + word.encode() + b"\xff"


def exactly(word: str) -> tuple[bytes, bytes]:
    """The range of members whose token is this word."""
    return b"[" + word.encode() + b"\0", b"(" + word.encode() + b"\1"


def _key_of(member: bytes) -> bytes:
    """What follows the token."""
    return member[member.index(0) + 1 :]
