"""Gateways, who their recipients are, and what was done with documents: as values."""

from dataclasses import dataclass, field
from enum import StrEnum

from lien.crypto.gateway import Attested, Certificate
from lien.ids import AccountId, DeviceId, DocumentId, GatewayId, RppsNumber


@dataclass(frozen=True, slots=True)
class Allowance:
    """What an operator lets register once: the gateway's name, structure and time in days."""

    name: str
    structure: str
    days: int


@dataclass(frozen=True, slots=True)
class Gateway:
    """A registered gateway; `revocation` once it was ended."""

    certificate: Certificate
    attested: Attested
    revocation: Attested | None
    revoked_at_ms: int  # 0 while it is not

    @property
    def gateway(self) -> GatewayId:
        return self.certificate.gateway


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a number belongs to: nobody in the directory, somebody without an account, or both."""

    rpps: RppsNumber
    is_known: bool
    name: str = ""
    profession: str = ""
    account: AccountId | None = None


class TraceKind(StrEnum):
    """What a person does with a document that is written down."""

    OPENED = "opened"
    SHARED = "shared"
    SAVED = "saved"
    JOINED = "joined"  # two folders: the same patient
    SEPARATED = "separated"


@dataclass(frozen=True, slots=True)
class AuditNote:
    """The same words, sealed to the controller's audit key named `key`."""

    key: str
    note: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Trace:
    """
    One of them, with a note sealed to the person's own account at `generation`, and one for the
    controller where the deployment has an audit key.
    """

    kind: TraceKind
    document: DocumentId
    device: DeviceId
    generation: int
    note: bytes = field(repr=False)
    audit: AuditNote | None = None


@dataclass(frozen=True, slots=True)
class KeptTrace:
    """A trace as it stands; `number` orders them."""

    number: int
    at_ms: int
    trace: Trace


@dataclass(frozen=True, slots=True)
class TracePage:
    """Some traces, newest first; `before` is where the next page starts, 0 at the end."""

    traces: tuple[KeptTrace, ...]
    before: int
