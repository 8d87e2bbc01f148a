"""The shared directory: find anyone by number, search by words, import the national extract."""

from collections.abc import AsyncIterator, Callable, Sequence
from typing import IO

from lien.clock import Clock
from lien.directory import rules
from lien.directory.models import Page, Professional, Report
from lien.directory.rules import Territory
from lien.directory.service import imports, search
from lien.directory.service.marks import decode_mark
from lien.directory.service.search import PAGE, Search, Searcher
from lien.directory.store import Current, DirectoryStore
from lien.ids import RppsNumber


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
        async for current in self._generations():
            person = await self._store.people.find(current.generation, rpps)
            if person is not None:
                return person
        return None

    async def profession_labels(self, codes: Sequence[str]) -> dict[str, str]:
        """What professions are called in the extract in use; empty for one it does not have."""
        current = await self._store.generations.find_current()
        if current is None:
            return dict.fromkeys(codes, "")
        return await self._store.people.profession_labels(current.generation, codes)

    async def find_unreconciled(self) -> int | None:
        """The generation in use, when the accounts were not compared with it yet."""
        current = await self._store.generations.find_current()
        if current is None:
            return None
        done = await self._store.generations.find_reconciled()
        return None if done == current.generation else current.generation

    async def set_reconciled(self, generation: int) -> None:
        """The accounts were compared with this generation."""
        await self._store.generations.set_reconciled(generation)

    async def extract_date(self) -> str | None:
        """The date of the extract in use, to be shown with it; None before the first import."""
        current = await self._store.generations.find_current()
        return current.extract_date if current else None

    async def search(
        self,
        query: str,
        after: str | None = None,
        limit: int = PAGE,
        searcher: Searcher | None = None,
    ) -> Page:
        """
        The people of the territory that every word of the query speaks of, by its beginning.

        First those whom most words name, then those found by profession, commune or structure, and
        last, if few were found, those of nearly that spelling; among equals who works in a commune
        of the searcher, then who is on Lien. Who hides is left out.

        Raises: BadQuery.
        """
        words = rules.require_query(query)
        mark = decode_mark(after)
        page = Page((), None, None)
        async for current in self._generations():
            task = Search(self._store, current, words, searcher or Searcher())
            page = await task.find_page(mark, min(limit, search.MAX_PAGE))
        return page

    async def is_hidden(self, rpps: RppsNumber) -> bool:
        """True for who asked to be found by the whole number only."""
        (hidden,) = await self._store.wishes.list_hidden([rpps])
        return hidden

    async def set_hidden(self, rpps: RppsNumber, *, hidden: bool) -> None:
        """Leave a person out of every search by words, or not any more."""
        await self._store.wishes.set_hidden(rpps, hidden=hidden)

    async def import_extract(
        self,
        *streams: IO[bytes],
        territory: Territory,
        extract_date: str,
        may_shrink: bool = False,
        progress: Callable[[int], object] | None = None,
    ) -> Report:
        """
        Replace the directory by an extract: who is not in it any more is gone.

        The streams are the files of one extract in any order: the activities, and the skills and
        diplomas when they are there. `progress` is told the number of lines read. Memory does not
        grow with the files. Nothing changes for readers before the end, and nothing at all on an
        error.

        Raises: BadExtract, ExtractShrunk, ImportRunning.
        """
        files = imports.open_files(streams)
        task = imports.Import(self._store, territory, progress)
        return await task.run(files, extract_date, may_shrink=may_shrink, clock=self._clock)

    async def _generations(self) -> AsyncIterator[Current]:
        """
        The published generation, then again if another one was published meanwhile.

        A published import deletes the keys of the one before; what was read from them while
        that happened is incomplete and is read again.
        """
        seen = None
        for _ in range(3):
            current = await self._store.generations.find_current()
            if current is None or current.generation == seen:
                return
            seen = current.generation
            yield current
