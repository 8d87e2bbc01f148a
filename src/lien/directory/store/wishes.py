"""Who does not want to be found by words: a set that outlives every import."""

from collections.abc import Sequence

from lien.ids import RppsNumber
from lien.storage import keys
from lien.storage.valkey import Store


class Wishes:
    """A wish is kept by number: it holds again for who comes back into the extract."""

    def __init__(self, store: Store) -> None:
        self._call = store.pipe.call

    async def set_hidden(self, rpps: RppsNumber, *, hidden: bool) -> None:
        """Keep or forget that this person is found by the whole number only."""
        await self._call("SADD" if hidden else "SREM", keys.DIRECTORY_HIDDEN, rpps)

    async def list_hidden(self, numbers: Sequence[RppsNumber]) -> list[bool]:
        """For each number, whether its owner hides from search."""
        if not numbers:
            return []
        flags = await self._call("SMISMEMBER", keys.DIRECTORY_HIDDEN, *numbers)
        return [bool(flag) for flag in flags]
