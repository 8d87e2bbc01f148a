"""Ed25519 signatures under a label (RFC 8032), strict on keys and signatures."""

import secrets
from typing import Final

from nacl.exceptions import CryptoError
from nacl.signing import SigningKey as _NaclSigningKey
from nacl.signing import VerifyKey

from lien.crypto.suite import BadSeal
from lien.errors import Malformed

PUBLIC_BYTES: Final = 32
SEED_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64

_FIELD: Final = 2**255 - 19
# y of the points whose order divides 8 (the list of libsodium's ge25519_has_small_order, without
# the encodings above the field, which are refused as not canonical). A signature under such a key
# can be valid for many messages.
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
    if len(public) != PUBLIC_BYTES:
        raise Malformed("a signing public key is 32 bytes")
    y = int.from_bytes(public, "little") & (2**255 - 1)
    if y >= _FIELD or y in _SMALL_ORDER:
        raise Malformed("a weak signing public key")
    return public


def verify(public: bytes, label: str, message: bytes, signature: bytes) -> None:
    """
    Check a signature of `SigningKey.sign`.

    libsodium refuses small-order and non-canonical points and an s above the group order.

    Raises: BadSignature.
    """
    if len(public) != PUBLIC_BYTES or len(signature) != SIGNATURE_BYTES:
        raise BadSignature("a key or a signature has a wrong length")
    try:
        VerifyKey(public).verify(_labelled(label, message), signature)
    except CryptoError as error:
        raise BadSignature("a signature is wrong") from error


class SigningKey:
    """A private key that signs under a label, so that no signature serves two purposes."""

    __slots__ = ("_key", "public")

    def __init__(self, seed: bytes) -> None:
        self._key = _NaclSigningKey(seed)
        self.public = bytes(self._key.verify_key)

    @classmethod
    def generate(cls) -> "SigningKey":
        return cls(secrets.token_bytes(SEED_BYTES))

    @classmethod
    def from_seed(cls, seed: bytes) -> "SigningKey":
        """Raises: Malformed for a seed that is not 32 bytes."""
        if len(seed) != SEED_BYTES:
            raise Malformed("a signing seed is 32 bytes")
        return cls(seed)

    @property
    def seed(self) -> bytes:
        """The secret itself, to be stored wrapped."""
        return bytes(self._key)

    def sign(self, label: str, message: bytes) -> bytes:
        """64 bytes over label, 0x00, message."""
        return self._key.sign(_labelled(label, message)).signature

    def __repr__(self) -> str:
        return "<SigningKey>"

    def __reduce__(self) -> str:
        raise TypeError("a signing key is not pickled")


def _labelled(label: str, message: bytes) -> bytes:
    return label.encode("ascii") + b"\0" + message
