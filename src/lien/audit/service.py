"""
Writing the trail, reading it, checking it, forgetting what is old.

An event is written after it happened and before its answer is given: whoever got an answer is
in the trail, and a request that could not be written down fails and is repeated by its sender.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from lien.audit import rules
from lien.audit.errors import BadTrail
from lien.audit.models import Entry, Event, EventPage, TrailMark
from lien.audit.store import AuditStore
from lien.clock import Clock
from lien.errors import LienError, Overloaded
from lien.ids import AccountId

PAGE: Final = 50
_DAY_MS: Final = 86_400_000
_BATCH: Final = 256
_CHECKED: Final = 1_000
# Each try that is overtaken means that another worker wrote: a storm of all of them at once.
_TRIES: Final = 64

_Waiting = tuple[tuple[Event, ...], asyncio.Future[None]]


class Trail:
    """The one owner of the trail."""

    def __init__(self, store: AuditStore, clock: Clock, retention_days: int) -> None:
        self._store = store
        self._clock = clock
        self._kept_ms = retention_days * _DAY_MS
        self._end: TrailMark | None = None
        self._waiting: deque[_Waiting] = deque()
        self._turn = asyncio.Lock()
        self.on_recorded: Callable[[Sequence[Event]], Awaitable[None]] | None = None

    async def record(self, *events: Event) -> None:
        """
        Write events, with those of other requests that wait for the same turn.

        Raises: StoreUnavailable, Overloaded.
        """
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((events, written))
        async with self._turn:
            if not written.done():
                await self._write_waiting()
        await written
        if self.on_recorded is not None:
            await self.on_recorded(events)

    async def _write_waiting(self) -> None:
        while self._waiting:
            batch: list[_Waiting] = []
            while self._waiting and sum(len(events) for events, _ in batch) < _BATCH:
                batch.append(self._waiting.popleft())
            try:
                await self._append([event for events, _ in batch for event in events])
            except LienError as error:
                for _, written in batch:
                    if not written.done():
                        written.set_exception(error)
            except BaseException:
                # This request was cancelled: the next one in turn writes for all.
                self._waiting.extendleft(reversed(batch))
                raise
            else:
                for _, written in batch:
                    if not written.done():
                        written.set_result(None)

    async def _append(self, events: list[Event]) -> None:
        if self._end is None:
            self._end = (await self._store.find_marks())[1]
        kept_seconds = (self._kept_ms + _DAY_MS) // 1000
        for _ in range(_TRIES):
            entries = rules.link(events, self._end, self._clock.now_ms())
            end = await self._store.append(entries, self._end, kept_seconds)
            if end is None:
                self._end = TrailMark(entries[-1].number, entries[-1].hash)
                return
            self._end = end
        raise Overloaded("everybody writes to the trail at once")

    async def list_own(self, account: AccountId, before: int = 0) -> EventPage:
        """What concerns one account, for its owner: newest first."""
        return _page(await self._store.list_of(account, before, PAGE))

    async def list_all(self, before: int = 0) -> EventPage:
        """Everything, for an operator: newest first."""
        return _page(await self._store.list_before(before, PAGE))

    async def verify(self, known: TrailMark | None = None) -> tuple[TrailMark, TrailMark]:
        """
        Check the whole trail, and that it still contains what was `known`; where it begins and
        where it ends.

        Raises: BadTrail.
        """
        base, end = await self._store.find_marks()
        if known and known.number < base.number:
            raise BadTrail("that place was forgotten since, as the retention says")
        at, is_seen = base, known in (None, base)
        while page := await self._store.list_after(at.number, _CHECKED):
            for entry in page:
                at = rules.follow([entry], at)
                is_seen = is_seen or at == known
        # Entries that came after the end was read are checked too.
        if at.number < end.number or not is_seen:
            raise BadTrail("the trail is shorter than it was, or another one")
        return base, at

    async def sweep(self) -> int:
        """Forget what the retention has reached; how many entries went."""
        base, _ = await self._store.find_marks()
        oldest = self._clock.now_ms() - self._kept_ms
        entries = await self._store.list_after(base.number, _CHECKED)
        due = [entry for entry in entries if entry.at_ms < oldest]
        if due:
            await self._store.forget(TrailMark(due[-1].number, due[-1].hash))
        return len(due)


def _page(entries: list[Entry]) -> EventPage:
    return EventPage(tuple(entries), entries[-1].number if len(entries) == PAGE else 0)
