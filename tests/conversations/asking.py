"""Questions that many tests ask."""

import asyncio
from collections.abc import Sequence

from lien.conversations import (
    Conversations,
)
from lien.ids import ChannelId
from lien.protocol.positions import Cursor, Position
from lien.storage.feeds import FeedEntry, follow
from lien.storage.shards import shard_of
from lien.storage.valkey import Store
from tests.conversations.people import (
    Made,
    Person,
)


async def begin(conversations: Conversations, author: Person, made: Made) -> Position:
    return await conversations.begin_epoch(
        author.account, author.device, made.signed.data, made.signed.signature, made.sealed_keys
    )


async def read_all(
    conversations: Conversations, person: Person, channel: ChannelId
) -> Sequence[object]:
    """What a device that has nothing gets."""
    found = await conversations.resume(person.account, [Cursor(channel, 0, 0)])
    return found.pushes


async def read_feed(store: Store, channel: ChannelId) -> list[FeedEntry]:
    batches = follow(store, {shard_of(channel, store.shards): 0})
    try:
        async with asyncio.timeout(5):
            batch = await anext(batches)
        assert isinstance(batch, list)
        return [entry for entry in batch if getattr(entry, "channel", "") == channel]
    finally:
        await batches.aclose()
