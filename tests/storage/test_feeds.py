"""Following a shard's feed on a real server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from lien.ids import AccountId, DeviceId, SessionId, inbox_channel, new_id
from lien.storage import keys
from lien.storage.feeds import Control, FeedEntry, FeedGap, follow, head, publish_control
from lien.storage.retention import sweep
from lien.storage.shards import shard_of
from lien.storage.valkey import Store

ACCOUNT = AccountId(new_id())


async def publish(store: Store, number: int = 1) -> int:
    for code in range(number):
        await publish_control(store, ACCOUNT, close_code=code)
    return shard_of(inbox_channel(ACCOUNT), store.shards)


async def take(batches: AsyncIterator[list[FeedEntry] | FeedGap]) -> list[FeedEntry] | FeedGap:
    async with asyncio.timeout(10):
        return await anext(batches)


async def test_entries_come_in_order_from_a_concrete_number(store: Store) -> None:
    shard = await publish(store, 3)

    async with aclosing(follow(store, {shard: 1})) as batches:
        batch = await take(batches)

    assert isinstance(batch, list)
    assert [entry.number for entry in batch] == [2, 3]


async def test_an_entry_written_between_two_reads_is_not_missed(store: Store) -> None:
    shard = await publish(store)
    async with aclosing(follow(store, {shard: await head(store, shard)})) as batches:
        waiting = asyncio.create_task(take(batches))
        await asyncio.sleep(0.05)
        await publish(store)
        first = await waiting
        await publish(store, 2)
        second = await take(batches)

    assert isinstance(first, list)
    assert isinstance(second, list)
    assert [entry.number for entry in (*first, *second)][:2] == [2, 3]


async def test_a_control_names_what_to_close(store: Store) -> None:
    device, session = DeviceId(new_id()), SessionId(new_id())
    await publish_control(store, ACCOUNT, device=device, close_code=4200)
    await publish_control(store, ACCOUNT, session=session, close_code=4100)
    shard = shard_of(inbox_channel(ACCOUNT), store.shards)

    async with aclosing(follow(store, {shard: 0})) as batches:
        batch = await take(batches)

    assert batch == [
        Control(1, ACCOUNT, device, None, 4200),
        Control(2, ACCOUNT, None, session, 4100),
    ]


async def test_missing_numbers_are_said(store: Store) -> None:
    shard = await publish(store, 5)
    await store.redis.xtrim(keys.feed(shard), maxlen=2, approximate=False)

    async with aclosing(follow(store, {shard: 1})) as batches:
        gap = await take(batches)
        batch = await take(batches)

    assert gap == FeedGap(shard, 1)
    assert isinstance(batch, list)
    assert [entry.number for entry in batch] == [4, 5]


async def test_a_rebuilt_feed_is_said(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A restored store counts from an older number: waiting for the next one would be for ever."""
    monkeypatch.setattr("lien.storage.feeds._BLOCK_MS", 50)
    shard = await publish(store, 2)

    async with aclosing(follow(store, {shard: 10})) as batches:
        gap = await take(batches)
        waiting = asyncio.create_task(take(batches))
        await asyncio.sleep(0.1)
        await publish(store)
        batch = await waiting

    assert gap == FeedGap(shard, 10)
    assert isinstance(batch, list)
    assert [entry.number for entry in batch] == [3]


async def test_a_lost_connection_loses_nothing(store: Store) -> None:
    shard = await publish(store)
    async with aclosing(follow(store, {shard: 1})) as batches:
        waiting = asyncio.create_task(take(batches))
        await asyncio.sleep(0.05)
        await store.redis.client_kill_filter(_type="normal", skipme=True)
        await asyncio.sleep(0.3)
        await publish(store)
        batch = await waiting

    assert isinstance(batch, list)
    assert [entry.number for entry in batch] == [2]


async def test_a_feed_stays_short(store: Store) -> None:
    """Its length follows the size of what is in it: 32 MiB of large entries are few."""
    shard = shard_of(inbox_channel(ACCOUNT), store.shards)
    await publish(store, 400)
    await store.redis.hset(keys.shard(shard), "size", str(1_000_000))

    await publish(store)

    assert 256 <= await store.redis.xlen(keys.feed(shard)) < 400
    assert await head(store, shard) == 401


async def test_what_is_old_leaves_a_quiet_feed(store: Store) -> None:
    async def publish_and_sweep(*, minutes_later: int) -> int:
        shard = await publish(store)
        name = keys.shard(shard)
        await store.redis.hset(name, "swept", "0")
        marked = int(await store.redis.hget(name, "marked") or 0)
        if marked:
            await store.redis.hset(name, "marked", str(marked - minutes_later * 60_000))
        await sweep(store, 0, 0)
        return int(await store.redis.xlen(keys.feed(shard)))

    assert await publish_and_sweep(minutes_later=0) == 1  # marked
    assert await publish_and_sweep(minutes_later=9) == 2
    assert await publish_and_sweep(minutes_later=2) == 2  # the marked one goes, marked again
    assert await publish_and_sweep(minutes_later=11) == 1

    shard = shard_of(inbox_channel(ACCOUNT), store.shards)
    async with aclosing(follow(store, {shard: 1})) as batches:
        assert await take(batches) == FeedGap(shard, 1)
