"""
Feeds to hub: one task per worker, which turns what happened into frames for who is here.

The feed brings every entry to every worker, so that every device sees one order. Each frame is
built once, and written together with others of its channel; what this worker has appended and
delivered before the feed brought it (`lien.fanout.delivery`) is passed over.

Law: what could not be delivered in order is never skipped in silence. After a gap in the feed,
or when a relay had to start over, every connection here is told that it is behind.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from typing import Final, Protocol

from lien.errors import LienError
from lien.fanout.audiences import Audiences
from lien.fanout.delivery import Delivery, Message
from lien.fanout.frames import prepare_frame
from lien.fanout.hub import Hub
from lien.ids import AccountId, ChannelId
from lien.protocol.codec import encode
from lien.protocol.codes import CloseCode
from lien.protocol.frames import Behind, BehindReason
from lien.storage.feeds import (
    Control,
    EntryAppended,
    FeedEntry,
    FeedGap,
    follow,
    head,
)
from lien.storage.valkey import Store
from lien.telemetry import Metric, Telemetry

_RETRY_SECONDS: Final = 0.5
_TURN_WRITES: Final = 256  # some 2 ms
# What nobody here waits for is read in larger pieces: it was delivered before, or is for others.
_REST_SECONDS: Final = 0.002
_GAP: Final = prepare_frame(encode(Behind(BehindReason.FEED_GAP)))

OnControl = Callable[[Control], None]


class Waking(Protocol):
    """Whoever wakes devices that are away, on one worker for all."""

    @property
    def leads(self) -> bool:
        """Whether it is this worker's turn."""

    def note_entry(
        self,
        channel: ChannelId,
        incarnation: int,
        offset: int,
        header: bytes,
        accounts: frozenset[AccountId],
    ) -> None:
        """An entry was delivered here, to those of its readers who are connected."""


class Relay:
    """
    One per worker. `start` before anybody connects and before what controls change is loaded
    (ended sessions): from then on nothing is missed.
    """

    def __init__(
        self,
        store: Store,
        hub: Hub,
        audiences: Audiences,
        delivery: Delivery,
        on_control: OnControl,
        telemetry: Telemetry,
        waking: Waking | None = None,
    ) -> None:
        self._store = store
        self._hub = hub
        self._delivery = delivery
        self._audiences = audiences
        self._on_control = on_control
        self._waking = waking
        self._telemetry = telemetry
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """
        Note where each feed is now, then follow.

        Raises: StoreUnavailable.
        """
        starts = await self._heads()
        self._task = asyncio.create_task(self._keep_following(starts), name="relay")

    async def stop(self) -> None:
        """Stop following; what was read is delivered or left to a resume."""
        task, self._task = self._task, None
        while task is not None and not task.done():
            # Again if need be: a wait below may swallow a cancellation that races its own end.
            task.cancel()
            await asyncio.wait({task}, timeout=1)
        self._delivery.flush()

    async def _heads(self) -> dict[int, int]:
        shards = range(self._store.shards)
        numbers = await asyncio.gather(*(head(self._store, shard) for shard in shards))
        return dict(zip(shards, numbers, strict=True))

    async def _keep_following(self, starts: dict[int, int]) -> None:
        while True:
            try:
                await self._follow(starts)
            # The outer edge of a background task: feeds that are no longer followed would leave
            # every conversation silent.
            except Exception as error:
                self._telemetry.log("relay_failed", error=type(error).__name__)
            await asyncio.sleep(_RETRY_SECONDS)
            starts = await self._start_over()

    async def _start_over(self) -> dict[int, int]:
        """Where the feeds are now; everyone resumes, because what was in between is not known."""
        while True:
            try:
                starts = await self._heads()
            except LienError:
                await asyncio.sleep(_RETRY_SECONDS)
            else:
                self._tell_behind()
                return starts

    async def _follow(self, starts: dict[int, int]) -> None:
        async with aclosing(follow(self._store, starts)) as batches:
            async for batch in batches:
                if isinstance(batch, FeedGap):
                    self._tell_behind()
                elif not await self._relay(batch):
                    await asyncio.sleep(_REST_SECONDS)

    async def _relay(self, batch: Sequence[FeedEntry]) -> int:
        """Deliver; the number of frames for who is here that were not delivered before."""
        messages: dict[ChannelId, list[Message]] = {}
        versions: dict[ChannelId, int] = {}
        for entry in batch:
            if isinstance(entry, Control):
                self._obey(entry)
                continue
            channel = entry.channel
            if isinstance(entry, EntryAppended):
                self._audiences.note(channel, entry.incarnation, entry.offset)
            if channel in messages:
                messages[channel].append(entry)
            else:
                messages[channel] = [entry]
            # Of one channel, the newest comes last.
            versions[channel] = entry.version
        written = fresh = 0
        loaded: Mapping[ChannelId, frozenset[AccountId]] = {}
        waking = self._waking if self._waking is not None and self._waking.leads else None
        for channel, entries in messages.items():
            accounts = self._audiences.peek(channel, versions[channel])
            if accounts is None:
                loaded = loaded or await self._find_audiences(versions)
                accounts = loaded.get(channel, frozenset())
            frames, writes = self._delivery.relay(channel, accounts, entries)
            fresh += frames
            written += writes
            if waking is not None:
                _tell(waking, entries, accounts)
            if written >= _TURN_WRITES:
                # A batch for thousands of readers takes a while: others have their turn.
                await asyncio.sleep(0)
                written = 0
        return fresh

    async def _find_audiences(
        self, versions: Mapping[ChannelId, int]
    ) -> Mapping[ChannelId, frozenset[AccountId]]:
        while True:
            try:
                return await self._audiences.find(versions)
            except LienError:
                # The store is away. The feed keeps what comes, or says that it did not.
                await asyncio.sleep(_RETRY_SECONDS)

    def _obey(self, control: Control) -> None:
        self._on_control(control)
        code = CloseCode(control.close_code)
        if control.session is not None:
            self._hub.close_session(control.account, control.session, code)
        elif control.device is not None:
            self._hub.close_device(control.account, control.device, code)
        else:
            self._hub.close_account(control.account, code)

    def _tell_behind(self) -> None:
        self._telemetry.count(Metric.FEED_GAPS)
        self._audiences.forget()
        self._delivery.flush()
        self._hub.deliver_to_all(_GAP)


def _tell(waking: Waking, entries: Sequence[Message], accounts: frozenset[AccountId]) -> None:
    for entry in entries:
        if isinstance(entry, EntryAppended):
            _, channel, _, incarnation, offset, _, header, _ = entry
            waking.note_entry(channel, incarnation, offset, header, accounts)
