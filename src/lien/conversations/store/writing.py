"""
Writes to a channel: each is one script, so whole or not at all. What happens per message is in
`ways`.
"""

from collections.abc import Iterable
from itertools import chain

from lien.conversations.errors import EpochTaken
from lien.conversations.models import Begun
from lien.conversations.store.places import Places, checksum, shard_keys
from lien.crypto.envelope import Header
from lien.ids import AccountId, ChannelId
from lien.protocol.positions import Position
from lien.storage import keys
from lien.storage.valkey import Store


class Writes:
    """What changes a channel."""

    def __init__(self, store: Store, places: Places) -> None:
        self._space = store.space
        self._run = store.scripts.run
        self._places = places

    async def set_retention(
        self, account: AccountId, channel: ChannelId, keep_ms: int, longest_ms: int
    ) -> bool:
        """How long the conversation keeps its entries; False when the account is no admin."""
        shard = self._places.shard_of(channel)
        [outcome] = await self._run(
            "set_retention",
            [
                keys.log(shard, channel),
                keys.state(shard, channel),
                keys.members(shard, channel),
                keys.oldest(shard),
            ],
            [channel, account, keep_ms, longest_ms],
        )
        return bool(outcome == b"ok")

    async def append_notice(
        self, header: Header, clear: bytes, sealed: bytes, now_ms: int
    ) -> Position:
        """Append to an inbox, once for one envelope id."""
        channel = header.channel
        shard = self._places.shard_of(channel)
        period = self._places.period(now_ms)
        incarnation, offset, _ = await self._run(
            "append_notice",
            [
                keys.log(shard, channel),
                keys.state(shard, channel),
                *shard_keys(shard),
                *self._places.seen(shard, channel, period),
            ],
            [
                channel,
                header.envelope,
                now_ms,
                clear,
                sealed,
                checksum(clear, sealed),
                self._places.seen_life_ms,
                period,
            ],
        )
        return Position(incarnation, offset)

    async def append_statement(self, begun: Begun, marks: int, now_ms: int) -> Position | None:
        """
        Start an epoch; None if a member's secret was rotated since `marks` was read.

        Raises: EpochTaken, StoreFull, StoreUnavailable.
        """
        self._space.require()
        channel = begun.channel
        shard = self._places.shard_of(channel)
        sealed = begun.signed.signature + begun.signed.data
        members: Iterable[str | bytes] = chain.from_iterable(
            (account, f"{role}:{generation}", key)
            for account, role, generation, key in begun.members
        )
        reply = await self._run(
            "append_statement",
            [
                keys.log(shard, channel),
                keys.state(shard, channel),
                keys.members(shard, channel),
                keys.statements(shard, channel),
                keys.sealed(shard, channel, begun.epoch),
                *shard_keys(shard),
            ],
            [
                channel,
                begun.epoch,
                begun.previous_hash.hex(),
                begun.signed.hash.hex(),
                now_ms,
                begun.header,
                sealed,
                checksum(begun.header, sealed),
                int(begun.has_past),
                marks,
                int(begun.is_leaving),
                *members,
            ],
        )
        match reply:
            case [b"ok", incarnation, offset]:
                return Position(incarnation, offset)
            case [b"moved"]:
                return None
            case _:
                raise EpochTaken("another statement has this number")

    async def mark_stale(self, account: AccountId, channel: ChannelId) -> None:
        """Make the channel's epoch stale if the account is in it."""
        shard = self._places.shard_of(channel)
        await self._run(
            "mark_stale", [keys.state(shard, channel), keys.members(shard, channel)], [account]
        )
