"""
The trail to Valkey and back; the only file of this package that knows keys.

One trail for the deployment, in one hash slot: its order is the point. What an account may read
of it is found by an index of numbers beside it. Raises StoreUnavailable throughout.
"""

from collections.abc import Sequence

from lien.audit.models import FIRST_MARK, Entry, TrailMark
from lien.audit.rules import read_entry
from lien.ids import AccountId
from lien.storage import keys
from lien.storage.valkey import Store


class AuditStore:
    """Loads and saves; decides nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._call = store.pipe.call

    async def find_marks(self) -> tuple[TrailMark, TrailMark]:
        """What was forgotten last, and the end of the trail."""
        found = await self._call("HMGET", keys.AUDIT_HEAD, "base", "base_hash", "number", "hash")
        base, base_hash, number, digest = found
        first = TrailMark(int(base), base_hash) if base else FIRST_MARK
        return first, TrailMark(int(number), digest) if number else FIRST_MARK

    async def append(
        self, entries: Sequence[Entry], after: TrailMark, kept_seconds: int
    ) -> TrailMark | None:
        """Append entries made to follow `after`; the real end when that is another one."""
        owners = [entry.event.account for entry in entries]
        accounts = sorted({owner for owner in owners if owner})
        arguments: list[str | bytes | int] = [after.number, after.hash, kept_seconds]
        for entry, owner in zip(entries, owners, strict=True):
            index = accounts.index(owner) + 1 if owner else 0
            arguments += [entry.data, entry.hash, index]
        reply = await self._store.scripts.run(
            "append_audit",
            [keys.AUDIT_HEAD, keys.AUDIT_TRAIL, *(keys.audit_of(one) for one in accounts)],
            arguments,
        )
        match reply:
            case [1]:
                return None
            case [0, number, digest]:
                return TrailMark(int(number), digest) if int(number) else FIRST_MARK
            case _:
                raise AssertionError(reply)

    async def list_after(self, number: int, limit: int) -> list[Entry]:
        """Entries above a number, in order."""
        found = await self._call("XRANGE", keys.AUDIT_TRAIL, f"{number + 1}-0", "+", "COUNT", limit)
        return [_entry_of(*one) for one in found]

    async def list_before(self, number: int, limit: int) -> list[Entry]:
        """Entries below a number, newest first; 0 means from the end."""
        end = f"{number - 1}-0" if number else "+"
        found = await self._call("XREVRANGE", keys.AUDIT_TRAIL, end, "-", "COUNT", limit)
        return [_entry_of(*one) for one in found]

    async def list_of(self, account: AccountId, before: int, limit: int) -> list[Entry]:
        """The entries of one account below a number, newest first; 0 means from the end."""
        numbers = await self._call(
            "ZRANGE",
            keys.audit_of(account),
            f"({before}" if before else "+inf",
            "-inf",
            "BYSCORE",
            "REV",
            "LIMIT",
            0,
            limit,
        )
        entries = []
        for number in map(int, numbers):
            entry_id = f"{number}-0"
            found = await self._call("XRANGE", keys.AUDIT_TRAIL, entry_id, entry_id)
            entries += [_entry_of(*one) for one in found]  # none once it is forgotten
        return entries

    async def forget(self, base: TrailMark) -> None:
        """Drop everything up to `base`, which is where the chain is checked from then on."""
        await self._store.scripts.run(
            "forget_audit", [keys.AUDIT_HEAD, keys.AUDIT_TRAIL], [base.number, base.hash]
        )


def _entry_of(entry_id: bytes, flat: Sequence[bytes]) -> Entry:
    fields = dict(zip(flat[::2], flat[1::2], strict=True))
    return read_entry(int(entry_id.partition(b"-")[0]), fields[b"d"], fields[b"h"])
