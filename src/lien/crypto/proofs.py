"""Proof that a device holds its key, so that a stolen cookie alone opens nothing."""

from typing import Final

from lien.crypto.signing import SigningKey, verify_proof
from lien.crypto.suite import hash32
from lien.ids import DeviceId, SessionId

ENROL_LABEL: Final = "lien/v1/enrol"
HELLO_LABEL: Final = "lien/v1/hello"
REQUEST_LABEL: Final = "lien/v1/request"


def enrol_message(nonce: bytes, device: DeviceId) -> bytes:
    """What a device signs to enrol or to re-enter."""
    return nonce + device.encode("ascii")


def hello_message(nonce: bytes, session: SessionId, origin: str) -> bytes:
    """What a device signs to open its socket."""
    return nonce + session.encode("ascii") + b"\0" + origin.encode("ascii")


def request_message(session: SessionId, method: str, path: str, at_ms: int, body: bytes) -> bytes:
    """
    What a device signs with an HTTP request; `path` is as sent, with its query.

    The server passes what the network gave: a character outside ASCII (which no proof was made
    over) becomes bytes that no signature fits, instead of an error of another kind.
    """
    digest = hash32(body).hex()
    return "\n".join((session, method, path, str(at_ms), digest)).encode("ascii", "replace")


def prove_enrol(key: SigningKey, nonce: bytes, device: DeviceId) -> bytes:
    return key.sign(ENROL_LABEL, enrol_message(nonce, device))


def prove_hello(key: SigningKey, nonce: bytes, session: SessionId, origin: str) -> bytes:
    return key.sign(HELLO_LABEL, hello_message(nonce, session, origin))


def prove_request(
    key: SigningKey, session: SessionId, method: str, path: str, at_ms: int, body: bytes
) -> bytes:
    return key.sign(REQUEST_LABEL, request_message(session, method, path, at_ms, body))


def verify_enrol(public: bytes, nonce: bytes, device: DeviceId, signature: bytes) -> None:
    """Raises: BadSignature."""
    verify_proof(public, ENROL_LABEL, enrol_message(nonce, device), signature)


def verify_hello(
    public: bytes, nonce: bytes, session: SessionId, origin: str, signature: bytes
) -> None:
    """Raises: BadSignature."""
    verify_proof(public, HELLO_LABEL, hello_message(nonce, session, origin), signature)


def verify_request(
    public: bytes,
    session: SessionId,
    method: str,
    path: str,
    at_ms: int,
    body: bytes,
    signature: bytes,
) -> None:
    """Raises: BadSignature."""
    verify_proof(
        public, REQUEST_LABEL, request_message(session, method, path, at_ms, body), signature
    )
