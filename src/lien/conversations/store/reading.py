"""Reads of a channel."""

from asyncio import gather
from collections.abc import Collection, Sequence
from itertools import chain
from sys import intern

from lien.conversations.models import Audience, Channel, StoredEntry, StoredEpoch
from lien.conversations.store.places import Places, checksum
from lien.crypto.signing import SIGNATURE_BYTES
from lien.crypto.statement import SignedStatement
from lien.ids import AccountId, ChannelId, inbox_owner
from lien.protocol.frames import Level, Receipt
from lien.storage import keys
from lien.storage.valkey import Store


class Reads:
    """What asks a channel."""

    def __init__(self, store: Store, places: Places) -> None:
        self._call = store.pipe.call
        self._run = store.scripts.run
        self._places = places

    async def find_channels(
        self, account: AccountId, channels: Collection[ChannelId]
    ) -> dict[ChannelId, Channel]:
        """Where those of the channels stand that the account may read: one call per shard."""
        replies = await gather(
            *(self._read_states(account, *each) for each in self._by_shard(channels).items())
        )
        return {channel: found for reply in replies for channel, found in reply}

    def _by_shard(self, channels: Collection[ChannelId]) -> dict[int, list[ChannelId]]:
        by_shard: dict[int, list[ChannelId]] = {}
        for channel in channels:
            by_shard.setdefault(self._places.shard_of(channel), []).append(channel)
        return by_shard

    async def _read_states(
        self, account: AccountId, shard: int, group: Sequence[ChannelId]
    ) -> list[tuple[ChannelId, Channel]]:
        pairs = ((keys.state(shard, each), keys.members(shard, each)) for each in group)
        current, states = await self._run(
            "read_states",
            [keys.shard(shard), *chain.from_iterable(pairs)],
            [account, *(int(inbox_owner(each) == account) for each in group)],
        )
        return [
            (channel, _channel_of(current, *state))
            # A trailing nil ends the reply early.
            for channel, state in zip(group, states, strict=False)
            if state is not None
        ]

    async def read_entries(
        self, channel: ChannelId, after: int, until: int, count: int
    ) -> tuple[list[StoredEntry], int, int]:
        """
        Entries between two offsets, the last of them included.

        Returns them, the offset up to which this answer says all, and how many were damaged:
        left out, because nothing that does not match its checksum is ever served.
        """
        found = await self._call(
            "XRANGE",
            keys.log(self._places.shard_of(channel), channel),
            f"{after + 1}-0",
            f"{until}-0",
            "COUNT",
            count,
        )
        entries = [_entry_of(*each) for each in found]
        good = [entry for entry in entries if entry is not None]
        reached = int(found[-1][0].partition(b"-")[0]) if len(found) == count else until
        return good, reached, len(entries) - len(good)

    async def read_audiences(self, channels: Collection[ChannelId]) -> dict[ChannelId, Audience]:
        """The accounts that receive each channel, and its end: one call per shard."""
        replies = await gather(
            *(self._read_audiences(*each) for each in self._by_shard(channels).items())
        )
        return {channel: found for reply in replies for channel, found in reply}

    async def _read_audiences(
        self, shard: int, group: Sequence[ChannelId]
    ) -> list[tuple[ChannelId, Audience]]:
        pairs = ((keys.state(shard, each), keys.members(shard, each)) for each in group)
        incarnation, found = await self._run(
            "read_audiences", [keys.shard(shard), *chain.from_iterable(pairs)], []
        )
        return [
            (channel, Audience(version, _readers_of(channel, accounts), incarnation, head))
            for channel, (version, head, accounts) in zip(group, found, strict=True)
        ]

    async def read_epochs(
        self, channel: ChannelId, numbers: Sequence[int]
    ) -> list[StoredEpoch | None]:
        """The statements of these epochs, None for one that is not there."""
        if not numbers:
            return []
        fields = chain.from_iterable((str(number), f"o{number}") for number in numbers)
        found = await self._call(
            "HMGET", keys.statements(self._places.shard_of(channel), channel), *fields
        )
        return [
            _epoch_of(number, *found[2 * index : 2 * index + 2])
            for index, number in enumerate(numbers)
        ]

    async def read_sealed_keys(
        self, account: AccountId, channel: ChannelId, numbers: Sequence[int]
    ) -> list[bytes | None]:
        """The account's own sealed keys of these epochs."""
        shard = self._places.shard_of(channel)
        calls = [
            self._call("HGET", keys.sealed(shard, channel, number), account) for number in numbers
        ]
        return list(await gather(*calls))

    async def read_receipts(self, channel: ChannelId) -> list[Receipt]:
        """How far the members' devices, and the members, have come."""
        shard = self._places.shard_of(channel)
        flat: list[bytes] = await self._call("HGETALL", keys.receipts(shard, channel))
        return [
            _receipt_of(channel, field.decode(), int(offset))
            for field, offset in zip(flat[::2], flat[1::2], strict=True)
        ]

    async def read_marks(self, channel: ChannelId) -> int:
        """How many rotations of (possible) members this channel was told of."""
        return int(await self._call("HGET", self._places.state(channel), "marks") or 0)

    async def has_epoch(self, channel: ChannelId) -> bool:
        """True once the conversation was begun, by anyone."""
        return bool(await self._call("HEXISTS", self._places.state(channel), "epoch"))


def _readers_of(channel: ChannelId, members: Sequence[bytes]) -> frozenset[AccountId]:
    owner = inbox_owner(channel)
    if owner is not None:
        return frozenset((owner,))
    # One text for an account, however many channels it is kept for.
    return frozenset(AccountId(intern(each.decode())) for each in members)


def _receipt_of(channel: ChannelId, field: str, offset: int) -> Receipt:
    account, _, level = field.rpartition(":")
    return Receipt(channel, AccountId(account), Level(int(level)), offset)


def _channel_of(current: int, since: int, flat: Sequence[bytes]) -> Channel:
    state = dict(zip(flat[::2], flat[1::2], strict=True))
    head = int(state.get(b"offset", 0))
    starts = {
        int(name.removeprefix(b"start:")): int(value)
        for name, value in state.items()
        if name.startswith(b"start:")
    }
    if int(state.get(b"incarnation", current)) < current:
        # Nothing was written since the store was restored: the new stream begins at its end.
        starts[current] = head
    return Channel(
        incarnation=current,
        head=head,
        since=since,
        starts=starts,
        epoch=int(state.get(b"epoch", 0)),
        is_stale=state.get(b"stale") == b"1",
        statement_hash=bytes.fromhex(state.get(b"statement", b"").decode()),
    )


def _entry_of(entry_id: bytes, flat: Sequence[bytes]) -> StoredEntry | None:
    fields = dict(zip(flat[::2], flat[1::2], strict=True))
    header, sealed = fields[b"h"], fields[b"s"]
    if fields[b"c"].decode() != checksum(header, sealed):
        return None
    return StoredEntry(int(entry_id.partition(b"-")[0]), int(fields[b"t"]), header, sealed)


def _epoch_of(number: int, value: bytes | None, offset: bytes | None) -> StoredEpoch | None:
    if value is None or offset is None:
        return None
    signed = SignedStatement(value[SIGNATURE_BYTES:], value[:SIGNATURE_BYTES])
    return StoredEpoch(number, signed, int(offset))
