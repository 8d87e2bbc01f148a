"""Decisions about documents and gateways: pure."""

from typing import Final

from lien.conversations import OldGeneration
from lien.crypto.chain import ChainState
from lien.crypto.document import require_delivery
from lien.crypto.document_content import BadDocument
from lien.crypto.envelope import MAX_SEALED_BYTES, Header
from lien.crypto.gateway import CODE_BYTES, Certificate, fingerprint
from lien.crypto.trace import MAX_NOTE_BYTES, BadTrace
from lien.documents.errors import (
    AuditKeyMoved,
    BadRegistrationCode,
    GatewayRevoked,
    GatewayUnknown,
    RecipientDeparted,
)
from lien.documents.models import Allowance, Gateway, Trace
from lien.errors import LienError
from lien.ids import DeviceId, GatewayId, b64decode, b64encode

MAX_NUMBERS: Final = 100
MAX_DELIVERIES: Final = 16
MAX_DAYS: Final = 366 * 3
CODE_LIFE_MS: Final = 7 * 86_400_000
_DAY_MS: Final = 86_400_000
# Clocks differ: a certificate begins a little before it was signed.
_BEFORE_MS: Final = 5 * 60_000


def format_code(secret: bytes, attestor_public: bytes) -> str:
    """A registration code as text: what is taken once, and by whom."""
    return b64encode(secret + fingerprint(attestor_public))


def parse_code(text: str) -> tuple[bytes, bytes]:
    """
    The secret of a registration code and the attestor's fingerprint.

    Raises: BadRegistrationCode.
    """
    try:
        value = b64decode(text)
    except LienError as error:
        raise BadRegistrationCode("not a registration code") from error
    if len(value) != 2 * CODE_BYTES:
        raise BadRegistrationCode("not a registration code")
    return value[:CODE_BYTES], value[CODE_BYTES:]


def certificate_of(
    allowance: Allowance, gateway: GatewayId, public: bytes, now_ms: int
) -> Certificate:
    """What the attestor is to sign."""
    return Certificate(
        gateway,
        public,
        allowance.name,
        allowance.structure,
        now_ms - _BEFORE_MS,
        now_ms + allowance.days * _DAY_MS,
    )


def require_serving(gateway: Gateway | None, now_ms: int) -> Gateway:
    """
    A gateway that may ask for something now.

    Raises: GatewayUnknown, GatewayRevoked.
    """
    if gateway is None:
        raise GatewayUnknown("no such gateway")
    if gateway.revocation is not None:
        raise GatewayRevoked("this gateway was revoked")
    if not gateway.certificate.is_valid_at(now_ms):
        raise GatewayUnknown("the certificate is over")
    return gateway


def require_own_delivery(gateway: GatewayId, header: bytes, sealed: bytes) -> Header:
    """
    A gateway delivers in its own name, into the inbox of whom it names.

    Raises: BadEnvelope, BadDocument.
    """
    read = require_delivery(header)
    if read.device != DeviceId(gateway):
        raise BadDocument("the header names another gateway")
    if not 0 < len(sealed) <= MAX_SEALED_BYTES:
        raise BadDocument("a sealed document is too long, or empty")
    return read


def require_current(header: Header, state: ChainState) -> None:
    """
    A document is sealed to the account's present secret, and to nobody who left.

    Raises: RecipientDeparted, OldGeneration.
    """
    if state.is_departed or state.is_stale:
        raise RecipientDeparted("nobody seals to this account now")
    if header.epoch != state.generation:
        raise OldGeneration("the account's secret was rotated")


def require_trace(trace: Trace, audit_key: str) -> None:
    """
    Sealed notes within their bound, one of them to the controller's present key if there is one
    (`audit_key` is its name, or empty); what they say is their author's.

    Raises: BadTrace, AuditKeyMoved.
    """
    notes = [trace.note, *([trace.audit.note] if trace.audit else [])]
    if any(len(note) > MAX_NOTE_BYTES for note in notes):
        raise BadTrace("a note of a trace is too long")
    if (trace.audit.key if trace.audit else "") != audit_key:
        raise AuditKeyMoved("not sealed to the controller's present key")
