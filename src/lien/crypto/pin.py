"""
What a PIN gives on the one phone it was chosen on, docs/keys.md "PIN".

Six digits are a million guesses. So they are mixed with a key of the browser profile (the operator
does not have it) and with a share of the server (who copies the profile does not have it).
"""

import hmac
from typing import Final

from nacl.pwhash import argon2id

from lien.crypto.signing import SigningKey, verify
from lien.crypto.suite import derive
from lien.ids import PinId

SALT_BYTES: Final = 16
SHARE_BYTES: Final = 32
PROOF_LABEL: Final = "lien/v1/pin"
_PASSES: Final = 3  # with 64 MiB the second choice of RFC 9106, 4, on one lane
_MEMORY_BYTES: Final = 64 * 1024 * 1024
_STRETCHED_BYTES: Final = 32


def stretch(pin: str, salt: bytes) -> bytes:
    """Argon2id (RFC 9106) of the digits: a third of a second and 64 MiB for each guess."""
    return argon2id.kdf(
        _STRETCHED_BYTES, pin.encode("ascii"), salt, opslimit=_PASSES, memlimit=_MEMORY_BYTES
    )


def mix(profile_key: bytes, stretched: bytes) -> bytes:
    """The stretched PIN under the profile's key, which in a browser cannot be exported."""
    return hmac.digest(profile_key, stretched, "sha256")


def proof_key(mixed: bytes, pin: PinId) -> SigningKey:
    """What proves the PIN to the server, which keeps the public half."""
    return SigningKey.from_seed(derive(mixed, "lien/v1/pin/proof", pin.encode("ascii")))


def wrap_key(mixed: bytes, share: bytes, pin: PinId) -> bytes:
    """What wraps the local key of the device."""
    return derive(mixed + share, "lien/v1/pin/local-key", pin.encode("ascii"))


def proof_message(nonce: bytes, pin: PinId) -> bytes:
    """What the proof signs."""
    return nonce + pin.encode("ascii")


def verify_proof(public: bytes, nonce: bytes, pin: PinId, proof: bytes) -> None:
    """Raises: BadSignature."""
    verify(public, PROOF_LABEL, proof_message(nonce, pin), proof)
