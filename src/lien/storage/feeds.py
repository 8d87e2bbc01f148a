"""
A shard's feed: what was appended or happened, for the relays of every worker.

The feed makes delivery quick, the log makes it sure. Entries are numbered n, n + 1, … by the
shard itself; whoever follows starts from a concrete number (never from "now", which misses what
happens between two reads) and is told by a `FeedGap` when numbers are missing: trimmed before
they were read, or lost with a restored store.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from lien.ids import AccountId, ChannelId, DeviceId, SessionId, inbox_channel
from lien.storage import keys
from lien.storage.connection import CALL_TIMEOUT_SECONDS
from lien.storage.errors import StoreUnavailable
from lien.storage.pipeline import Pipe
from lien.storage.shards import shard_of
from lien.storage.valkey import Store

# Well before the pipe gives up on a feed that is only quiet.
_BLOCK_MS: Final = int(CALL_TIMEOUT_SECONDS * 400)
_BATCH: Final = 128  # of each shard: at most some 8 MiB of envelopes
_RETRY_SECONDS: Final = 0.2


class EntryAppended(NamedTuple):
    """An entry of a channel's log. A tuple, because one is made for each message."""

    number: int
    channel: ChannelId
    version: int
    incarnation: int
    offset: int
    at_ms: int
    header: bytes
    sealed: bytes

    def __repr__(self) -> str:
        return f"EntryAppended(number={self.number})"


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
    """Entries of a shard after `after` are not there any more; its feed goes on behind them."""

    shard: int
    after: int


async def head(store: Store, shard: int) -> int:
    """The number of the shard's last entry, 0 when there is none."""
    return int(await store.pipe.call("HGET", keys.shard(shard), "feed") or 0)


async def follow(
    store: Store, starts: Mapping[int, int]
) -> AsyncGenerator[list[FeedEntry] | FeedGap, None]:
    """
    Yield batches of what follows each shard's entry `starts[shard]`, for ever; wait and go on
    when the store is away. A batch is in order within each shard.

    One connection and one call for all of them (measured: eight streams in one XREAD cost what
    one costs, and busy shards share their wake-ups); on a Cluster, which refuses that, one
    for each shard. Close it (`contextlib.aclosing`) to free the connections.
    """
    if not store.is_cluster:
        async with aclosing(_follow(store.open_reader(""), starts)) as batches:
            async for batch in batches:
                yield batch
        return
    # Room for one batch of each shard: who reads slowly keeps the readers waiting, not growing.
    queue: _Queue = asyncio.Queue(len(starts))
    tasks = [
        asyncio.create_task(_read_shard(store, shard, start, queue), name=f"feed-{shard}")
        for shard, start in starts.items()
    ]
    try:
        while True:
            found = await queue.get()
            if isinstance(found, BaseException):
                raise found
            yield found
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


_Queue = asyncio.Queue[list[FeedEntry] | FeedGap | Exception]


async def _read_shard(store: Store, shard: int, start: int, queue: _Queue) -> None:
    pipe = store.open_reader(keys.feed(shard))
    try:
        async with aclosing(_follow(pipe, {shard: start})) as batches:
            async for batch in batches:
                await queue.put(batch)
    except Exception as error:  # whoever follows must hear that a shard is not followed any more
        await queue.put(error)


async def _follow(
    pipe: Pipe, starts: Mapping[int, int]
) -> AsyncGenerator[list[FeedEntry] | FeedGap, None]:
    """Follow shards of one server; this closes the connection at the end."""
    last = dict(starts)
    try:
        await _connect(pipe)
        while True:
            try:
                found = await _read_after(pipe, last)
            except StoreUnavailable:
                await asyncio.sleep(_RETRY_SECONDS)
                continue
            batch: list[FeedEntry] = []
            for shard, entries in found.items():
                first = entries[0][0]
                if first != last[shard] + 1:
                    yield FeedGap(shard, last[shard])
                last[shard] = entries[-1][0]
                batch += _decode_batch(entries)
            if batch:
                yield batch
    finally:
        await pipe.close()


# Names and values of the fields as they were written; no fields where a feed ends early.
_Entries = list[tuple[int, list[bytes] | None]]


async def _connect(pipe: Pipe) -> None:
    while True:
        try:
            await pipe.connect()
        except StoreUnavailable:
            await asyncio.sleep(_RETRY_SECONDS)
        else:
            return


async def _read_after(pipe: Pipe, last: Mapping[int, int]) -> dict[int, _Entries]:
    """
    Wait for entries after `last`, not for ever.

    Without any, check that each feed still reaches `last`; of one that does not (the store was
    rebuilt), its end is returned as an entry without fields.
    """
    shards = {keys.feed(shard).encode(): shard for shard in last}
    ids = [f"{last[shard]}-0" for shard in shards.values()]
    reply: Any = await pipe.call(
        "XREAD", "COUNT", _BATCH, "BLOCK", _BLOCK_MS, "STREAMS", *shards, *ids
    )
    if reply:
        return {
            # Every id is "<number>-0".
            shards[name]: [(int(entry_id[:-2]), flat) for entry_id, flat in entries]
            for name, entries in reply
        }
    ends = await asyncio.gather(*(pipe.call("HGET", keys.shard(each), "feed") for each in last))
    return {
        shard: [(int(end or 0), None)]
        for shard, end in zip(last, ends, strict=True)
        if int(end or 0) < last[shard]
    }


def _decode_batch(found: _Entries) -> Iterator[FeedEntry]:
    for number, flat in found:
        entry = None if flat is None else _decode(number, flat)
        if entry is not None:
            yield entry


def _decode(number: int, flat: list[bytes]) -> FeedEntry | None:
    """One entry; None for a kind that a newer version wrote during an upgrade."""
    if flat[1][:2] == b"m ":  # all its short parts in one field: most of what is read
        _, short, _, header, _, sealed = flat
        _, channel, version, incarnation, offset, at_ms = short.decode().split(" ")
        return EntryAppended(
            number,
            ChannelId(channel),
            int(version),
            int(incarnation),
            int(offset),
            int(at_ms),
            header,
            sealed,
        )
    fields = dict(zip(flat[::2], flat[1::2], strict=True))
    match fields[b"k"]:
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
