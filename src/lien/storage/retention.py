"""
Retention: entries older than the horizon, or than what their conversation keeps, go, and with them
the keys that open nothing else.
Feeds go sooner: what every worker has long relayed is of use to nobody.

The horizon of a shard moves in steps (see lua/advance_horizon.lua), so that a clock which jumps
ahead for a moment cannot erase what should stay. Every part of the work is bounded; what is
left over is found again by the next sweep. A crash between two parts leaves work, never damage.
"""

from typing import Final

from lien.ids import ChannelId
from lien.storage import keys
from lien.storage.valkey import Store

_LONGEST_STEP_MS: Final = 3_600_000
_INTERVAL_MS: Final = 30_000  # workers that sweep at the same time share the work by shard
_FEED_LIFE_MS: Final = 600_000  # a worker that is further behind resumes its devices
_CHANNELS: Final = 500  # per shard and sweep
_ENTRIES: Final = 500  # per script call, some 5 ms of the store's time
_EPOCHS: Final = 100  # per channel and sweep


async def sweep(store: Store, now_ms: int, longest_ms: int) -> int:
    """
    Trim every shard that no other worker has just trimmed; the number of entries removed.

    Raises: StoreUnavailable.
    """
    removed = 0
    for shard in range(store.shards):
        is_ours, horizon = await store.scripts.run(
            "advance_horizon",
            [keys.shard(shard)],
            [now_ms - longest_ms, _LONGEST_STEP_MS, _INTERVAL_MS],
        )
        if is_ours:
            await store.scripts.run(
                "age_feed", [keys.shard(shard), keys.feed(shard)], [_FEED_LIFE_MS]
            )
            removed += await _sweep_shard(store, shard, horizon, longest_ms)
    return removed


async def _sweep_shard(store: Store, shard: int, horizon: int, longest_ms: int) -> int:
    names = await store.pipe.call(
        *("ZRANGEBYSCORE", keys.oldest(shard), "-inf", f"({horizon}", "LIMIT", 0, _CHANNELS)
    )
    removed = 0
    for name in names:
        channel = ChannelId(name.decode())
        count, first = await store.scripts.run(
            "trim_log",
            [keys.log(shard, channel), keys.state(shard, channel), keys.oldest(shard)],
            [channel, horizon, _ENTRIES, longest_ms],
        )
        removed += count
        await _drop_sealed_keys(store, shard, channel, first)
    return removed


async def _drop_sealed_keys(store: Store, shard: int, channel: ChannelId, first: int) -> None:
    """Remove the sealed keys of epochs that ended before offset `first`."""
    state = keys.state(shard, channel)
    current, lowest = await store.pipe.call("HMGET", state, "epoch", "sealed")
    epoch = int(lowest or 1)
    # The present epoch's keys stay: the next message needs them.
    last = min(int(current or 0), epoch + _EPOCHS)
    if epoch >= last:
        return
    following = [f"o{number}" for number in range(epoch + 1, last + 1)]
    starts = await store.pipe.call("HMGET", keys.statements(shard, channel), *following)
    dropped = 0
    for start in starts:
        # Epoch `epoch` ends where the next one's statement stands.
        if start is None or int(start) > first:
            break
        await store.pipe.call("UNLINK", keys.sealed(shard, channel, epoch + dropped))
        dropped += 1
    if dropped:
        await store.pipe.call("HSET", state, "sealed", epoch + dropped)
