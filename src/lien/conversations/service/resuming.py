"""A Resume: what a device lacks, in order, with every gap and every rebuilt stream said."""

from asyncio import gather
from collections.abc import Sequence
from typing import Final

from lien.conversations import rules
from lien.conversations.models import Channel, Push, Resumption, StoredEntry
from lien.conversations.store.reading import Reads
from lien.ids import AccountId, ChannelId
from lien.protocol.frames import Gap, Reset
from lien.protocol.positions import ChannelState, Cursor
from lien.telemetry import Metric, Telemetry

# Read ahead of the budget: at most 8 × 8 entries of 60 kB.
_CHANNELS_AT_ONCE: Final = 8
_ENTRIES_AT_ONCE: Final = 8

# Entries, and the offset up to which they say all.
_Batch = tuple[list[StoredEntry], int]


async def resume(
    reads: Reads,
    telemetry: Telemetry,
    account: AccountId,
    cursors: Sequence[Cursor],
    budget_bytes: int,
) -> Resumption:
    """
    Pushes for what follows each cursor, and where each readable channel stands.

    The heads and the right to read are taken first, per shard at one moment, and nothing behind
    those heads is read: an entry appended after the account was removed is never shown.
    """
    latest = {cursor.channel: cursor for cursor in cursors}
    channels = await reads.find_channels(account, latest)
    page = _Page(reads, telemetry, budget_bytes)
    wanted = [
        (cursor, channels[cursor.channel])
        for cursor in latest.values()
        if cursor.channel in channels
    ]
    for first in range(0, len(wanted), _CHANNELS_AT_ONCE):
        await page.add(wanted[first : first + _CHANNELS_AT_ONCE])
    return Resumption(tuple(page.pushes), tuple(page.states))


class _Page:
    """The answer to one Resume while it is filled."""

    def __init__(self, reads: Reads, telemetry: Telemetry, budget_bytes: int) -> None:
        self.pushes: list[Push] = []
        self.states: list[ChannelState] = []
        self._reads = reads
        self._telemetry = telemetry
        self._left = budget_bytes
        self._has_entries = False

    async def add(self, group: Sequence[tuple[Cursor, Channel]]) -> None:
        """Continue with some channels; the first entries of all of them are read at once."""
        begun = [
            (cursor.channel, channel, self._begin(cursor, channel)) for cursor, channel in group
        ]
        batches = await gather(
            *(self._read(name, after, until) for name, _, (after, until) in begun)
        )
        for (name, channel, (after, until)), batch in zip(begun, batches, strict=True):
            reached = await self._fill(name, channel.incarnation, after, until, batch)
            self.states.append(ChannelState(name, channel.incarnation, channel.head, reached))

    def _begin(self, cursor: Cursor, channel: Channel) -> tuple[int, int]:
        """Say what comes before any entry; return between which offsets to read."""
        start = rules.start_of(channel, cursor)
        if start.is_ahead:
            # Once is a device that dreams; many at once is a store that lost what it had.
            self._telemetry.count(Metric.CURSORS_AHEAD)
        if start.is_reset:
            self.pushes.append(Reset(cursor.channel, channel.incarnation, start.after))
            return start.after, start.after
        gap = rules.hidden_gap(cursor.channel, channel, start.after)
        if gap is None:
            return start.after, channel.head
        self.pushes.append(gap)
        return gap.to_offset, channel.head

    async def _read(self, name: ChannelId, after: int, until: int) -> _Batch:
        if after >= until or self._left <= 0:
            return [], after
        entries, reached, damaged = await self._reads.read_entries(
            name, after, until, _ENTRIES_AT_ONCE
        )
        if damaged:
            self._telemetry.count(Metric.ENTRIES_DAMAGED, damaged)
            self._telemetry.log("entries_damaged", count=damaged)
        return entries, reached

    async def _fill(
        self, name: ChannelId, incarnation: int, after: int, until: int, batch: _Batch
    ) -> int:
        """Push what fits; the offset up to which all was said."""
        while after < until:
            entries, reached = batch
            for push in rules.pushes_of(name, incarnation, after, reached, entries):
                size = rules.cost(push)
                # One entry always goes, or a large one would never come through.
                if size > self._left and self._has_entries:
                    self._left = 0
                    return after
                self.pushes.append(push)
                self._left -= size
                self._has_entries = True
                after = push.to_offset if isinstance(push, Gap) else push.offset
            if self._left <= 0:
                return after
            batch = await self._read(name, after, until)
        return after
