"""
Professionals to Valkey and back.

An import writes a whole new *generation* of keys that nobody reads, then publishes its number
in one step: a search sees all of an extract or none of it.

Two kinds of people. Those of the territory are a record, a line in the order of names and the
tokens that find them (about 3 kB each). Everyone else in the national file is only a *proof*
that the number exists: about 45 bytes in one of `BUCKETS` small hashes, which Valkey packs in
one block each, so that two million people take some 100 MB and need no key of their own.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from lien.directory import records, rules
from lien.directory.errors import ImportRunning
from lien.directory.models import Professional
from lien.ids import RppsNumber
from lien.storage import keys
from lien.storage.valkey import Store

BUCKETS: Final = 32_768  # 2.3 million people: 70 each, below the 128 that Redis still packs
LOCK_MS: Final = 60_000
_SLICE: Final = 512  # keys or fields per command, so that none holds up other callers

Kind = Literal["name", "place"]


@dataclass(frozen=True, slots=True)
class Current:
    """Which generation is read, and the date of the extract it holds."""

    generation: int
    extract_date: str
    people: int


class DirectoryStore:
    """The only one who knows the keys of the directory. Raises StoreUnavailable throughout."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._call = store.pipe.call

    # Reading

    async def find_current(self) -> Current | None:
        """What is published, None before the first import."""
        generation, date, people = await self._call(
            "HMGET", keys.DIRECTORY_CURRENT, "generation", "extract_date", "people"
        )
        return Current(int(generation), date.decode(), int(people)) if generation else None

    async def find(self, generation: int, rpps: RppsNumber) -> Professional | None:
        """Anyone in the file, in the territory or not."""
        bucket, rest = _bucket(rpps)
        listed, proof = await asyncio.gather(
            self._call("HGET", keys.listed(generation), rpps),
            self._call("HGET", keys.proofs(generation, bucket), rest),
        )
        if listed is not None:
            return records.decode(rpps, listed)
        if proof is None:
            return None
        person = records.decode_proof(rpps, proof)
        code = person.profession_code
        label = await self._call("HGET", keys.professions(generation), code)
        return replace(person, profession=(label or b"").decode())

    async def list_listed(
        self, generation: int, numbers: Sequence[RppsNumber]
    ) -> list[Professional | None]:
        """The people of the territory with these numbers, in the order asked."""
        found = await self.list_records(generation, numbers)
        return [
            None if record is None else records.decode(rpps, record)
            for rpps, record in zip(numbers, found, strict=True)
        ]

    async def list_records(
        self, generation: int, numbers: Sequence[RppsNumber]
    ) -> list[bytes | None]:
        """Records as stored, in the order asked."""
        if not numbers:
            return []
        return list(await self._call("HMGET", keys.listed(generation), *numbers))

    async def count_tokens(self, generation: int, words: Sequence[str]) -> list[tuple[int, int]]:
        """For each word, how many tokens of names and of places begin with it."""
        counts = await asyncio.gather(
            *(
                self._call("ZLEXCOUNT", keys.tokens(generation, kind), *_range(word))
                for word in words
                for kind in ("name", "place")
            )
        )
        return list(zip(counts[::2], counts[1::2], strict=True))

    async def list_name_keys(self, generation: int, wanted: Iterable[tuple[Kind, str]]) -> set[str]:
        """The name keys of everyone with a token of that kind that begins with that word."""
        ranges = await asyncio.gather(
            *(
                self._call("ZRANGEBYLEX", keys.tokens(generation, kind), *_range(word))
                for kind, word in wanted
            )
        )
        return {member.decode().partition("\0")[2] for members in ranges for member in members}

    async def list_names_after(self, generation: int, after: str, limit: int) -> list[str]:
        """Name keys in order."""
        start = f"({after}" if after else "-"
        members = await self._call(
            "ZRANGEBYLEX", keys.names(generation), start, "+", "LIMIT", 0, limit
        )
        return [member.decode() for member in members]

    async def walk_listed(self, generation: int) -> AsyncIterator[dict[RppsNumber, bytes]]:
        """Every record as stored, in slices, to compare two generations."""
        mark = b"0"
        while True:
            mark, fields = await self._call("HSCAN", keys.listed(generation), mark, "COUNT", _SLICE)
            if fields:
                pairs = zip(fields[::2], fields[1::2], strict=True)
                yield {RppsNumber(field.decode()): record for field, record in pairs}
            if mark == b"0":
                return

    # Importing

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

    async def merge(self, generation: int, people: Mapping[RppsNumber, Professional]) -> int:
        """
        Write people into a generation, combined with what earlier rows said of them, and
        return how many were not in it yet.

        A person's rows need not follow each other in the file.
        """
        listed = await self.list_listed(generation, list(people))
        proofs = await self._find_proofs(
            generation, [rpps for rpps, person in people.items() if person.is_listed]
        )
        writes = _Writes(generation)
        for (rpps, person), record in zip(people.items(), listed, strict=True):
            earlier = record or proofs.get(rpps)
            merged = person if earlier is None else rules.combine(earlier, person)
            if record is not None:
                writes.unindex(record)
            if merged.is_listed:
                writes.index(merged)
            else:
                writes.prove(merged)
        for code, label in {one.profession_code: one.profession for one in people.values()}.items():
            writes.add(0, "HSET", keys.professions(generation), code, label)
        replies = await asyncio.gather(*(self._call(*command) for command in writes.commands))
        return sum(sign * reply for sign, reply in zip(writes.signs, replies, strict=True))

    async def _find_proofs(
        self, generation: int, numbers: Sequence[RppsNumber]
    ) -> dict[RppsNumber, Professional]:
        places = map(_bucket, numbers)
        values = await asyncio.gather(
            *(self._call("HGET", keys.proofs(generation, place), rest) for place, rest in places)
        )
        return {
            rpps: records.decode_proof(rpps, value)
            for rpps, value in zip(numbers, values, strict=True)
            if value is not None
        }

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
            keys.tokens(generation, "name"),
            keys.tokens(generation, "place"),
            keys.professions(generation),
        )
        await self._call("SREM", keys.DIRECTORY_GENERATIONS, generation)


class _Writes:
    """
    The commands of one batch.

    `signs` says what each integer reply adds to the number of known people: a new field of a
    person 1, a deleted one -1, anything else 0.
    """

    def __init__(self, generation: int) -> None:
        self.commands: list[tuple[str | bytes | int, ...]] = []
        self.signs: list[int] = []
        self._generation = generation

    def add(self, sign: int, *command: str | bytes | int) -> None:
        self.signs.append(sign)
        self.commands.append(command)

    def index(self, person: Professional) -> None:
        bucket, rest = _bucket(person.rpps)
        self.add(1, "HSET", keys.listed(self._generation), person.rpps, records.encode(person))
        self.add(-1, "HDEL", keys.proofs(self._generation, bucket), rest)
        self.add(0, "ZADD", keys.names(self._generation), 0, rules.name_key(person))
        for kind, members in _tokens(person):
            scored = [part for member in members for part in ("0", member)]
            self.add(0, "ZADD", keys.tokens(self._generation, kind), *scored)

    def unindex(self, person: Professional) -> None:
        self.add(0, "ZREM", keys.names(self._generation), rules.name_key(person))
        for kind, members in _tokens(person):
            self.add(0, "ZREM", keys.tokens(self._generation, kind), *members)

    def prove(self, person: Professional) -> None:
        bucket, rest = _bucket(person.rpps)
        # As in `rules.combine`: a student's row does not replace another one.
        command = "HSETNX" if person.is_student else "HSET"
        proof = records.encode_proof(person)
        self.add(1, command, keys.proofs(self._generation, bucket), rest, proof)


def _tokens(person: Professional) -> list[tuple[Kind, list[str]]]:
    key = rules.name_key(person)
    names = rules.name_tokens(person)
    both: list[tuple[Kind, frozenset[str]]] = [
        ("name", names),
        ("place", rules.place_tokens(person) - names),
    ]
    return [(kind, [f"{token}\0{key}" for token in tokens]) for kind, tokens in both if tokens]


def _range(word: str) -> tuple[bytes, bytes]:
    # Byte order: 0xff is in no UTF-8 text, so it ends the range of everything that begins so.
    return b"[" + word.encode(), b"[" + word.encode() + b"\xff"


def _bucket(rpps: RppsNumber) -> tuple[int, int]:
    rest, bucket = divmod(int(rpps), BUCKETS)
    return bucket, rest
