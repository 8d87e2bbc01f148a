"""The account secret wrapped for its owner by something that the server does not have."""

from typing import Final

from lien.crypto.account import WRAPPED_BYTES, AccountSecret
from lien.crypto.structure import encode
from lien.crypto.suite import BadSeal, decrypt, derive, encrypt, hash32
from lien.errors import Malformed
from lien.ids import AccountId, PasskeyId

# Public constants: a passkey's PRF gives unrelated outputs for each.
PRF_VAULT_SALT: Final = hash32(b"lien/v1/prf/vault")
PRF_LOCAL_SALT: Final = hash32(b"lien/v1/prf/local")
RECOVERY: Final = "recovery"
# A shorter wrapping secret could be searched by the operator, who holds the wrapped one.
MIN_WRAPPING_BYTES: Final = 16


def passkey_wrapper(passkey: PasskeyId) -> str:
    """The name of the entry that this passkey's PRF opens."""
    return f"passkey:{passkey}"


def wrap(
    secret: AccountSecret, wrapping: bytes, account: AccountId, wrapper: str, generation: int
) -> bytes:
    """The vault entry to store at the server."""
    key = _wrap_key(wrapping, wrapper)
    return encrypt(key, secret.to_bytes(), encode(account, wrapper, generation))


def unwrap(
    wrapped: bytes, wrapping: bytes, account: AccountId, wrapper: str, generation: int
) -> AccountSecret:
    """
    The inverse of `wrap`.

    Raises: BadSeal.
    """
    if len(wrapped) != WRAPPED_BYTES:
        raise BadSeal("a wrapped secret has a wrong length")
    key = _wrap_key(wrapping, wrapper)
    return AccountSecret.from_bytes(decrypt(key, wrapped, encode(account, wrapper, generation)))


def _wrap_key(wrapping: bytes, wrapper: str) -> bytes:
    if len(wrapping) < MIN_WRAPPING_BYTES:
        raise Malformed("a wrapping secret is too short")
    return derive(wrapping, "lien/v1/vault", wrapper.encode("ascii"))
