"""Which generation of the directory is read, and the one an import is writing."""

from dataclasses import dataclass
from typing import Final, get_args

from lien.directory.errors import ImportRunning
from lien.directory.store.people import BUCKETS
from lien.directory.store.words import Kind
from lien.storage import keys
from lien.storage.valkey import Store

LOCK_MS: Final = 60_000
_SLICE: Final = 512  # keys per command, so that none holds up other callers


@dataclass(frozen=True, slots=True)
class Current:
    """Which generation is read, and the date of the extract it holds."""

    generation: int
    extract_date: str
    people: int


class Generations:
    """One import writes at a time; what it writes is read by nobody until `publish`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._call = store.pipe.call

    async def find_reconciled(self) -> int:
        """The generation the accounts were compared with last, 0 for none."""
        return int(await self._call("GET", keys.DIRECTORY_RECONCILED) or 0)

    async def set_reconciled(self, generation: int) -> None:
        """Remember it."""
        await self._call("SET", keys.DIRECTORY_RECONCILED, generation)

    async def find_current(self) -> Current | None:
        """What is published, None before the first import."""
        generation, date, people = await self._call(
            "HMGET", keys.DIRECTORY_CURRENT, "generation", "extract_date", "people"
        )
        return Current(int(generation), date.decode(), int(people)) if generation else None

    async def begin(self, token: str) -> int:
        """
        Take the lock and a fresh generation; delete what an import that died left.

        Raises: ImportRunning.
        """
        if not await self._call("SET", keys.DIRECTORY_IMPORT, token, "NX", "PX", LOCK_MS):
            raise ImportRunning("another import of the directory is running; wait a minute")
        current = await self.find_current()
        for member in await self._call("SMEMBERS", keys.DIRECTORY_GENERATIONS):
            if current is None or int(member) != current.generation:
                await self.delete(int(member))
        generation = int(await self._call("INCR", keys.DIRECTORY_LAST))
        await self._call("SADD", keys.DIRECTORY_GENERATIONS, generation)
        return generation

    async def renew(self, token: str) -> None:
        """Raises: ImportRunning if another import holds the lock by now."""
        if await self._call("GET", keys.DIRECTORY_IMPORT) != token.encode():
            raise ImportRunning("another import of the directory took over")
        await self._call("PEXPIRE", keys.DIRECTORY_IMPORT, LOCK_MS)

    async def publish(
        self, token: str, generation: int, extract_date: str, people: int, at_ms: int
    ) -> None:
        """
        Make a generation the one everyone reads, and give the lock back.

        Raises: ImportRunning if another import holds the lock by now.
        """
        published = await self._store.scripts.run(
            "publish_directory",
            [keys.DIRECTORY_IMPORT, keys.DIRECTORY_CURRENT],
            [token, generation, extract_date, people, at_ms],
        )
        if not published:
            raise ImportRunning("another import of the directory took over")

    async def abandon(self, token: str, generation: int) -> None:
        """After a failed import: delete what it wrote and give the lock back if it still has it."""
        await self.delete(generation)
        if await self._call("GET", keys.DIRECTORY_IMPORT) == token.encode():
            await self._call("DEL", keys.DIRECTORY_IMPORT)

    async def delete(self, generation: int) -> None:
        """Delete a generation's keys in slices; Valkey frees the memory in the background."""
        for start in range(0, BUCKETS, _SLICE):
            buckets = range(start, start + _SLICE)
            await self._call("UNLINK", *(keys.proofs(generation, bucket) for bucket in buckets))
        await self._call(
            "UNLINK",
            keys.listed(generation),
            keys.names(generation),
            *(keys.tokens(generation, kind) for kind in get_args(Kind)),
            keys.spellings(generation),
            keys.professions(generation),
        )
        await self._call("SREM", keys.DIRECTORY_GENERATIONS, generation)
