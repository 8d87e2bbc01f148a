"""Shards: fixed for ever, and even."""

from collections import Counter

from lien.ids import ChannelId, new_channel
from lien.storage.shards import shard_of


def test_a_channel_stays_in_its_shard() -> None:
    """A change of this value would lose every conversation of every store."""
    assert shard_of(ChannelId("cAAAAAAAAAAAAAAAAAAAAAA"), 8) == 2


def test_channels_spread_over_all_shards() -> None:
    counts = Counter(shard_of(new_channel(), 8) for _ in range(4_000))

    assert set(counts) == set(range(8))
    assert max(counts.values()) < 2 * min(counts.values())
