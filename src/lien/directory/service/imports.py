"""One import of an extract: fill a generation, compare it with the last one, publish it."""

import secrets
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import IO, Final

from lien.clock import Clock
from lien.directory import rules
from lien.directory.errors import BadExtract, ExtractShrunk
from lien.directory.extract import Extract
from lien.directory.models import FileKind, Professional, Reason, Rejected, Report, Row, Skill
from lien.directory.rules import Territory
from lien.directory.store import DirectoryStore
from lien.directory.store.writes import SpelledWords
from lien.errors import LienError
from lien.ids import RppsNumber

_BATCH: Final = 1_000  # people written at once, up to 11 commands each
_SLICE: Final = 512
_EXAMPLES: Final = 20  # rejected rows named in a report
# A published file loses some people every day, never a tenth of them.
MAX_LOSS: Final = 0.1
_SMALL: Final = 100  # below that many people a share says nothing

Files = Mapping[FileKind, Extract]


def open_files(streams: Sequence[IO[bytes]]) -> Files:
    """
    Tell the files apart by their first lines.

    Raises: BadExtract for a file of another sort, two of one sort, or no activities.
    """
    files: dict[FileKind, Extract] = {}
    for stream in streams:
        extract = Extract(stream)
        if extract.kind in files:
            raise BadExtract(f"two of these files are a {extract.kind.value} file")
        files[extract.kind] = extract
    if FileKind.ACTIVITIES not in files:
        raise BadExtract(f"none of these files is the {FileKind.ACTIVITIES.value} file")
    return files


class Import:
    """Runs once."""

    def __init__(
        self,
        store: DirectoryStore,
        territory: Territory,
        progress: Callable[[int], object] | None,
    ) -> None:
        self._store = store
        self._territory = territory
        self._progress = progress
        self._token = secrets.token_hex(8)
        self._tally = _Tally()
        self._spelled = SpelledWords()

    async def run(
        self, files: Files, extract_date: str, *, may_shrink: bool, clock: Clock
    ) -> Report:
        """Raises: BadExtract, ExtractShrunk, ImportRunning."""
        generations = self._store.generations
        generation = await generations.begin(self._token)
        before = await generations.find_current()
        try:
            await self._fill(generation, files[FileKind.ACTIVITIES])
            for kind in (FileKind.SKILLS, FileKind.DIPLOMAS):
                if kind in files:
                    await self._complete(generation, files[kind])
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
            await generations.publish(self._token, generation, extract_date, people, clock.now_ms())
        except BaseException:
            # Without an answer the lock runs out, and the next import deletes the rest.
            with suppress(LienError):
                await generations.abandon(self._token, generation)
            raise
        if before is not None:
            await generations.delete(before.generation)
        return self._tally.report(
            extract_date, people=people, added=added, changed=changed, gone=gone
        )

    async def _fill(self, generation: int, extract: Extract) -> None:
        tally = self._tally
        batch: dict[RppsNumber, Professional] = {}
        for row in extract.read_rows():
            tally.count(row)
            if isinstance(row, Row):
                person = rules.professional_of(row, self._territory)
                tally.kept += person.is_listed
                earlier = batch.get(person.rpps)
                batch[person.rpps] = rules.combine(earlier, person) if earlier else person
            if len(batch) >= _BATCH:
                tally.known += await self._store.people.merge(generation, batch, self._spelled)
                await self._step()
                batch = {}
        tally.known += await self._store.people.merge(generation, batch, self._spelled)
        await self._step()

    async def _complete(self, generation: int, extract: Extract) -> None:
        batch: defaultdict[RppsNumber, list[Skill]] = defaultdict(list)
        rows = 0
        for row in extract.read_skills():
            self._tally.count(row)
            rows += 1
            if isinstance(row, Skill) and row.speciality:
                batch[row.rpps].append(row)
            # Rows too: a file of one person must not grow the batch.
            if len(batch) >= _BATCH or rows >= _BATCH * 4:
                await self._write_skills(generation, batch)
                batch, rows = defaultdict(list), 0
        await self._write_skills(generation, batch)

    async def _write_skills(
        self, generation: int, batch: Mapping[RppsNumber, Sequence[Skill]]
    ) -> None:
        people = self._store.people
        self._tally.completed += await people.complete(generation, batch, self._spelled)
        await self._step()

    async def _step(self) -> None:
        await self._store.generations.renew(self._token)
        if self._progress:
            self._progress(self._tally.read)

    async def _compare(self, generation: int, before: int | None) -> tuple[int, int, int]:
        """How many of the new generation were added, changed, and are there at all."""
        people = self._store.people
        added = changed = everyone = 0
        mark = b""
        while keys := await people.list_names_after(generation, mark, _SLICE):
            mark = keys[-1]
            everyone += len(keys)
            numbers = [rules.rpps_of_key(key.decode()) for key in keys]
            new = await people.list_records(generation, numbers)
            old: Iterable[bytes | None] = [None] * len(numbers)
            if before is not None:
                old = await people.list_records(before, numbers)
            for record, earlier in zip(new, old, strict=True):
                added += earlier is None
                changed += earlier is not None and record != earlier
            await self._store.generations.renew(self._token)
        return added, changed, everyone


class _Tally:
    """What an import has met so far."""

    def __init__(self) -> None:
        self.read = 0
        self.kept = 0
        self.known = 0
        self.completed = 0
        self._rejected: Counter[Reason] = Counter()
        self._examples: list[Rejected] = []

    def count(self, row: Row | Skill | Rejected) -> None:
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
            completed=self.completed,
            rejected=dict(self._rejected),
            examples=tuple(self._examples),
        )
