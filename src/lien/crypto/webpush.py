"""
Web Push from the server's side: message encryption (RFC 8291, 8188) and VAPID (RFC 8292).

What is encrypted here holds nothing but a number: the vendor's service sees that a device was
woken, and when.
"""

import json
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lien.errors import Malformed

PUBLIC_BYTES: Final = 65  # an uncompressed point of P-256
AUTH_BYTES: Final = 16
SCALAR_BYTES: Final = 32
# Every message has this length before encryption: nothing is told by size.
PLAINTEXT_BYTES: Final = 128
_SALT_BYTES: Final = 16
_RECORD_BYTES: Final = 4096  # RFC 8291, 4: one record
_LAST_RECORD: Final = b"\x02"  # RFC 8188, 2: the delimiter of the last record, then padding


class BadSubscription(Malformed):
    """A subscription's keys are no keys, or its address is not one that is called."""

    code = "bad_subscription"


@dataclass(frozen=True, slots=True)
class PushKeys:
    """What a browser gave with its subscription."""

    public: bytes = field(repr=False)
    auth: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.public) != PUBLIC_BYTES or len(self.auth) != AUTH_BYTES:
            raise BadSubscription("the keys of a subscription have a wrong length")
        _point(self.public)


class VapidKey:
    """The key by which vendors know who pushes; P-256 is what RFC 8292 asks for."""

    __slots__ = ("_key", "public")

    def __init__(self, scalar: bytes) -> None:
        self._key = ec.derive_private_key(int.from_bytes(scalar, "big"), ec.SECP256R1())
        self.public = _encoded(self._key.public_key())

    def __repr__(self) -> str:
        return "VapidKey(…)"

    @staticmethod
    def new_scalar() -> bytes:
        """A fresh private key as 32 bytes."""
        number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
        return number.to_bytes(SCALAR_BYTES, "big")

    def authorization(self, audience: str, subject: str, expires_at_seconds: int) -> str:
        """The value of the header `Authorization` (RFC 8292, 3) for one push service."""
        head = _json({"typ": "JWT", "alg": "ES256"})
        claims = _json({"aud": audience, "exp": expires_at_seconds, "sub": subject})
        signed = f"{head}.{claims}".encode("ascii")
        r, s = decode_dss_signature(self._key.sign(signed, ec.ECDSA(SHA256())))
        signature = r.to_bytes(SCALAR_BYTES, "big") + s.to_bytes(SCALAR_BYTES, "big")
        return f"vapid t={head}.{claims}.{_b64(signature)}, k={_b64(self.public)}"


def encrypt_push(plaintext: bytes, keys: PushKeys) -> bytes:
    """
    The body of a push message, content coding `aes128gcm`: always the same length.

    Raises: BadSubscription when the plaintext is too long for the fixed length.
    """
    if len(plaintext) > PLAINTEXT_BYTES - 1:
        raise BadSubscription("a push message is too long")
    ephemeral = ec.generate_private_key(ec.SECP256R1())
    own = _encoded(ephemeral.public_key())
    shared = ephemeral.exchange(ec.ECDH(), _point(keys.public))
    # RFC 8291, 3.4
    info = b"WebPush: info\0" + keys.public + own
    secret = HKDF(SHA256(), 32, keys.auth, info).derive(shared)
    salt = secrets.token_bytes(_SALT_BYTES)
    key = HKDF(SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(secret)
    nonce = HKDF(SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(secret)
    padded = (plaintext + _LAST_RECORD).ljust(PLAINTEXT_BYTES, b"\0")
    header = salt + _RECORD_BYTES.to_bytes(4, "big") + bytes([PUBLIC_BYTES]) + own
    return header + AESGCM(key).encrypt(nonce, padded, None)


def _point(public: bytes) -> ec.EllipticCurvePublicKey:
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
    except ValueError as error:
        raise BadSubscription("the key of a subscription is no point") from error


def _encoded(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _json(value: dict[str, str | int]) -> str:
    return _b64(json.dumps(value, separators=(",", ":")).encode())


def _b64(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode("ascii")
