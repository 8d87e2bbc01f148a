"""
Ed25519 signatures under a label (RFC 8032).

Verification is the equation without the cofactor, R compared as bytes: what OpenSSL and the
browsers do, so that no crafted signature is good for one client and bad for another.
"""

import secrets
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from nacl.bindings import crypto_sign_open
from nacl.exceptions import CryptoError

from lien.crypto.suite import BadSeal
from lien.errors import Malformed

PUBLIC_BYTES: Final = 32
SEED_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64

_FIELD: Final = 2**255 - 19
# y of the points whose order divides 8 (as in libsodium's ge25519_has_small_order; encodings
# above the field are refused anyway). A signature under such a key fits many messages.
_ORDER_EIGHT: Final = int.from_bytes(
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"
)
_SMALL_ORDER: Final = frozenset({0, 1, _ORDER_EIGHT, _FIELD - _ORDER_EIGHT, _FIELD - 1})


class BadSignature(BadSeal):
    """A signature is not this key's over these bytes."""


def require_public(public: bytes) -> bytes:
    """
    Return an Ed25519 public key that may enter a chain.

    Raises: Malformed for a wrong length, a small-order point or one not in canonical form.
    """
    if len(public) != PUBLIC_BYTES or _is_weak(public):
        raise Malformed("not a signing public key")
    return public


def verify(public: bytes, label: str, message: bytes, signature: bytes) -> None:
    """
    Check a signature of `SigningKey.sign`.

    Raises: BadSignature, also for a key that `require_public` would refuse.
    """
    if len(public) != PUBLIC_BYTES or _is_weak(public) or len(signature) != SIGNATURE_BYTES:
        raise BadSignature("not a key or not a signature")
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, _labelled(label, message))
    except InvalidSignature as error:
        raise BadSignature("a signature is wrong") from error


def verify_proof(public: bytes, label: str, message: bytes, signature: bytes) -> None:
    """
    `verify` for what only the server reads: libsodium's, in a third of the time.

    It refuses in addition signatures whose R is of small order, which no key holder makes by
    signing. So a structure that clients verify too is left to `verify`: all must judge alike.
    Raises: BadSignature.
    """
    if len(public) != PUBLIC_BYTES or _is_weak(public) or len(signature) != SIGNATURE_BYTES:
        raise BadSignature("not a key or not a signature")
    try:
        crypto_sign_open(signature + _labelled(label, message), public)
    except CryptoError as error:
        raise BadSignature("a signature is wrong") from error


class SigningKey:
    """A private key that signs under a label, so that no signature serves two purposes."""

    __slots__ = ("_key", "public")

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public = key.public_key().public_bytes_raw()

    @classmethod
    def generate(cls) -> "SigningKey":
        return cls.from_seed(secrets.token_bytes(SEED_BYTES))

    @classmethod
    def from_seed(cls, seed: bytes) -> "SigningKey":
        """Raises: Malformed for a seed that is not 32 bytes."""
        if len(seed) != SEED_BYTES:
            raise Malformed("a signing seed is 32 bytes")
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    @property
    def seed(self) -> bytes:
        """The secret itself, to be stored wrapped."""
        return self._key.private_bytes_raw()

    def sign(self, label: str, message: bytes) -> bytes:
        """64 bytes over label, 0x00, message."""
        return self._key.sign(_labelled(label, message))

    def __repr__(self) -> str:
        return "<SigningKey>"

    def __reduce__(self) -> str:
        raise TypeError("a signing key is not pickled")


def _is_weak(public: bytes) -> bool:
    y = int.from_bytes(public, "little") & (2**255 - 1)
    return y >= _FIELD or y in _SMALL_ORDER


def _labelled(label: str, message: bytes) -> bytes:
    return label.encode("ascii") + b"\0" + message
