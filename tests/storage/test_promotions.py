"""A single server that was promoted is noticed, once; one that was restarted is not."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import pytest

from lien.storage import keys
from lien.storage.embedded import EmbeddedValkey
from lien.storage.feeds import FeedGap, follow
from lien.storage.valkey import Store, open_store

SHARDS = 2


@pytest.fixture
def server() -> Iterator[EmbeddedValkey]:
    with tempfile.TemporaryDirectory(prefix="lien-") as folder:  # short, for the socket's path
        yield EmbeddedValkey(Path(folder))


@asynccontextmanager
async def opened(server: EmbeddedValkey) -> AsyncIterator[Store]:
    server.start()
    try:
        server.wait_ready()
        store = await open_store(server.url, SHARDS, free_bytes=0)
        try:
            yield store
        finally:
            await store.close()
    finally:
        server.stop()


async def incarnations(store: Store) -> list[int]:
    found = [await store.redis.hget(keys.shard(shard), "incarnation") for shard in range(SHARDS)]
    return [int(one or 1) for one in found]


async def reconnect(store: Store) -> None:
    await store.redis.client_kill_filter(_type="normal", skipme=True)
    await asyncio.sleep(0.05)
    async with asyncio.timeout(10):
        while not store.pipe.is_connected:
            await asyncio.sleep(0.01)


async def test_a_promotion_is_a_new_incarnation(server: EmbeddedValkey) -> None:
    started = int(time.time())
    async with opened(server) as store:
        await reconnect(store)
        assert await incarnations(store) == [1, 1]
        async with aclosing(follow(store, {0: 0})) as batches:
            following = asyncio.ensure_future(anext(batches))
            await store.redis.replicaof("127.0.0.1", "1")
            await store.redis.replicaof("NO", "ONE")
            await reconnect(store)
            assert await asyncio.wait_for(following, 5) == FeedGap(0, 0)
        promoted = await incarnations(store)
        assert min(promoted) >= started
        await reconnect(store)
        assert await incarnations(store) == promoted
    async with opened(server) as store:
        assert await incarnations(store) == promoted
