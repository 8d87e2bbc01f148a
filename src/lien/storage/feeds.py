"""
A shard's feed: what was appended or happened, for the relays of every worker.

The feed makes delivery quick, the log makes it sure. Entries are numbered n, n + 1, … by the
shard itself; whoever follows starts from a concrete number (never from "now", which misses what
happens between two reads) and is told by a `FeedGap` when numbers are missing: trimmed before
they were read, or lost with a restored store.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from redis import exceptions
from redis.asyncio import Redis

from lien.ids import AccountId, ChannelId, DeviceId, SessionId, inbox_channel
from lien.storage import keys
from lien.storage.shards import shard_of
from lien.storage.valkey import Store, connect

_BLOCK_MS: Final = 5_000
# The socket must outwait the block, or redis-py gives up on a quiet feed.
_SOCKET_SECONDS: Final = _BLOCK_MS / 1000 + 5
_BATCH: Final = 128  # at most some 8 MiB of envelopes at once
_RETRY_SECONDS: Final = 0.2


@dataclass(frozen=True, slots=True)
class EntryAppended:
    """An entry of a channel's log."""

    number: int
    channel: ChannelId
    version: int
    incarnation: int
    offset: int
    at_ms: int
    header: bytes = field(repr=False)
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReceiptMoved:
    """An account's delivered (1) or read (2) mark rose."""

    number: int
    channel: ChannelId
    version: int
    account: AccountId
    level: int
    offset: int


@dataclass(frozen=True, slots=True)
class TypingSeen:
    """A member is writing."""

    number: int
    channel: ChannelId
    version: int
    account: AccountId


@dataclass(frozen=True, slots=True)
class Control:
    """Sockets of this account must close: one device's, one session's, or all of them."""

    number: int
    account: AccountId
    device: DeviceId | None
    session: SessionId | None
    close_code: int


FeedEntry = EntryAppended | ReceiptMoved | TypingSeen | Control


@dataclass(frozen=True, slots=True)
class FeedGap:
    """Entries after `after` are not there any more; the feed goes on behind them."""

    after: int


async def head(store: Store, shard: int) -> int:
    """The number of the shard's last entry, 0 when there is none."""
    return int(await store.pipe.call("HGET", keys.shard(shard), "feed") or 0)


async def follow(
    store: Store, shard: int, start: int
) -> AsyncGenerator[list[FeedEntry] | FeedGap, None]:
    """
    Yield batches of what follows entry `start`, for ever; wait and go on when the store is away.

    Close it (`contextlib.aclosing`) to free its connection.
    """
    redis = connect(store.address, timeout_seconds=_SOCKET_SECONDS)
    last = start
    try:
        while True:
            try:
                found = await _read_after(redis, shard, last)
            except exceptions.RedisError:
                await asyncio.sleep(_RETRY_SECONDS)
                continue
            first = found[0][0] if found else last + 1
            if first != last + 1:
                yield FeedGap(last)
                # With nothing to read the numbers themselves went back: the store was rebuilt.
                last = first - 1
            if found:
                last = found[-1][0]
                if batch := _decode_batch(found):
                    yield batch
    finally:
        await redis.aclose()


async def _read_after(
    redis: Redis, shard: int, last: int
) -> list[tuple[int, Mapping[bytes, bytes] | None]]:
    """
    Wait for entries after `last`, not for ever.

    Without any, check that the feed still reaches `last`; if it does not, return its end as an
    entry without fields.
    """
    reply: Any = await redis.xread({keys.feed(shard): f"{last}-0"}, count=_BATCH, block=_BLOCK_MS)
    if reply:
        return [(_number(each[0]), each[1]) for each in reply[0][1]]
    end = int(await redis.hget(keys.shard(shard), "feed") or 0)
    return [(end, None)] if end < last else []


def _number(entry_id: bytes) -> int:
    return int(entry_id.partition(b"-")[0])


def _decode_batch(
    found: list[tuple[int, Mapping[bytes, bytes] | None]],
) -> list[FeedEntry]:
    decoded = (_decode(number, fields) for number, fields in found if fields is not None)
    return [entry for entry in decoded if entry is not None]


def _decode(number: int, fields: Mapping[bytes, bytes]) -> FeedEntry | None:
    """One entry; None for a kind that a newer version wrote during an upgrade."""
    match fields[b"k"]:
        case b"e":
            return EntryAppended(
                number,
                ChannelId(fields[b"c"].decode()),
                int(fields[b"v"]),
                int(fields[b"i"]),
                int(fields[b"o"]),
                int(fields[b"at"]),
                fields[b"h"],
                fields[b"s"],
            )
        case b"r":
            return ReceiptMoved(
                number,
                ChannelId(fields[b"c"].decode()),
                int(fields[b"v"]),
                AccountId(fields[b"a"].decode()),
                int(fields[b"l"]),
                int(fields[b"o"]),
            )
        case b"t":
            return TypingSeen(
                number,
                ChannelId(fields[b"c"].decode()),
                int(fields[b"v"]),
                AccountId(fields[b"a"].decode()),
            )
        case b"x":
            return Control(
                number,
                AccountId(fields[b"a"].decode()),
                DeviceId(fields[b"d"].decode()) or None,
                SessionId(fields[b"s"].decode()) or None,
                int(fields[b"n"]),
            )
        case _:
            return None


async def publish_control(
    store: Store,
    account: AccountId,
    *,
    device: DeviceId | None = None,
    session: SessionId | None = None,
    close_code: int,
) -> None:
    """
    Tell every worker to close sockets of this account.

    Raises: StoreUnavailable.
    """
    shard = shard_of(inbox_channel(account), store.shards)
    await store.scripts.run(
        "publish_control",
        [keys.shard(shard), keys.feed(shard)],
        [account, device or "", session or "", int(close_code)],
    )
