"""
Who may send documents: a gateway's key, certified by the deployment's attestor, and its end.

Phones know the attestor's key already, so they check both without asking anybody else.
"""

from dataclasses import dataclass, field
from typing import Final

from lien.crypto.signing import PUBLIC_BYTES, SigningKey, require_public, verify
from lien.crypto.structure import Fields, encode, reading
from lien.crypto.suite import hash32
from lien.errors import Malformed
from lien.ids import GatewayId, require_id

CERTIFICATE_LABEL: Final = "lien/v1/gateway"
REVOCATION_LABEL: Final = "lien/v1/gateway-revocation"
REGISTRATION_LABEL: Final = "lien/v1/gateway-registration"
REQUEST_LABEL: Final = "lien/v1/gateway-request"

MAX_CERTIFICATE_BYTES: Final = 1_024
MAX_NAME_CHARACTERS: Final = 128
MAX_STRUCTURE_CHARACTERS: Final = 32
CODE_BYTES: Final = 16
FINGERPRINT_BYTES: Final = 16


class BadGateway(Malformed):
    """A gateway's certificate or revocation cannot be read, is not signed, or does not fit."""

    code = "bad_gateway"


@dataclass(frozen=True, slots=True)
class Certificate:
    """What the attestor says of a gateway. Instants in milliseconds; both ends included."""

    gateway: GatewayId
    public: bytes = field(repr=False)
    name: str
    structure: str  # FINESS or other national number of the structure, empty for none
    not_before_ms: int
    not_after_ms: int

    def is_valid_at(self, at_ms: int) -> bool:
        """True between its two instants."""
        return self.not_before_ms <= at_ms <= self.not_after_ms


@dataclass(frozen=True, slots=True)
class Revocation:
    """From `revoked_at_ms` on, nothing of this gateway is taken."""

    gateway: GatewayId
    revoked_at_ms: int


@dataclass(frozen=True, slots=True)
class Attested:
    """Bytes and the attestor's signature over exactly them."""

    data: bytes = field(repr=False)
    signature: bytes = field(repr=False)


def certify(certificate: Certificate, attestor: SigningKey) -> Attested:
    """
    Sign a certificate.

    Raises: BadGateway for one out of its bounds.
    """
    data = encode(
        certificate.gateway,
        certificate.public,
        certificate.name,
        certificate.structure,
        certificate.not_before_ms,
        certificate.not_after_ms,
    )
    _decode_certificate(data)
    return Attested(data, attestor.sign(CERTIFICATE_LABEL, data))


def open_certificate(attested: Attested, attestor_public: bytes) -> Certificate:
    """
    A certificate that the attestor signed. Whether it is valid now is another question.

    Raises: BadGateway, BadSignature.
    """
    verify(attestor_public, CERTIFICATE_LABEL, attested.data, attested.signature)
    return _decode_certificate(attested.data)


def revoke(revocation: Revocation, attestor: SigningKey) -> Attested:
    """Sign a revocation."""
    data = encode(revocation.gateway, revocation.revoked_at_ms)
    return Attested(data, attestor.sign(REVOCATION_LABEL, data))


def open_revocation(attested: Attested, attestor_public: bytes) -> Revocation:
    """
    A revocation that the attestor signed.

    Raises: BadGateway, BadSignature.
    """
    verify(attestor_public, REVOCATION_LABEL, attested.data, attested.signature)
    with reading(BadGateway):
        fields = Fields.decode(attested.data, 3, MAX_CERTIFICATE_BYTES)
        return Revocation(GatewayId(fields.identifier()), fields.integer(1))


def fingerprint(attestor_public: bytes) -> bytes:
    """What a registration code says of the attestor, so that the gateway knows whom to believe."""
    return hash32(attestor_public)[:FINGERPRINT_BYTES]


def prove_registration(key: SigningKey, code: bytes, gateway: GatewayId) -> bytes:
    """That whoever registers a key holds it, for this code and this gateway only."""
    return key.sign(REGISTRATION_LABEL, hash32(code) + gateway.encode("ascii"))


def verify_registration(public: bytes, code: bytes, gateway: GatewayId, proof: bytes) -> None:
    """Raises: BadSignature."""
    verify(public, REGISTRATION_LABEL, hash32(code) + gateway.encode("ascii"), proof)


def prove_gateway_request(
    key: SigningKey, gateway: GatewayId, method: str, path: str, at_ms: int, body: bytes
) -> bytes:
    """A gateway has no session and no cookie: it signs each request; `path` with its query."""
    return key.sign(REQUEST_LABEL, _request(gateway, method, path, at_ms, body))


def verify_gateway_request(
    public: bytes,
    gateway: GatewayId,
    method: str,
    path: str,
    at_ms: int,
    body: bytes,
    signature: bytes,
) -> None:
    """Raises: BadSignature."""
    verify(public, REQUEST_LABEL, _request(gateway, method, path, at_ms, body), signature)


def _request(gateway: GatewayId, method: str, path: str, at_ms: int, body: bytes) -> bytes:
    digest = hash32(body).hex()
    return "\n".join((gateway, method, path, str(at_ms), digest)).encode("ascii", "replace")


def _decode_certificate(data: bytes) -> Certificate:
    with reading(BadGateway):
        fields = Fields.decode(data, 7, MAX_CERTIFICATE_BYTES)
        certificate = Certificate(
            GatewayId(require_id(fields.text(22))),
            require_public(fields.blob(PUBLIC_BYTES)),
            fields.text(MAX_NAME_CHARACTERS),
            fields.text(MAX_STRUCTURE_CHARACTERS),
            fields.integer(),
            fields.integer(),
        )
    if not certificate.name or certificate.not_after_ms < certificate.not_before_ms:
        raise BadGateway("a gateway has a name and ends after it begins")
    return certificate
