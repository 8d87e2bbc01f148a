"""
The people of one generation.

Two kinds. Those of the territory are a record, a line in the order of names and the words that
find them (about 3 kB each). Everyone else in the national file is only a *proof* that the number
exists: about 45 bytes in one of `BUCKETS` small hashes, which Valkey packs in one block each, so
that two million people take some 100 MB and need no key of their own.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from lien.directory import records, rules
from lien.directory.models import Professional, Skill
from lien.directory.store.writes import BUCKETS, SpelledWords, Writes, bucket_of
from lien.ids import RppsNumber
from lien.storage import keys
from lien.storage.valkey import Store

__all__ = ["BUCKETS", "People"]

_AT_ONCE: Final = 2_000  # commands of a batch sent together


class People:
    """Reads any generation; writes the one an import fills."""

    def __init__(self, store: Store) -> None:
        self._call = store.pipe.call

    async def find(self, generation: int, rpps: RppsNumber) -> Professional | None:
        """Anyone in the file, in the territory or not."""
        bucket, rest = bucket_of(rpps)
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

    async def profession_labels(self, generation: int, codes: Sequence[str]) -> dict[str, str]:
        """The names of professions by their codes."""
        if not codes:
            return {}
        labels = await self._call("HMGET", keys.professions(generation), *codes)
        return {code: (label or b"").decode() for code, label in zip(codes, labels, strict=True)}

    async def list_records(
        self, generation: int, numbers: Sequence[RppsNumber]
    ) -> list[bytes | None]:
        """Records as stored, in the order asked."""
        if not numbers:
            return []
        return list(await self._call("HMGET", keys.listed(generation), *numbers))

    async def list_names_after(self, generation: int, after: bytes, limit: int) -> list[bytes]:
        """Name keys of everyone listed, in order."""
        start = b"(" + after if after else b"-"
        return list(
            await self._call("ZRANGEBYLEX", keys.names(generation), start, "+", "LIMIT", 0, limit)
        )

    async def merge(
        self,
        generation: int,
        people: Mapping[RppsNumber, Professional],
        spelled: SpelledWords,
    ) -> int:
        """
        Write people into a generation, combined with what earlier rows said of them, and
        return how many were not in it yet.

        A person's rows need not follow each other in the file.
        """
        listed = await self.list_listed(generation, list(people))
        proofs = await self._find_proofs(
            generation, [rpps for rpps, person in people.items() if person.is_listed]
        )
        writes = Writes(generation, spelled)
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
        return await self._send(writes)

    async def complete(
        self,
        generation: int,
        skills: Mapping[RppsNumber, Sequence[Skill]],
        spelled: SpelledWords,
    ) -> int:
        """Give people of the territory the specialities of another file; how many had less."""
        writes = Writes(generation, spelled)
        completed = 0
        for person in await self.list_listed(generation, list(skills)):
            if person is None:
                continue
            more = rules.complete(person, skills[person.rpps])
            if more != person:
                completed += 1
                writes.unindex(person)
                writes.index(more)
        await self._send(writes)
        return completed

    async def _send(self, writes: Writes) -> int:
        replies: list[int] = []
        # Below what may wait for the store at once, and other callers get their turn.
        for start in range(0, len(writes.commands), _AT_ONCE):
            part = writes.commands[start : start + _AT_ONCE]
            replies += await asyncio.gather(*(self._call(*command) for command in part))
        return sum(sign * reply for sign, reply in zip(writes.signs, replies, strict=True))

    async def _find_proofs(
        self, generation: int, numbers: Sequence[RppsNumber]
    ) -> dict[RppsNumber, Professional]:
        places = map(bucket_of, numbers)
        values = await asyncio.gather(
            *(self._call("HGET", keys.proofs(generation, place), rest) for place, rest in places)
        )
        return {
            rpps: records.decode_proof(rpps, value)
            for rpps, value in zip(numbers, values, strict=True)
            if value is not None
        }
