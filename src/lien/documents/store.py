"""Gateways, deliveries and traces in Valkey: the only part of this package that knows keys."""

from collections.abc import Mapping, Sequence
from typing import Final

from lien.conversations.store.places import Places, checksum, shard_keys
from lien.crypto.envelope import Header
from lien.crypto.gateway import Attested
from lien.documents.models import Allowance, AuditNote, KeptTrace, Trace, TraceKind
from lien.ids import AccountId, DeviceId, DocumentId, GatewayId, inbox_channel
from lien.protocol.positions import Position
from lien.storage import keys
from lien.storage.buckets import Buckets
from lien.storage.valkey import Store

_FIELDS: Final = ("certificate", "signature", "revocation", "revocation_signature")


class DocumentStore:
    """Loads and saves; decides nothing. Raises StoreUnavailable throughout."""

    def __init__(self, store: Store, retention_ms: int) -> None:
        self._store = store
        self._call = store.pipe.call
        self._places = Places(store.shards, retention_ms)
        self.buckets = Buckets(store)

    # Gateways

    async def save_allowance(self, code_hash: str, allowance: Allowance, life_ms: int) -> None:
        """Remember what a code lets register."""
        key = keys.gateway_code(code_hash)
        await self._call(
            "HSET",
            key,
            *("name", allowance.name, "structure", allowance.structure, "days", allowance.days),
        )
        await self._call("PEXPIRE", key, life_ms)

    async def find_allowance(self, code_hash: str) -> Allowance | None:
        """What a code lets register."""
        key = keys.gateway_code(code_hash)
        name, structure, days = await self._call("HMGET", key, "name", "structure", "days")
        if name is None:
            return None
        return Allowance(name.decode(), structure.decode(), int(days))

    async def register(
        self, code_hash: str, gateway: GatewayId, public: bytes, attested: Attested, now_ms: int
    ) -> bool:
        """Register a gateway by its code; False when the code is none or was taken by another."""
        reply = await self._store.scripts.run(
            "register_gateway",
            [keys.gateway_code(code_hash), keys.gateway(gateway), keys.GATEWAYS],
            [gateway, public, attested.data, attested.signature, now_ms],
        )
        return bool(reply == [b"ok"])

    async def find_gateway(self, gateway: GatewayId) -> tuple[Attested, Attested | None] | None:
        """Its certificate and, once it was revoked, its revocation."""
        found = await self._call("HMGET", keys.gateway(gateway), *_FIELDS)
        certificate, signature, revocation, revocation_signature = found
        if certificate is None:
            return None
        ended = Attested(revocation, revocation_signature) if revocation else None
        return Attested(certificate, signature), ended

    async def list_gateways(self) -> list[GatewayId]:
        """Every gateway that was ever registered."""
        found = await self._call("SMEMBERS", keys.GATEWAYS)
        return sorted(GatewayId(one.decode()) for one in found)

    async def save_revocation(self, gateway: GatewayId, attested: Attested) -> None:
        """End a gateway; the first revocation stands."""
        await self._store.scripts.run(
            "revoke_gateway", [keys.gateway(gateway)], [attested.data, attested.signature]
        )

    # Deliveries

    async def append(
        self, header: Header, clear: bytes, sealed: bytes, links: int, now_ms: int
    ) -> tuple[Position, int] | None:
        """
        Append a delivery once; where it stands and since when. None when the chain of the
        account is not `links` long any more.

        Raises: StoreFull.
        """
        self._store.space.require()
        channel = header.channel
        shard, period = self._places.shard_of(channel), self._places.period(now_ms)
        reply = await self._store.scripts.run(
            "append_document",
            [
                keys.log(shard, channel),
                keys.state(shard, channel),
                keys.chain(shard, header.account),
                *shard_keys(shard),
                *self._places.seen(shard, channel, period),
            ],
            [
                channel,
                header.device or "",
                header.envelope,
                links,
                now_ms,
                clear,
                sealed,
                checksum(clear, sealed),
                self._places.seen_life_ms,
                period,
            ],
        )
        match reply:
            case [b"ok", incarnation, offset, at_ms]:
                return Position(incarnation, offset), at_ms
            case _:
                return None

    # Traces

    async def add_trace(self, account: AccountId, trace: Trace, now_ms: int, kept_ms: int) -> None:
        """Append a trace, and forget those that are older than `kept_ms`."""
        key = self._traces(account)
        await self._call(
            "XADD",
            key,
            "MINID",
            "~",
            max(0, now_ms - kept_ms),
            "*",
            *("t", now_ms, "k", trace.kind.value, "d", trace.document),
            *("v", trace.device, "g", trace.generation, "n", trace.note),
            *(("p", trace.audit.key, "a", trace.audit.note) if trace.audit else ()),
        )
        await self._call("PEXPIRE", key, kept_ms)

    async def list_traces(self, account: AccountId, before: int, limit: int) -> list[KeptTrace]:
        """Traces below a number, newest first; 0 means from the end."""
        found = await self._call(
            "XREVRANGE",
            self._traces(account),
            _id_below(before) if before else "+",
            "-",
            "COUNT",
            limit,
        )
        return [_trace_of(entry_id, flat) for entry_id, flat in found]

    def _traces(self, account: AccountId) -> str:
        return keys.traces(self._places.shard_of(inbox_channel(account)), account)


# The store numbers traces by its clock in milliseconds and a count within one of them; together
# one number, of which JavaScript holds 2^53: 1,024 a millisecond, until the year 2248.
_COUNT_BITS: Final = 10


def _id_below(number: int) -> str:
    below = number - 1
    return f"{below >> _COUNT_BITS}-{below % (1 << _COUNT_BITS)}"


def _trace_of(entry_id: bytes, flat: Sequence[bytes]) -> KeptTrace:
    fields: Mapping[bytes, bytes] = dict(zip(flat[::2], flat[1::2], strict=True))
    at, _, count = entry_id.partition(b"-")
    return KeptTrace(
        (int(at) << _COUNT_BITS) + int(count),
        int(fields[b"t"]),
        Trace(
            TraceKind(fields[b"k"].decode()),
            DocumentId(fields[b"d"].decode()),
            DeviceId(fields[b"v"].decode()),
            int(fields[b"g"]),
            fields[b"n"],
            AuditNote(fields[b"p"].decode(), fields[b"a"]) if b"a" in fields else None,
        ),
    )
