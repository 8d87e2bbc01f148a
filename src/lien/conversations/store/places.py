"""Where a channel's parts are, and how an entry is told from an altered one."""

import hashlib
from typing import Final

from lien.ids import ChannelId
from lien.storage import keys, shards

_DAY_MS: Final = 86_400_000
# A phone may come back from weeks in a drawer with an envelope whose answer it never saw.
_SEEN_MS: Final = 30 * _DAY_MS
_SEEN_PERIODS: Final = 3  # in one life of the duplicate table


class Places:
    """The keys of a channel, given the shards and the retention of this deployment."""

    def __init__(self, shards: int, retention_ms: int) -> None:
        self._shards = shards
        self._period_ms = max(retention_ms, _SEEN_MS) // _SEEN_PERIODS
        self.seen_life_ms = self._period_ms * (_SEEN_PERIODS + 2)

    def shard_of(self, channel: ChannelId) -> int:
        return shards.shard_of(channel, self._shards)

    def state(self, channel: ChannelId) -> str:
        return keys.state(self.shard_of(channel), channel)

    def period(self, now_ms: int) -> int:
        """The part of the duplicate table that is written now."""
        return now_ms // self._period_ms

    def seen(self, shard: int, channel: ChannelId, period: int) -> list[str]:
        """The parts of the duplicate table, in the order that lua/seen.lua wants."""
        return [keys.seen(shard, channel, period + 1 - back) for back in range(_SEEN_PERIODS + 2)]


def shard_keys(shard: int) -> tuple[str, str, str]:
    """What every script that appends to a log needs of the shard."""
    return keys.shard(shard), keys.feed(shard), keys.oldest(shard)


def checksum(header: bytes, sealed: bytes) -> str:
    """
    What tells a stored entry from an altered one.

    The store does not notice a flipped bit in its file; content is saved by its encryption, the
    header would not be.
    """
    content = b"".join((len(header).to_bytes(4, "big"), header, sealed))
    return hashlib.blake2b(content, digest_size=8).hexdigest()
