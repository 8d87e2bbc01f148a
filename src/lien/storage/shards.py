"""
From a channel, or a blob, to its shard.

The number of shards is fixed when a store is first used (`valkey.open_store` refuses another
one later), because changing it would leave every channel in a place where nobody looks.
"""

import hashlib


def shard_of(name: str, shards: int) -> int:
    """The shard of an identifier, 0 to shards − 1, the same in every process and for ever."""
    # Not `hash()`, which is salted per process.
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % shards
