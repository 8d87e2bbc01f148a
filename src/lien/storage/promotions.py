"""
A new primary is noticed before it is written to.

A replica that is elected may lack the last of what its primary answered. Each shard therefore
remembers which primary it was last written on; another one gives it a new incarnation, and the
devices, told so by the feed, step back to what is common and send their own again.

In a Cluster the name of a primary includes the number of its election, which never repeats. A
single server that was a replica says so by its second replication id, until it is restarted:
limit: a promotion and a restart, with no worker connected in between, are not seen.
"""

import asyncio
from typing import Final

from lien.storage import keys
from lien.storage.errors import StoreElsewhere
from lien.storage.pipeline import Send
from lien.storage.scripts import read_source
from lien.storage.slots import read_info

_SCRIPT: Final = "note_primary"


async def note_cluster_primary(send: Send, shards: int) -> None:
    """
    Tell the shards that this server of a Cluster has who it is; the others refuse and keep theirs.

    Raises: StoreUnavailable.
    """
    name, info = await asyncio.gather(send("CLUSTER", "MYID"), send("CLUSTER", "INFO"))
    epoch = int(read_info(info).get("cluster_my_epoch", "0"))
    await _note(send, shards, f"{name.decode()}:{epoch}", epoch)


async def note_single_primary(send: Send, shards: int) -> None:
    """
    Tell the shards if this server was promoted since they were last written.

    Raises: StoreUnavailable.
    """
    text, (seconds, _) = await asyncio.gather(send("INFO", "replication"), send("TIME"))
    info = read_info(text)
    before = info.get("master_replid2", "")
    if before.strip("0"):
        # There is no number of elections here; no two promotions share a second.
        await _note(send, shards, f"{before}:{info['second_repl_offset']}", int(seconds))
        return
    # Never promoted, or restarted since: what is noted stays.
    await asyncio.gather(
        *(send("HSETNX", keys.shard(shard), "primary", "first") for shard in range(shards))
    )


async def _note(send: Send, shards: int, primary: str, least: int) -> None:
    source = read_source(_SCRIPT)
    replies = await asyncio.gather(
        *(
            send("EVAL", source, 2, keys.shard(shard), keys.feed(shard), primary, least)
            for shard in range(shards)
        ),
        return_exceptions=True,
    )
    for reply in replies:
        if isinstance(reply, BaseException) and not isinstance(reply, StoreElsewhere):
            raise reply
