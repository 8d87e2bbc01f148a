"""
Seal to a person: HPKE (RFC 9180) base mode with X-Wing, one shot.

The sender is anonymous here (base mode); who sealed is said by the signature on the statement
that lists the box's hash.
"""

import hashlib
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from lien.crypto.suite import BadSeal
from lien.errors import Malformed

SEED_BYTES: Final = 32
PUBLIC_BYTES: Final = 1216
_MLKEM_PUBLIC_BYTES: Final = 1184
_MLKEM_SEED_BYTES: Final = 64
# enc 1,120 (ML-KEM-768 ciphertext 1,088 + X25519 point 32) and the tag of ChaCha20-Poly1305.
SEAL_OVERHEAD_BYTES: Final = 1120 + 16

_SUITE: Final = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)

_FIELD: Final = 2**255 - 19
# u of the points of small order of Curve25519 and its twist (RFC 7748, 6.1; cr.yp.to/ecdh.html).
_SMALL_ORDER: Final = frozenset(
    {
        0,
        1,
        325606250916557431795983626356110631294008115727848805560023387167927233504,
        39382357235489614581723060781553021112529911719440698176882885853963445705823,
        _FIELD - 1,
    }
)


def require_sealing_public(public: bytes) -> bytes:
    """
    Return a sealing public key that can be sealed to.

    A chain with another one would stop every conversation its owner is in.

    Raises: Malformed.
    """
    _public_key(public)
    return public


def seal(public: bytes, plaintext: bytes, label: str, aad: bytes) -> bytes:
    """
    Encrypt for whoever holds the private half.

    Raises: Malformed for a public key that is not one.
    """
    return _SUITE.encrypt(plaintext, _public_key(public), info=_info(label, aad))


class SealingKey:
    """The private half, derived from a 32-byte seed."""

    __slots__ = ("_key", "public")

    def __init__(self, seed: bytes) -> None:
        # X-Wing (draft-connolly-cfrg-xwing-kem, 5.2): the seed is expanded with SHAKE-256.
        expanded = hashlib.shake_256(seed).digest(_MLKEM_SEED_BYTES + 32)
        mlkem = MLKEM768PrivateKey.from_seed_bytes(expanded[:_MLKEM_SEED_BYTES])
        x25519 = X25519PrivateKey.from_private_bytes(expanded[_MLKEM_SEED_BYTES:])
        self._key = MLKEM768X25519PrivateKey(mlkem, x25519)
        self.public = mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()

    @classmethod
    def from_seed(cls, seed: bytes) -> "SealingKey":
        """Raises: Malformed for a seed that is not 32 bytes."""
        if len(seed) != SEED_BYTES:
            raise Malformed("a sealing seed is 32 bytes")
        return cls(seed)

    def open(self, box: bytes, label: str, aad: bytes) -> bytes:
        """
        The inverse of `seal`.

        Raises: BadSeal.
        """
        if len(box) < SEAL_OVERHEAD_BYTES:
            raise BadSeal("a sealed box is too short")
        try:
            return _SUITE.decrypt(box, self._key, info=_info(label, aad))
        # A point of small order inside the box surfaces as ValueError.
        except (InvalidTag, ValueError) as error:
            raise BadSeal("a sealed box does not open") from error

    def __repr__(self) -> str:
        return "<SealingKey>"

    def __reduce__(self) -> str:
        raise TypeError("a sealing key is not pickled")


def _info(label: str, aad: bytes) -> bytes:
    return label.encode("ascii") + b"\0" + aad


def _public_key(public: bytes) -> MLKEM768X25519PublicKey:
    if len(public) != PUBLIC_BYTES:
        raise Malformed("a sealing public key is 1,216 bytes")
    point = public[_MLKEM_PUBLIC_BYTES:]
    if (int.from_bytes(point, "little") & (2**255 - 1)) % _FIELD in _SMALL_ORDER:
        raise Malformed("a weak sealing public key")
    try:
        return MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(public[:_MLKEM_PUBLIC_BYTES]),
            X25519PublicKey.from_public_bytes(point),
        )
    except ValueError as error:
        raise Malformed("not a sealing public key") from error
