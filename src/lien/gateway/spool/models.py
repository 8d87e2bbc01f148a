"""What the spool holds, as values, and how the health data among it becomes bytes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from sqlite3 import Cursor

import msgpack

from lien.crypto.filing import Action
from lien.gateway import transfer
from lien.gateway.inbound import Inbound
from lien.gateway.quarantine import Reason
from lien.gateway.reading import Reading
from lien.ids import DocumentId, RppsNumber

# Runs one statement of a transaction.
Run = Callable[..., Cursor]


class State(StrEnum):
    """Where a document stands. A done one keeps who got it, and nothing of its content."""

    READY = "ready"
    QUARANTINED = "quarantined"
    DONE = "done"


class DeliveryState(StrEnum):
    """Where one recipient's delivery stands."""

    PENDING = "pending"
    HELD = "held"  # no account yet, or nobody seals to it now
    DELIVERED = "delivered"
    REFUSED = "refused"  # the number is not in the directory
    CANCELLED = "cancelled"  # replaced or withdrawn before it was delivered
    GIVEN_UP = "given_up"  # held longer than the bound
    UNUSABLE = "unusable"  # named with no number, or a wrong one: the error says which

    @property
    def is_final(self) -> bool:
        return self not in (DeliveryState.PENDING, DeliveryState.HELD)


class Outcome(StrEnum):
    """What became of a document that came in."""

    ACCEPTED = "accepted"
    REPLAYED = "replayed"  # the same as before: nothing to do
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True, repr=False)
class Named:
    """A recipient as named."""

    rpps: RppsNumber
    name: str
    address: str = ""  # MSSanté


@dataclass(frozen=True, slots=True, repr=False)
class Item:
    """A document that goes to somebody, with the ids that its versions are known by."""

    inbound: Inbound
    document: DocumentId
    set: DocumentId | None
    version: int
    action: Action
    replaces: tuple[DocumentId, ...]

    def to_bytes(self) -> bytes:
        """What is kept, encrypted, until it is delivered."""
        reading = transfer.encode(Reading("item", (self.inbound,)))
        fields = [reading, self.document, self.set or "", self.version, self.action.value]
        packed: bytes = msgpack.packb([*fields, list(self.replaces)], use_bin_type=True)
        return packed

    @classmethod
    def from_bytes(cls, data: bytes) -> "Item":
        reading, document, set_id, version, action, replaces = msgpack.unpackb(data)
        return cls(
            transfer.decode(reading).documents[0],
            DocumentId(document),
            DocumentId(set_id) if set_id else None,
            version,
            Action(action),
            tuple(DocumentId(each) for each in replaces),
        )


@dataclass(frozen=True, slots=True, repr=False)
class Raw:
    """What came in, as it came, for a document that waits for a person: and which of several."""

    data: bytes
    metadata: bytes | None
    place: int = 0

    def to_bytes(self) -> bytes:
        packed: bytes = msgpack.packb([self.data, self.metadata, self.place], use_bin_type=True)
        return packed

    @classmethod
    def from_bytes(cls, data: bytes) -> "Raw":
        return cls(*msgpack.unpackb(data, max_bin_len=2**27))


@dataclass(frozen=True, slots=True)
class Added:
    """What became of it, and under which number a person finds it."""

    outcome: Outcome
    number: int
    reason: Reason | None = None
    document: DocumentId | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One recipient of one document."""

    number: int
    place: int
    named: Named = field(repr=False)
    state: DeliveryState
    attempts: int


@dataclass(frozen=True, slots=True)
class Due:
    """A document with the deliveries that may be tried now."""

    number: int
    received_at_ms: int
    item: Item
    deliveries: tuple[Delivery, ...]
    readers: tuple[Named, ...] = field(repr=False)  # everyone it is for, due or not


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A document that goes to nobody until somebody looks."""

    number: int
    way: str
    reason: Reason
    received_at_ms: int


@dataclass(frozen=True, slots=True)
class Note:
    """A line of the journal: what a person decided about a document."""

    kind: str
    operator: str
    detail: str = ""

    def write(self, run: Run, document: int, at_ms: int) -> None:
        """Append it, inside a transaction."""
        run(
            "INSERT INTO journal (at_ms, kind, document, operator, detail) VALUES (?, ?, ?, ?, ?)",
            (at_ms, self.kind, document, self.operator, self.detail),
        )
