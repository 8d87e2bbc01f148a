"""Clinical documents on their way: gateways, deliveries, traces. This is its public face."""

from lien.documents.errors import (
    AuditKeyMoved,
    BadRegistrationCode,
    GatewayRevoked,
    GatewayUnknown,
    RecipientDeparted,
)
from lien.documents.models import (
    Allowance,
    AuditNote,
    Gateway,
    KeptTrace,
    Recipient,
    Trace,
    TraceKind,
    TracePage,
)
from lien.documents.rules import MAX_DELIVERIES, MAX_NUMBERS, parse_code
from lien.documents.service import Documents

__all__ = [
    "MAX_DELIVERIES",
    "MAX_NUMBERS",
    "Allowance",
    "AuditKeyMoved",
    "AuditNote",
    "BadRegistrationCode",
    "Documents",
    "Gateway",
    "GatewayRevoked",
    "GatewayUnknown",
    "KeptTrace",
    "Recipient",
    "RecipientDeparted",
    "Trace",
    "TraceKind",
    "TracePage",
    "parse_code",
]
