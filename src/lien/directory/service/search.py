"""
One search, in stages that follow each other across pages.

Usually some word of the query is *selective*: at most `MAX_RANGE` people have it. Then everyone
found by the selective words is known by a few ranges of the store, ranked without reading a
record, and only a page is read (more, when a common word must be looked for in the records). If
few were found, the same is done with words of nearly that spelling. When every word is common
(infirmier, saint), matches are everywhere: the store is walked in order, first through the
communes of the searcher, until the page is full.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from typing import Final

from lien.directory import rules
from lien.directory.models import Page, Professional
from lien.directory.service.marks import Mark, Stage, encode_mark
from lien.directory.store import Current, DirectoryStore, Hit, Kind
from lien.directory.store.words import beginning_with, exactly
from lien.ids import RppsNumber

PAGE: Final = 20
MAX_PAGE: Final = 50
MAX_RANGE: Final = 5_000  # name keys of one word, about 70 bytes and a microsecond each
# A word of so many more people than the rarest one is looked for in the records of those: a record
# costs as much as some fifty members of a range, and a page needs few.
_FACTOR: Final = 8
_CHEAP: Final = 500
# Records read for one search at most, some 15 ms: then the page is short and has a `next`.
MAX_EXAMINED: Final = 600
FEW: Final = 5  # found with this spelling: below, others are tried
MAX_JOINED: Final = 200  # people of one rank asked for an account, 10 µs each
_READ: Final = 64

FindJoined = Callable[[Sequence[RppsNumber]], Awaitable[Collection[RppsNumber]]]


async def _nobody(numbers: Sequence[RppsNumber]) -> Collection[RppsNumber]:
    return ()


@dataclass(frozen=True, slots=True)
class Searcher:
    """
    For whom people are ranked: where they work, and how to learn who is on Lien.

    `sees_hidden` is for who shows nobody else: the demonstration's provider.
    """

    communes: tuple[str, ...] = ()  # each as `rules.commune_tokens` has it
    find_joined: FindJoined = field(default=_nobody)
    sees_hidden: bool = False

    @classmethod
    def of(cls, person: Professional | None, find_joined: FindJoined) -> "Searcher":
        """A professional who looks for colleagues."""
        communes = rules.commune_tokens(person) if person else ()
        return cls(tuple(sorted(communes))[:3], find_joined)


class Search:
    """One page of one query in one generation."""

    def __init__(
        self, store: DirectoryStore, current: Current, words: tuple[str, ...], searcher: Searcher
    ) -> None:
        self._store = store
        self._generation = current.generation
        self._date = current.extract_date
        self._words = words
        self._searcher = searcher
        self._selective: list[str] = []
        self._common: list[str] = []
        self._ranked = 0  # found with this spelling, those before this page included
        self._examined = 0
        self._last = b""  # the last place read in this stage

    async def find_page(self, mark: Mark | None, limit: int) -> Page:
        found: list[tuple[Mark, Professional]] = []
        counts = await self._store.words.count(self._generation, self._words)
        most = min(MAX_RANGE, max(_CHEAP, min(counts) * _FACTOR))
        for word, count in sorted(zip(self._words, counts, strict=True), key=lambda pair: pair[1]):
            (self._selective if count <= most else self._common).append(word)
        for stage in self._stages():
            if mark and stage is not mark.stage:
                continue
            if stage is Stage.NEARLY and not mark and self._ranked >= FEW:
                break
            self._last = mark.place if mark else b""
            mark = None
            async for place, person in self._find(stage, self._last):
                found.append((Mark(stage, place), person))
                if len(found) > limit:
                    return self._page(found[:limit], found[limit - 1][0])
            if self._examined >= MAX_EXAMINED:
                return self._page(found, Mark(stage, self._last))
        return self._page(found, None)

    def _stages(self) -> Sequence[Stage]:
        if self._selective:
            return (Stage.RANKED, Stage.NEARLY)
        return (Stage.HERE, Stage.NAMES, Stage.PLACES)

    def _page(self, found: Sequence[tuple[Mark, Professional]], next_: Mark | None) -> Page:
        people = tuple(person for _, person in found)
        return Page(people, encode_mark(next_) if next_ else None, self._date)

    def _find(self, stage: Stage, after: bytes) -> AsyncIterator[tuple[bytes, Professional]]:
        match stage:
            case Stage.RANKED | Stage.NEARLY:
                return self._find_ranked(stage, after)
            case Stage.HERE:
                return self._walk_here(after)
            case Stage.NAMES:
                return self._walk("name", after)
            case Stage.PLACES:
                return self._walk("place", after)

    # Selective words

    async def _find_ranked(
        self, stage: Stage, after: bytes
    ) -> AsyncIterator[tuple[bytes, Professional]]:
        ranked = await self._rank(stage)
        if stage is Stage.RANKED:
            self._ranked = len(ranked)
        async for places in self._order(ranked, after):
            for start in range(0, len(places), _READ):
                part = places[start : start + _READ]
                async for place, person in self._read(part, lambda place: place[_RANK:]):
                    if rules.matches(self._common, _tokens(person)):
                        yield place, person
                if self._examined >= MAX_EXAMINED:
                    return

    async def _order(self, ranked: Sequence[bytes], after: bytes) -> AsyncIterator[list[bytes]]:
        """
        Everyone of the same rank together, who is on Lien first.

        That is asked only of the ranks a page needs: each answer is a look-up in the store.
        """
        for rank, members in groupby(ranked, key=lambda place: place[: _RANK - 1]):
            if rank < after[: _RANK - 1]:
                continue
            keys = [place[_RANK - 1 :] for place in members]
            joined = await self._find_joined(keys)
            places = sorted(rank + (b"0" if key in joined else b"1") + key for key in keys)
            yield [place for place in places if place > after]

    async def _rank(self, stage: Stage) -> list[bytes]:
        """Everyone found by all selective words, as rank (but its last digit) and name key."""
        ranges: list[dict[bytes, Hit]] = []
        for word in self._selective:
            near: Sequence[str] = ()
            if stage is Stage.NEARLY:
                near = await self._store.words.list_near(self._generation, word)
            ranges.append(await self._store.words.list_hits(self._generation, word, near))
            if not ranges[-1]:
                return []
        # Thousands of people, of whom a page shows twenty: nothing in Python for each of them.
        keys = list(set(ranges[0]).intersection(*ranges[1:]))
        hits = list(zip(*(map(found.__getitem__, keys) for found in ranges), strict=True))
        if stage is Stage.NEARLY:
            # The others were found by the stage before.
            pairs = [pair for pair in zip(keys, hits, strict=True) if Hit.NEARLY in pair[1]]
            keys, hits = [key for key, _ in pairs], [own for _, own in pairs]
        here = await self._store.words.list_in_communes(
            self._generation, self._searcher.communes, keys
        )
        return sorted(_rank_of(own, key in here) + key for key, own in zip(keys, hits, strict=True))

    async def _find_joined(self, keys: Sequence[bytes]) -> set[bytes]:
        if not keys or len(keys) > MAX_JOINED:
            return set()
        numbers = {_number_of(key): key for key in keys}
        return {numbers[one] for one in await self._searcher.find_joined(list(numbers))}

    # Common words

    async def _walk_here(self, after: bytes) -> AsyncIterator[tuple[bytes, Professional]]:
        """In each commune of the searcher, everyone in the order of names."""
        communes = self._searcher.communes
        for at, commune in enumerate(communes):
            if after and not after.startswith(commune.encode() + b"\0"):
                continue
            async for member, person in self._walk_range("commune", exactly(commune), after):
                # Who works in two of the communes was shown in the first.
                if not rules.commune_tokens(person).isdisjoint(communes[:at]):
                    continue
                if rules.matches(self._words, _tokens(person)):
                    yield member, person
            if self._examined >= MAX_EXAMINED:
                return
            after = b""

    async def _walk(self, kind: Kind, after: bytes) -> AsyncIterator[tuple[bytes, Professional]]:
        """Everyone with the least common word, in the order of that word, then of names."""
        word = self._common[0]
        async for member, person in self._walk_range(kind, beginning_with(word), after):
            names = rules.name_tokens(person)
            tokens = names if kind == "name" else rules.place_tokens(person) - names
            # Each person once: by the first token that begins so, and by the names first.
            first = min(token for token in tokens if token.startswith(word))
            if first.encode() != member.partition(b"\0")[0]:
                continue
            if kind == "place" and rules.matches([word], names):
                continue
            if not rules.commune_tokens(person).isdisjoint(self._searcher.communes):
                continue
            if rules.matches(self._words, _tokens(person)):
                yield member, person

    async def _walk_range(
        self, kind: Kind, bounds: tuple[bytes, bytes], after: bytes
    ) -> AsyncIterator[tuple[bytes, Professional]]:
        while members := await self._store.words.list_after(
            self._generation, kind, bounds, after, _READ
        ):
            after = members[-1]
            async for member, person in self._read(members, lambda one: one.partition(b"\0")[2]):
                yield member, person
            if self._examined >= MAX_EXAMINED:
                return

    async def _read(
        self, places: Sequence[bytes], key_of: Callable[[bytes], bytes]
    ) -> AsyncIterator[tuple[bytes, Professional]]:
        """The people at these places who do not hide."""
        numbers = [_number_of(key_of(place)) for place in places]
        people = await self._store.people.list_listed(self._generation, numbers)
        hidden = await self._store.wishes.list_hidden(numbers)
        self._examined += len(places)
        for place, person, hides in zip(places, people, hidden, strict=True):
            self._last = place
            if person is not None and (self._searcher.sees_hidden or not hides):
                yield place, person


_RANK: Final = 4  # digits before the name key: those of `_rank_of`, then who is on Lien


@lru_cache(maxsize=1_024)  # there are few of them, and thousands are asked for at once
def _rank_of(hits: tuple[Hit, ...], is_here: bool) -> bytes:
    """
    Three digits, the best first: the number of words that are not of the name (Pierre Hoarau before
    the Hoaraus of Saint-Pierre); then the number of words of which only the beginning was meant or
    the spelling is another; then who works where the searcher does.
    """
    elsewhere = sum(hit > Hit.NAME_BEGINNING for hit in hits)
    inexact = sum(hit not in (Hit.NAME, Hit.PLACE) for hit in hits)
    return b"%d%d%d" % (elsewhere, inexact, not is_here)


def _tokens(person: Professional) -> frozenset[str]:
    return rules.name_tokens(person) | rules.place_tokens(person)


def _number_of(key: bytes) -> RppsNumber:
    return rules.rpps_of_key(key.decode())
