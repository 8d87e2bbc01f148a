"""The store on three primaries: routing, slots that move, feeds."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from lien.ids import AccountId, inbox_channel, new_id
from lien.protocol.codes import CloseCode
from lien.storage import keys
from lien.storage.cluster import Cluster
from lien.storage.errors import StoreUnavailable, UnusableStore
from lien.storage.feeds import Control, FeedEntry, FeedGap, follow, head, publish_control
from lien.storage.incarnations import begin_incarnation
from lien.storage.shards import shard_of
from lien.storage.slots import key_of, slot_of
from lien.storage.valkey import Store, open_store
from tests.cluster.conftest import SHARDS
from tests.cluster.nodes import SLOTS, Nodes


def test_slots_are_those_of_the_server(nodes: Nodes) -> None:
    names = ["", "a", "{s000}:log:x", "{}a", "a{b}c{d}", "{{b}}", "a{b", "é", keys.STORE]

    for name in names:
        assert slot_of(name) == nodes.all[0].ask("CLUSTER", "KEYSLOT", name), name


def test_keys_are_found_in_commands() -> None:
    assert key_of(("GET", "k")) == "k"
    assert key_of(("EVALSHA", "digest", 2, "k", "l")) == "k"
    assert key_of(("XREAD", "COUNT", 1, "BLOCK", 5, "STREAMS", b"k", "0-0")) == "k"
    assert key_of(("PING",)) is None


async def test_shards_are_spread_over_the_primaries(cluster_store: Store) -> None:
    cluster = cluster_store.pipe
    assert isinstance(cluster, Cluster)

    held = Counter(cluster.locate(keys.shard(shard)) for shard in range(SHARDS))

    assert len(held) == 3
    assert min(held.values()) >= 2


async def test_every_key_is_found_again(cluster_store: Store) -> None:
    call = cluster_store.pipe.call

    await asyncio.gather(*(call("SET", f"k{number}", number) for number in range(300)))
    found = await asyncio.gather(*(call("GET", f"k{number}") for number in range(300)))

    assert [int(one) for one in found] == list(range(300))
    assert await call("PING") == b"PONG"


async def test_one_server_of_many_is_enough_to_find_the_others(nodes: Nodes) -> None:
    store = await open_store(f"valkey://127.0.0.1:1,127.0.0.1:{nodes.all[2].port}", SHARDS)
    try:
        assert store.pipe.is_connected
    finally:
        await store.close()


async def test_another_number_of_shards_is_refused(cluster_store: Store, nodes: Nodes) -> None:
    with pytest.raises(UnusableStore, match="LIEN_SHARDS=8"):
        await open_store(nodes.url, SHARDS + 1)

    assert not await cluster_store.pipe.call("EXISTS", keys.shard(SHARDS))


async def test_every_primary_must_keep_its_word(cluster_store: Store, nodes: Nodes) -> None:
    nodes.all[2].client.config_set("appendfsync", "everysec")
    try:
        with pytest.raises(UnusableStore, match="appendfsync"):
            await open_store(nodes.url, SHARDS)
    finally:
        nodes.all[2].client.config_set("appendfsync", "always")


async def test_feeds_of_all_shards_are_followed(cluster_store: Store) -> None:
    accounts = [AccountId(new_id()) for _ in range(40)]
    starts = {shard: await head(cluster_store, shard) for shard in range(SHARDS)}
    seen: list[AccountId] = []

    async with asyncio.timeout(10), aclosing(follow(cluster_store, starts)) as batches:
        for account in accounts:
            await publish_control(cluster_store, account, close_code=CloseCode.REVOKED)
        async for batch in batches:
            assert isinstance(batch, list)
            seen += [entry.account for entry in batch if isinstance(entry, Control)]
            if len(seen) == len(accounts):
                break

    assert sorted(seen) == sorted(accounts)


async def test_a_restored_cluster_gets_one_new_incarnation(cluster_store: Store) -> None:
    assert await begin_incarnation(cluster_store) == 2
    found = [
        await cluster_store.pipe.call("HGET", keys.shard(shard), "incarnation")
        for shard in range(SHARDS)
    ]
    assert found == [b"2"] * SHARDS


def move_slot(nodes: Nodes, slot: int, source: int, target: int) -> None:
    """As an operator moves a slot; in between, its keys are asked for with ASK."""
    giver, taker = nodes.all[source], nodes.all[target]
    taker.ask("CLUSTER", "SETSLOT", slot, "IMPORTING", giver.id)
    giver.ask("CLUSTER", "SETSLOT", slot, "MIGRATING", taker.id)
    names = giver.ask("CLUSTER", "GETKEYSINSLOT", slot, 1000)
    giver.ask("MIGRATE", "127.0.0.1", taker.port, "", 0, 5000, "KEYS", *names)


def finish_move(nodes: Nodes, slot: int, target: int) -> None:
    taker = nodes.all[target]
    taker.ask("CLUSTER", "SETSLOT", slot, "NODE", taker.id)
    for node in nodes.primaries:
        node.ask("CLUSTER", "SETSLOT", slot, "NODE", taker.id)


async def test_a_slot_that_moves_is_followed(cluster_store: Store, nodes: Nodes) -> None:
    call = cluster_store.pipe.call
    slot = slot_of("{s}")
    source = slot * 3 // SLOTS
    target = (source + 1) % 3
    await call("SET", "{s}", "0")
    try:
        move_slot(nodes, slot, source, target)
        # ASK: it is at the new place, for this once.
        assert await call("INCR", "{s}") == 1
        assert await cluster_store.scripts.run("claim", ["{s}"], ["1", "2"]) == b"2"
        finish_move(nodes, slot, target)
        # MOVED: it is at the new place from now on.
        assert await asyncio.gather(*(call("INCR", "{s}") for _ in range(20))) == list(range(3, 23))
    finally:
        move_slot(nodes, slot, target, source)
        finish_move(nodes, slot, source)


async def test_a_feed_is_followed_where_it_moves(cluster_store: Store, nodes: Nodes) -> None:
    account = AccountId(new_id())
    shard = shard_of(inbox_channel(account), SHARDS)
    slot, source = slot_of(keys.feed(shard)), owner(nodes, shard)
    target = (source + 1) % 3
    await publish_control(cluster_store, account, close_code=0)
    async with asyncio.timeout(15), aclosing(follow(cluster_store, {shard: 0})) as batches:
        assert await next_code(batches) == 0
        for code, (giver, taker) in enumerate([(source, target), (target, source)], 1):
            move_slot(nodes, slot, giver, taker)
            finish_move(nodes, slot, taker)
            await publish_control(cluster_store, account, close_code=code)
            assert await next_code(batches) == code


async def next_code(batches: AsyncIterator[list[FeedEntry] | FeedGap]) -> int:
    batch = await anext(batches)
    assert isinstance(batch, list)
    [entry] = batch
    assert isinstance(entry, Control)
    return entry.close_code


async def test_a_primary_that_is_away_takes_only_its_part_with_it(
    cluster_store: Store, nodes: Nodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster = cluster_store.pipe
    assert isinstance(cluster, Cluster)
    away = nodes.all[slot_of("a") * 3 // SLOTS]
    other = next(key for key in "bcdefgh" if cluster.locate(key).port != away.port)
    away.client.config_set("requirepass", "x")  # refuses new connections
    try:
        nodes_clients = away.ask("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        assert nodes_clients
        await asyncio.sleep(0.05)
        with pytest.raises(StoreUnavailable):
            await cluster.call("GET", "a")
        assert await cluster.call("GET", other) is None
    finally:
        away.client.config_set("requirepass", "")
    async with asyncio.timeout(10):
        while not cluster.is_connected:
            await asyncio.sleep(0.02)
    assert await cluster.call("GET", "a") is None


async def test_another_primary_is_a_new_incarnation(cluster_store: Store, nodes: Nodes) -> None:
    """At least the number of the election, once, told by the feed, and of its shards alone."""
    call = cluster_store.pipe.call
    shard, other = 0, next(n for n in range(1, SHARDS) if owner(nodes, n) != owner(nodes, 0))
    own_epoch = await call("HGET", keys.shard(shard), "primary")
    elected = int(own_epoch.rpartition(b":")[2])
    await call("HSET", keys.shard(shard), "primary", "somebody:0")
    started = await head(cluster_store, shard)

    async with asyncio.timeout(10), aclosing(follow(cluster_store, {shard: started})) as batches:
        for _ in range(2):
            await (await open_store(nodes.url, SHARDS)).close()
        assert await anext(batches) == FeedGap(shard, started)

    assert await call("HGET", keys.shard(shard), "primary") == own_epoch
    assert int(await call("HGET", keys.shard(shard), "incarnation")) == max(2, elected)
    assert await call("HGET", keys.shard(other), "incarnation") is None


def owner(nodes: Nodes, shard: int) -> int:
    return int(nodes.all[0].ask("CLUSTER", "KEYSLOT", keys.shard(shard))) * 3 // SLOTS
