"""The account secret of one generation, and the keys it gives."""

import secrets
from functools import cached_property
from typing import Final

from lien.crypto.sealing import SealingKey
from lien.crypto.signing import SigningKey
from lien.crypto.structure import encode
from lien.crypto.suite import BOX_OVERHEAD_BYTES, decrypt, derive, encrypt
from lien.errors import Malformed
from lien.ids import AccountId

SECRET_BYTES: Final = 32
WRAPPED_BYTES: Final = SECRET_BYTES + BOX_OVERHEAD_BYTES


class AccountSecret:
    """32 random bytes that open everything sealed to one generation of an account."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    @classmethod
    def generate(cls) -> "AccountSecret":
        return cls(secrets.token_bytes(SECRET_BYTES))

    @classmethod
    def from_bytes(cls, secret: bytes) -> "AccountSecret":
        """Raises: Malformed for a secret that is not 32 bytes."""
        if len(secret) != SECRET_BYTES:
            raise Malformed("an account secret is 32 bytes")
        return cls(secret)

    def to_bytes(self) -> bytes:
        """The secret itself, to be wrapped."""
        return self._secret

    @cached_property
    def sealing(self) -> SealingKey:
        """What others seal conversation keys to."""
        return SealingKey.from_seed(derive(self._secret, "lien/v1/account/sealing"))

    @cached_property
    def signing(self) -> SigningKey:
        """What signs links in the name of the account, from a device not yet in the chain."""
        return SigningKey.from_seed(derive(self._secret, "lien/v1/account/signing"))

    @cached_property
    def vault_key(self) -> bytes:
        """What keeps the generation before readable."""
        return derive(self._secret, "lien/v1/account/vault")

    def __repr__(self) -> str:
        return "<AccountSecret>"

    def __reduce__(self) -> str:
        raise TypeError("an account secret is not pickled")


def seal_earlier(
    newer: AccountSecret, earlier: AccountSecret, account: AccountId, generation: int
) -> bytes:
    """`earlier`, of this generation, for whoever has the secret of the next one."""
    return encrypt(newer.vault_key, earlier.to_bytes(), encode(account, generation))


def open_earlier(
    newer: AccountSecret, box: bytes, account: AccountId, generation: int
) -> AccountSecret:
    """
    The inverse of `seal_earlier`; `generation` is the one of the result.

    Raises: BadSeal.
    """
    secret = decrypt(newer.vault_key, box, encode(account, generation))
    return AccountSecret.from_bytes(secret)
