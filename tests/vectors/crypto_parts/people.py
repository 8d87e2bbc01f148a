"""Fictitious accounts with fixed keys, and fixed identifiers."""

import hashlib
from typing import Final

from lien.crypto import chain, statement
from lien.crypto.account import AccountSecret
from lien.crypto.attestor import Attestors
from lien.crypto.chain import Signer
from lien.crypto.signing import SigningKey
from lien.ids import AccountId, DeviceId, b64encode

AT_MS: Final = 1_795_000_000_000


def raw(name: str, size: int = 32) -> bytes:
    return hashlib.shake_256(name.encode()).digest(size)


def ident(name: str) -> str:
    return b64encode(raw(name, 16))


def key(name: str) -> SigningKey:
    return SigningKey.from_seed(raw(name))


def flip(value: bytes, place: int = -1) -> bytes:
    changed = bytearray(value)
    changed[place] ^= 1
    return bytes(changed)


class Person:
    """A fictitious account with one device and one secret."""

    def __init__(self, name: str) -> None:
        self.account = AccountId(ident(f"{name} account"))
        self.device = DeviceId(ident(f"{name} device"))
        self.key = key(f"{name} device key")
        self.secret = AccountSecret.from_bytes(raw(f"{name} secret 1"))
        self.create = chain.Create(
            self.device,
            self.key.public,
            self.secret.signing.public,
            self.secret.sealing.public,
        )
        self.by_device = Signer.device(self.device, self.key)

    def recipient(self, role: statement.Role) -> statement.Recipient:
        public = self.secret.sealing.public
        return statement.Recipient(self.account, role, 1, public)


ATTESTOR: Final = key("attestor")
ATTESTORS: Final = Attestors.of(ATTESTOR.public)
ANNE, BRUNO, CHLOE = Person("anne"), Person("bruno"), Person("chloe")
