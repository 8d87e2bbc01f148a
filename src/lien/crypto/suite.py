"""The symmetric primitives of docs/keys.md: hash, derivation, encryption, padding."""

import hashlib
import hmac
import secrets
from typing import Final

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
)
from nacl.exceptions import CryptoError

from lien.errors import Malformed

KEY_BYTES: Final = 32
HASH_BYTES: Final = 32
NONCE_BYTES: Final = 24
TAG_BYTES: Final = 16
BOX_OVERHEAD_BYTES: Final = NONCE_BYTES + TAG_BYTES
SMALLEST_PADDED_BYTES: Final = 256
_LENGTH_BYTES: Final = 4


class BadSeal(Malformed):
    """A box does not open, or a signature is wrong: which of the two is nobody's business."""

    code = "bad_seal"


def hash32(value: bytes) -> bytes:
    """SHA-256."""
    return hashlib.sha256(value).digest()


def derive(secret: bytes, label: str, context: bytes = b"", length: int = KEY_BYTES) -> bytes:
    """
    HKDF-SHA256 without salt; the label and the context separate the uses of one secret.

    Written out: the extract and expand steps of RFC 5869 are six lines, and the 8,160 bytes it
    may give are far above any key here.
    """
    info = label.encode("ascii") + b"\0" + context
    extracted = hmac.digest(bytes(HASH_BYTES), secret, "sha256")
    output = block = b""
    for number in range(1, -(-length // HASH_BYTES) + 1):
        block = hmac.digest(extracted, block + info + bytes([number]), "sha256")
        output += block
    return output[:length]


def encrypt(key: bytes, plaintext: bytes, aad: bytes) -> bytes:
    """A random nonce, then XChaCha20-Poly1305. 24 random bytes never repeat by chance."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, aad, nonce, key)


def decrypt(key: bytes, box: bytes, aad: bytes) -> bytes:
    """
    The inverse of `encrypt`.

    Raises: BadSeal.
    """
    if len(box) < BOX_OVERHEAD_BYTES:
        raise BadSeal("a box is shorter than its nonce and tag")
    try:
        return crypto_aead_xchacha20poly1305_ietf_decrypt(
            box[NONCE_BYTES:], aad, box[:NONCE_BYTES], key
        )
    except CryptoError as error:
        raise BadSeal("a box does not open") from error


def padded_size(size: int) -> int:
    """
    The size that a plaintext of `size` bytes is padded to.

    Padmé above 256 bytes (PURBs, Nikitin et al. 2019, section 4): at most 12 % of waste, and
    only O(log log n) bits told about the length.
    """
    if size <= SMALLEST_PADDED_BYTES:
        return SMALLEST_PADDED_BYTES
    exponent = size.bit_length() - 1
    kept_bits = exponent.bit_length()  # floor(log2 exponent) + 1
    step = 1 << (exponent - kept_bits)
    return (size + step - 1) // step * step


def pad(plaintext: bytes) -> bytes:
    """Length, plaintext, zeros."""
    size = _LENGTH_BYTES + len(plaintext)
    return len(plaintext).to_bytes(_LENGTH_BYTES, "big") + plaintext.ljust(
        padded_size(size) - _LENGTH_BYTES, b"\0"
    )


def unpad(padded: bytes) -> bytes:
    """
    The inverse of `pad`, refusing what it would not have written.

    Raises: BadSeal.
    """
    size = _LENGTH_BYTES + int.from_bytes(padded[:_LENGTH_BYTES], "big")
    if len(padded) < _LENGTH_BYTES or padded_size(size) != len(padded):
        raise BadSeal("a padded length does not fit")
    if any(padded[size:]):
        raise BadSeal("padding is not zero")
    return padded[_LENGTH_BYTES:size]
