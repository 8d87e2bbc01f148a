"""
The incarnation of a store: a number that changes when what devices saw may be gone.

A log that was restored from a backup goes on with offsets that were used before for other
entries. The number tells the two apart.
"""

from lien.storage import keys
from lien.storage.valkey import Store


async def begin_incarnation(store: Store) -> int:
    """
    Give every shard the same new number, greater than any it had; return it.

    Raises: StoreUnavailable.
    """
    places = [(keys.shard(shard), keys.feed(shard)) for shard in range(store.shards)]
    known = [int(await store.pipe.call("HGET", name, "incarnation") or 1) for name, _ in places]
    incarnation = max(known) + 1
    for place in places:
        await store.scripts.run("begin_incarnation", place, [incarnation])
    return incarnation
