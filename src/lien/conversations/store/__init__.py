"""Channels in Valkey: the only part of this package that knows keys and scripts."""

from lien.conversations.store.index import Index
from lien.conversations.store.places import Places
from lien.conversations.store.reading import Reads
from lien.conversations.store.ways import Ways
from lien.conversations.store.writing import Writes
from lien.ids import AccountId, ChannelId
from lien.storage.buckets import Buckets
from lien.storage.retention import sweep
from lien.storage.valkey import Store

__all__ = ["ConversationStore"]


class ConversationStore:
    """Everything the service needs of the store."""

    def __init__(self, store: Store, retention_ms: int, least_ms: int = 0) -> None:
        places = Places(store.shards, retention_ms)
        self.reads = Reads(store, places)
        self.writes = Writes(store, places)
        self.ways = Ways(store, places)
        self.index = Index(store)
        self.buckets = Buckets(store)
        self._store = store
        self._retention_ms = retention_ms
        self._least_ms = least_ms

    async def set_retention(self, account: AccountId, channel: ChannelId, keep_ms: int) -> bool:
        """
        How long a conversation keeps its entries, within what the deployment allows.

        False when the account is no admin of it.
        """
        kept_ms = min(max(keep_ms, self._least_ms), self._retention_ms)
        return await self.writes.set_retention(account, channel, kept_ms, self._retention_ms)

    async def sweep(self, now_ms: int) -> int:
        """Remove what is older than the retention, a bounded part of it; how many entries."""
        return await sweep(self._store, now_ms, self._retention_ms)
