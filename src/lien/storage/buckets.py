"""
Token buckets in the store: one limit shared by every worker.

If the store does not answer, `take` raises `StoreUnavailable`: the limit is *closed*. A caller
whose limit should stay open when the store is away catches it.
"""

from lien.storage import keys
from lien.storage.valkey import Store


class Buckets:
    """Take tokens, or learn when there will be enough."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def take(self, name: str, capacity: int, per_second: float, count: int = 1) -> int:
        """
        Take `count` tokens of the bucket `name`: 0 when granted, else milliseconds to wait.

        Raises: StoreUnavailable.
        """
        wait_ms: int = await self._store.scripts.run(
            "take_token", [keys.bucket(name)], [capacity, per_second, count]
        )
        return wait_ms
