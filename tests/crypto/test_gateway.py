"""A gateway's certificate, its end, and what it signs to be known."""

from typing import Any

import pytest

from lien.crypto import gateway
from lien.crypto.gateway import Attested, BadGateway
from lien.crypto.signing import BadSignature, SigningKey
from lien.errors import Malformed
from lien.ids import GatewayId, new_id
from tests.crypto.vectors import Vector, entries, section
from tests.vectors.make_crypto import hexed
from tests.vectors.make_documents import named

ATTESTOR_PUBLIC = bytes.fromhex(section("attestor_public"))


def attested(vector: Vector) -> Attested:
    return Attested(vector.bytes_of("bytes"), vector.bytes_of("signature"))


@entries("certificates")
def test_a_certificate(vector: Vector) -> None:
    certificate = gateway.open_certificate(attested(vector), ATTESTOR_PUBLIC)

    assert hexed(named(certificate)) == vector["fields"]
    assert certificate.is_valid_at(certificate.not_before_ms)
    assert certificate.is_valid_at(certificate.not_after_ms)
    assert not certificate.is_valid_at(certificate.not_before_ms - 1)
    assert not certificate.is_valid_at(certificate.not_after_ms + 1)


@entries("certificate_refused")
def test_a_certificate_is_refused(vector: Vector) -> None:
    public = vector.fields.get("attestor_public")

    with pytest.raises(Malformed):
        gateway.open_certificate(
            attested(vector), bytes.fromhex(public) if public else ATTESTOR_PUBLIC
        )


@entries("revocations")
def test_a_revocation(vector: Vector) -> None:
    revocation = gateway.open_revocation(attested(vector), ATTESTOR_PUBLIC)

    assert named(revocation) == vector["fields"]
    with pytest.raises(BadSignature):  # the two are signed for different purposes
        gateway.open_certificate(attested(vector), ATTESTOR_PUBLIC)


@entries("registrations")
def test_a_registration(vector: Vector) -> None:
    code, proof = vector.bytes_of("code"), vector.bytes_of("proof")
    public = vector.bytes_of("public")

    gateway.verify_registration(public, code, vector["gateway"], proof)
    assert gateway.fingerprint(ATTESTOR_PUBLIC) == vector.bytes_of("fingerprint")
    with pytest.raises(BadSignature):
        gateway.verify_registration(public, bytes(16), vector["gateway"], proof)
    with pytest.raises(BadSignature):
        gateway.verify_registration(public, code, GatewayId(new_id()), proof)


@entries("gateway_requests")
def test_a_request(vector: Vector) -> None:
    public, signature = vector.bytes_of("public"), vector.bytes_of("signature")
    names = ("gateway", "method", "path", "at_ms")
    fields: dict[str, Any] = {name: vector[name] for name in names}
    fields["body"] = vector.bytes_of("body")

    gateway.verify_gateway_request(public, signature=signature, **fields)
    others = {"gateway": new_id(), "method": "GET", "path": "/", "at_ms": 1, "body": b""}
    for name, other in others.items():
        with pytest.raises(BadSignature):
            gateway.verify_gateway_request(public, signature=signature, **{**fields, name: other})


def test_a_certificate_out_of_bounds_is_not_signed() -> None:
    certificate = gateway.Certificate(
        GatewayId(new_id()), SigningKey.generate().public, "", "", 0, 1
    )

    with pytest.raises(BadGateway):
        gateway.certify(certificate, SigningKey.generate())
