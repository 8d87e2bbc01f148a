"""The shared directory: import the national extract, find anyone by number, search by words."""

import secrets
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import IO, Final

from lien.clock import Clock
from lien.directory import extract, rules
from lien.directory.errors import BadExtract, BadQuery, ExtractShrunk
from lien.directory.models import Page, Professional, Reason, Rejected, Report, Row
from lien.directory.rules import Territory
from lien.directory.store import DirectoryStore, Kind
from lien.errors import LienError
from lien.ids import RppsNumber

PAGE: Final = 20
MAX_PAGE: Final = 50
# Name keys fetched for one search, about 70 bytes each. Above it the words are so common that
# going through everyone in the order of names meets a page of matches soon.
MAX_CANDIDATES: Final = 2_000
# Records read for one search at most, some 15 ms: then the page is short and has a `next`.
MAX_EXAMINED: Final = 2_000
_READ: Final = 64
_BATCH: Final = 1_000  # people written at once, some 6,000 commands at most
_EXAMPLES: Final = 20  # rejected rows named in a report
# A published file loses some people every day, never a tenth of them.
MAX_LOSS: Final = 0.1
_SMALL: Final = 100  # below that many people a share says nothing


class Directory:
    """
    The professionals of the territory, and the proof that anyone in the national file exists.

    Everything read in one call comes from one import, even while another one is published.
    """

    def __init__(self, store: DirectoryStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def find(self, rpps: RppsNumber) -> Professional | None:
        """Anyone in the national file; `is_listed` tells who may be shown."""
        async for generation, _ in self._generations():
            person = await self._store.find(generation, rpps)
            if person is not None:
                return person
        return None

    async def extract_date(self) -> str | None:
        """The date of the extract in use, to be shown with it; None before the first import."""
        current = await self._store.find_current()
        return current.extract_date if current else None

    async def search(self, query: str, after: str | None = None, limit: int = PAGE) -> Page:
        """
        The people of the territory that every word of the query speaks of, by its beginning.

        First those found by a name, then those found only by profession, commune or
        structure; each part in the order of names.

        Raises: BadQuery.
        """
        words = rules.require_query(query)
        tier, mark = _decode_mark(after)
        page = Page((), None, None)
        async for generation, date in self._generations():
            page = await self._search(generation, date, words, tier, mark, min(limit, MAX_PAGE))
        return page

    async def _search(
        self, generation: int, date: str, words: tuple[str, ...], tier: int, mark: str, limit: int
    ) -> Page:
        found: list[Professional] = []
        examined = 0
        counts = await self._store.count_tokens(generation, words)
        if any(by_name + by_place == 0 for by_name, by_place in counts):
            return Page((), None, date)
        for part in range(tier, 2):
            async for keys in self._candidates(generation, words, counts, part, mark):
                numbers = [rules.rpps_of_key(key) for key in keys]
                people = await self._store.list_listed(generation, numbers)
                for key, person in zip(keys, people, strict=True):
                    mark = key
                    if person is not None and _tier(person, words) == part:
                        found.append(person)
                        if len(found) > limit:
                            last = found[limit - 1]
                            return Page(tuple(found[:limit]), _encode_mark(_of(last, words)), date)
                examined += len(keys)
                if examined >= MAX_EXAMINED:
                    return Page(tuple(found), _encode_mark((part, mark)), date)
            mark = ""
        return Page(tuple(found), None, date)

    async def _candidates(
        self,
        generation: int,
        words: tuple[str, ...],
        counts: list[tuple[int, int]],
        tier: int,
        after: str,
    ) -> AsyncIterator[list[str]]:
        """Name keys that hold every match of this tier, in order, in slices."""
        rarest = min(range(len(words)), key=lambda place: sum(counts[place]))
        wanted: list[tuple[Kind, str]] | None = None
        if sum(counts[rarest]) <= MAX_CANDIDATES:
            wanted = [("name", words[rarest]), ("place", words[rarest])]
        elif tier == 0 and sum(by_name for by_name, _ in counts) <= MAX_CANDIDATES:
            wanted = [("name", word) for word in words]
        if wanted is not None:
            keys = sorted(await self._store.list_name_keys(generation, wanted))
            keys = [key for key in keys if key > after]
            for start in range(0, len(keys), _READ):
                yield keys[start : start + _READ]
            return
        while keys := await self._store.list_names_after(generation, after, _READ):
            yield keys
            after = keys[-1]

    async def _generations(self) -> AsyncIterator[tuple[int, str]]:
        """
        The published generation, then again if another one was published meanwhile.

        A published import deletes the keys of the one before; what was read from them while
        that happened is incomplete and is read again.
        """
        seen = None
        for _ in range(3):
            current = await self._store.find_current()
            if current is None or current.generation == seen:
                return
            seen = current.generation
            yield seen, current.extract_date

    async def import_extract(
        self,
        stream: IO[bytes],
        *,
        territory: Territory,
        extract_date: str,
        may_shrink: bool = False,
        progress: Callable[[int], object] | None = None,
    ) -> Report:
        """
        Replace the directory by an extract: who is not in it any more is gone.

        `progress` is told the number of lines read. Memory does not grow with the file.
        Nothing changes for readers before the end, and nothing at all on an error.

        Raises: BadExtract, ExtractShrunk, ImportRunning.
        """
        token = secrets.token_hex(8)
        generation = await self._store.begin(token)
        before = await self._store.find_current()
        try:
            tally = await self._fill(generation, token, stream, territory, progress)
            added, changed, people = await self._compare(
                generation, before.generation if before else None
            )
            total = before.people if before else 0
            gone = total + added - people
            if not people:
                raise BadExtract("the file holds nobody of the territory")
            if not may_shrink and total >= _SMALL and gone > total * MAX_LOSS:
                raise ExtractShrunk(
                    f"{gone} of {total} people would leave the directory: is the file complete? "
                    "Allow it if it is"
                )
            await self._store.publish(token, generation, extract_date, people, self._clock.now_ms())
        except BaseException:
            # Without an answer the lock runs out, and the next import deletes the rest.
            with suppress(LienError):
                await self._store.abandon(token, generation)
            raise
        if before is not None:
            await self._store.delete(before.generation)
        return tally.report(extract_date, people=people, added=added, changed=changed, gone=gone)

    async def _fill(
        self,
        generation: int,
        token: str,
        stream: IO[bytes],
        territory: Territory,
        progress: Callable[[int], object] | None,
    ) -> "_Tally":
        tally = _Tally()
        batch: dict[RppsNumber, Professional] = {}
        for row in extract.read_rows(stream):
            tally.count(row)
            if isinstance(row, Row):
                person = rules.professional_of(row, territory)
                tally.kept += person.is_listed
                earlier = batch.get(person.rpps)
                batch[person.rpps] = rules.combine(earlier, person) if earlier else person
            if len(batch) >= _BATCH:
                tally.known += await self._store.merge(generation, batch)
                await self._store.renew(token)
                batch = {}
                if progress:
                    progress(tally.read)
        tally.known += await self._store.merge(generation, batch)
        await self._store.renew(token)
        if progress:
            progress(tally.read)
        return tally

    async def _compare(self, generation: int, before: int | None) -> tuple[int, int, int]:
        """How many of the new generation were added, changed, and are there at all."""
        added: set[RppsNumber] = set()
        changed: set[RppsNumber] = set()
        everyone: set[RppsNumber] = set()  # HSCAN may show a field twice
        async for records in self._store.walk_listed(generation):
            numbers = list(records)
            everyone.update(numbers)
            old = (
                await self._store.list_records(before, numbers)
                if before is not None
                else [None] * len(numbers)
            )
            for rpps, record in zip(numbers, old, strict=True):
                if record is None:
                    added.add(rpps)
                elif record != records[rpps]:
                    changed.add(rpps)
        return len(added), len(changed), len(everyone)


class _Tally:
    """What an import has met so far."""

    def __init__(self) -> None:
        self.read = 0
        self.kept = 0
        self.known = 0
        self._rejected: Counter[Reason] = Counter()
        self._examples: list[Rejected] = []

    def count(self, row: Row | Rejected) -> None:
        self.read += 1
        if isinstance(row, Rejected):
            self._rejected[row.reason] += 1
            if len(self._examples) < _EXAMPLES:
                self._examples.append(row)

    def report(
        self, extract_date: str, *, people: int, added: int, changed: int, gone: int
    ) -> Report:
        return Report(
            extract_date=extract_date,
            read=self.read,
            kept=self.kept,
            known=self.known,
            people=people,
            added=added,
            changed=changed,
            gone=gone,
            rejected=dict(self._rejected),
            examples=tuple(self._examples),
        )


def _tier(person: Professional, words: tuple[str, ...]) -> int | None:
    """0 if found by a name, 1 if only by what and where, None if not found."""
    names = rules.name_tokens(person)
    if not rules.matches(words, names | rules.place_tokens(person)):
        return None
    return 0 if any(rules.matches([word], names) for word in words) else 1


def _of(person: Professional, words: tuple[str, ...]) -> tuple[int, str]:
    return _tier(person, words) or 0, rules.name_key(person)


def _encode_mark(mark: tuple[int, str]) -> str:
    """Where the next page starts. It holds a public name and number, no secret."""
    tier, key = mark
    return f"{tier}{key}".replace("\0", ".")


def _decode_mark(text: str | None) -> tuple[int, str]:
    if text is None:
        return 0, ""
    # A key is folded words and a number: neither has a point in it.
    if len(text) > 1 + rules.MAX_NAME_KEY + 12 or text[:1] not in ("0", "1"):
        raise BadQuery("this page mark is not one of ours")
    return int(text[0]), text[1:].replace(".", "\0")
