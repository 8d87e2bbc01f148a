"""Token buckets on a real server."""

import asyncio

from lien.storage.buckets import Buckets
from lien.storage.valkey import Store


async def test_a_full_bucket_grants_its_capacity_and_then_says_when(store: Store) -> None:
    buckets = Buckets(store)

    granted = [await buckets.take("x", 3, 10) for _ in range(3)]
    wait_ms = await buckets.take("x", 3, 10)

    assert granted == [0, 0, 0]
    assert 0 < wait_ms <= 100


async def test_a_token_comes_back_after_the_wait(store: Store) -> None:
    buckets = Buckets(store)
    await buckets.take("x", 1, 20)

    await asyncio.sleep(await buckets.take("x", 1, 20) / 1000 + 0.01)

    assert await buckets.take("x", 1, 20) == 0


async def test_buckets_do_not_share(store: Store) -> None:
    buckets = Buckets(store)
    await buckets.take("x", 1, 1)

    assert await buckets.take("y", 1, 1) == 0


async def test_a_bucket_is_forgotten_once_it_is_full_again(store: Store) -> None:
    await Buckets(store).take("x", 2, 1)

    assert 2_000 < await store.redis.pttl("bucket:x") <= 3_000


async def test_several_tokens_are_taken_together_or_not_at_all(store: Store) -> None:
    buckets = Buckets(store)

    assert await buckets.take("x", 10, 1, 8) == 0
    assert 5_000 < await buckets.take("x", 10, 1, 8) <= 6_000
    assert await buckets.take("x", 10, 1, 2) == 0
