"""The face of conversations: every operation on behalf of one caller."""

from asyncio import Future, gather, get_running_loop
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any, Final

from lien.clock import Clock
from lien.conversations import rules
from lien.conversations.errors import NotAMember, NotAnAdmin
from lien.conversations.models import Accepted, Audience, Channel, Epoch, EpochPage, Resumption
from lien.conversations.service.beginning import Beginning, Chains
from lien.conversations.service.notices import Notices
from lien.conversations.service.pace import Pace
from lien.conversations.service.resuming import resume
from lien.conversations.store import ConversationStore
from lien.conversations.store.ways import Done
from lien.crypto.envelope import MAX_SEALED_BYTES, BadEnvelope, decode_header
from lien.ids import AccountId, ChannelId, DeviceId, inbox_owner
from lien.protocol.frames import Level, Receipt
from lien.protocol.positions import Cursor, Position
from lien.telemetry import Telemetry

EPOCHS_PAGE: Final = 32
# A statement that adds the account may be on its way: its index entry comes first.
_INDEX_KEPT_MS: Final = 3_600_000
_DAY_MS: Final = 86_400_000


class Conversations:
    """Conversations and inboxes. Every method names the account on whose behalf it acts."""

    def __init__(
        self,
        store: ConversationStore,
        accounts: Chains,
        clock: Clock,
        telemetry: Telemetry,
        pace: Pace[AccountId] | None = None,
        channel_pace: Pace[ChannelId] | None = None,
    ) -> None:
        """Without a `pace`, an account sends, or a conversation takes, as fast as it can."""
        self._store = store
        self._clock = clock
        self._telemetry = telemetry
        self._pace = pace
        self._channel_pace = channel_pace
        self._notices = Notices(store.writes, clock)
        self._beginning = Beginning(store, accounts, self._notices, clock)

    def post(
        self, account: AccountId, device: DeviceId, header: bytes, sealed: bytes, done: Done
    ) -> None:
        """
        `send` for who does not wait: `done` is told Accepted, or the exception there is instead.

        Raises: what needs no answer of the store.
        """
        now_ms = self._clock.now_ms()
        if not 0 < len(sealed) <= MAX_SEALED_BYTES:
            raise BadEnvelope("sealed content has a wrong length")
        ways = self._store.ways
        way = ways.find(header)
        if way is None:
            decoded = decode_header(header)
            rules.require_own_message(decoded, account, device)
            way = ways.open(decoded, header, now_ms)
        elif way.device != device or way.account != account:
            raise BadEnvelope("the header names another sender")
        if self._pace is not None:
            self._pace.take(account, self._clock.monotonic_ms())
        if self._channel_pace is not None:
            channel = way.header.channel
            self._channel_pace.require(channel, self._clock.monotonic_ms())
            done = partial(self._count, self._channel_pace, channel, done)
        ways.append(way, header, sealed, now_ms, done)

    def _count(self, pace: Pace[ChannelId], channel: ChannelId, done: Done, outcome: Any) -> None:
        """Only what was taken: who is no member cannot use up what the members may send."""
        if type(outcome) is Accepted:
            pace.count(channel, self._clock.monotonic_ms())
        done(outcome)

    async def send(
        self, account: AccountId, device: DeviceId, header: bytes, sealed: bytes
    ) -> Accepted:
        """
        Append an envelope to its conversation; the same again gives the same answer.

        Raises: BadEnvelope, NotAMember, StaleEpoch, EnvelopeIdReused, TooManySends, Overloaded.
        """
        accepted: Accepted = await _told(partial(self.post, account, device, header, sealed))
        return accepted

    async def begin_epoch(
        self,
        account: AccountId,
        device: DeviceId,
        statement: bytes,
        signature: bytes,
        sealed_keys: Mapping[AccountId, bytes],
    ) -> Position:
        """
        Accept a statement; epoch 1 begins the conversation. The same again is the same answer.

        Raises: BadStatement, NotAMember, EpochTaken, OldGeneration, DeviceRevoked, Overloaded.
        """
        return await self._beginning.begin(account, device, statement, signature, sealed_keys)

    async def list_channels(self, account: AccountId) -> list[ChannelId]:
        """The conversations the account is a member of."""
        noted = await self._store.index.read(account)
        found = await self._store.reads.find_channels(account, noted)
        now_ms = self._clock.now_ms()
        gone = [
            channel
            for channel, at_ms in noted.items()
            if channel not in found and now_ms - at_ms > _INDEX_KEPT_MS
        ]
        await self._store.index.remove(account, gone)
        return sorted(found)

    async def read_epochs(self, account: AccountId, channel: ChannelId, after: int) -> EpochPage:
        """
        Statements after epoch `after`, with the account's own sealed keys.

        All statements are shown to every member, earlier ones too: who may decide can only be
        checked from the first one on.
        Raises: NotAMember.
        """
        state = await self._access(account, channel)
        numbers = range(after + 1, min(after + EPOCHS_PAGE, state.epoch) + 1)
        stored, own = await gather(
            self._store.reads.read_epochs(channel, numbers),
            self._store.reads.read_sealed_keys(account, channel, numbers),
        )
        epochs = tuple(
            Epoch(each.signed.data, each.signed.signature, each.offset, sealed_key)
            for each, sealed_key in zip(stored, own, strict=True)
            if each is not None
        )
        return EpochPage(epochs, state.epoch, state.is_stale)

    async def resume(
        self,
        account: AccountId,
        cursors: Sequence[Cursor],
        budget_bytes: int = rules.RESUME_BYTES,
    ) -> Resumption:
        """What the account's device lacks after these cursors, up to `budget_bytes` of it."""
        return await resume(self._store.reads, self._telemetry, account, cursors, budget_bytes)

    def post_ack(
        self,
        account: AccountId,
        device: DeviceId,
        channel: ChannelId,
        position: Position,
        level: Level,
        done: Done,
    ) -> None:
        """`acknowledge` for who does not wait; `done` is told None, or the exception instead."""
        self._store.ways.acknowledge(account, device, channel, position, level, done)

    async def acknowledge(
        self,
        account: AccountId,
        device: DeviceId,
        channel: ChannelId,
        incarnation: int,
        offset: int,
        level: Level,
    ) -> None:
        """
        The device stored (or the person read) everything up to this position.

        Raises: NotAMember.
        """
        position = Position(incarnation, offset)
        await _told(partial(self.post_ack, account, device, channel, position, level))

    async def list_receipts(self, account: AccountId, channel: ChannelId) -> list[Receipt]:
        """
        Receipts as they stand, for a device that was away when they were told.

        Raises: NotAMember.
        """
        await self._access(account, channel)
        return await self._store.reads.read_receipts(channel)

    def post_typing(self, account: AccountId, channel: ChannelId, done: Done) -> None:
        """`typing` for who does not wait; `done` is told None, or the exception instead."""
        self._store.ways.publish_typing(account, channel, done)

    async def typing(self, account: AccountId, channel: ChannelId) -> None:
        """
        Tell the members that this one writes; nothing is stored.

        Raises: NotAMember.
        """
        await _told(partial(self.post_typing, account, channel))

    async def require_member(self, account: AccountId, channel: ChannelId) -> None:
        """
        Return if the account is a member of the conversation now.

        Raises: NotAMember, also when there is none.
        """
        await self._access(account, channel)

    async def list_members(self, account: AccountId, channel: ChannelId) -> frozenset[AccountId]:
        """
        Who is in the conversation, for one of them.

        Raises: NotAMember.
        """
        await self._access(account, channel)
        return (await self._store.reads.read_audiences([channel]))[channel].accounts

    async def set_retention(self, account: AccountId, channel: ChannelId, days: int) -> None:
        """
        What is older than this goes from the log, on behalf of an admin; never later than the
        deployment's own retention, nor sooner than the least it allows.

        Raises: NotAMember, NotAnAdmin.
        """
        await self._access(account, channel)
        if not await self._store.set_retention(account, channel, days * _DAY_MS):
            raise NotAnAdmin("only an admin chooses how long messages stay")

    async def notify(self, account: AccountId, notice: Sequence[str]) -> Position:
        """Put a notice of the server into the account's inbox."""
        return await self._notices.notify(account, notice)

    async def mark_stale(self, account: AccountId) -> None:
        """
        Make every conversation of the account stale: its secret was rotated, or it is closed.

        Repeating it is harmless; it must be repeated until it returned once.
        """
        noted = await self._store.index.read(account)
        await gather(*(self._store.writes.mark_stale(account, channel) for channel in noted))

    async def audience(self, channels: Collection[ChannelId]) -> dict[ChannelId, Audience]:
        """Who receives each channel and where it ends, for the hub's cache."""
        return await self._store.reads.read_audiences(channels)

    async def sweep(self) -> int:
        """Apply the retention to a bounded part of what is due; how many entries went."""
        return await self._store.sweep(self._clock.now_ms())

    async def _access(self, account: AccountId, channel: ChannelId) -> Channel:
        """
        The only way to a conversation's state on behalf of an account.

        Raises: NotAMember, also when there is none.
        """
        if inbox_owner(channel) is not None:
            raise NotAMember("an inbox is no conversation")
        found = await self._store.reads.find_channels(account, [channel])
        if channel not in found:
            raise NotAMember("no such conversation for this caller")
        return found[channel]


async def _told(post: Callable[[Done], None]) -> Any:
    """What `post` will be told, for who waits."""
    future: Future[Any] = get_running_loop().create_future()

    def tell(outcome: Any) -> None:
        if future.done():  # whoever waited was cancelled
            return
        if isinstance(outcome, Exception):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)

    post(tell)
    return await future
