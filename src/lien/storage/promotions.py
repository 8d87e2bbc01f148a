"""
A new primary is noticed before it is written to.

A replica that is elected may lack the last of what its primary answered. Each shard therefore
remembers which primary it was last written on; another one gives it a new incarnation, and the
devices, told so by the feed, step back to what is common and send their own again.

Limit: an election that nobody connected to, followed by a return to a state that looks the same,
is not seen. In a Cluster the name of a primary includes the number of its election, which never
repeats, so there is no such state.
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
