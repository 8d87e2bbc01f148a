"""One device of an account to another, docs/keys.md "Sealed to a device" and what follows."""

from typing import Final

from lien.crypto.account import AccountSecret
from lien.crypto.sealing import SealingKey, seal
from lien.crypto.signing import SigningKey, verify
from lien.crypto.structure import encode
from lien.crypto.suite import derive, hash32
from lien.ids import AccountId, DeviceId, TransferId, b64encode

TRANSFER_LABEL: Final = "lien/v1/transfer"
CODE_BYTES: Final = 10
KEY_LABEL: Final = "lien/v1/device-sealing"
SECRET_LABEL: Final = "lien/v1/device-secret"  # noqa: S105  a label


def sealing_key(device_seed: bytes) -> SealingKey:
    """A device's sealing key, from the seed of its device key."""
    return SealingKey.from_seed(derive(device_seed, "lien/v1/device/sealing"))


def sign_sealing_key(
    key: SigningKey, account: AccountId, device: DeviceId, sealing_public: bytes
) -> bytes:
    """The device's word that this is its sealing key."""
    return key.sign(KEY_LABEL, encode(account, device, sealing_public))


def verify_sealing_key(
    public: bytes, account: AccountId, device: DeviceId, sealing_public: bytes, signature: bytes
) -> None:
    """`public` is the device's key in the chain. Raises: BadSignature."""
    verify(public, KEY_LABEL, encode(account, device, sealing_public), signature)


def seal_secret(
    sealing_public: bytes,
    secret: AccountSecret,
    account: AccountId,
    device: DeviceId,
    generation: int,
) -> bytes:
    """The box that only this device opens."""
    aad = encode(account, device, generation)
    return seal(sealing_public, secret.to_bytes(), SECRET_LABEL, aad)


def open_secret(
    key: SealingKey, box: bytes, account: AccountId, device: DeviceId, generation: int
) -> AccountSecret:
    """
    The inverse; the caller checks the secret against the chain.

    Raises: BadSeal.
    """
    aad = encode(account, device, generation)
    return AccountSecret.from_bytes(key.open(box, SECRET_LABEL, aad))


# From an old device to a new one


def encode_hello(device: DeviceId, public: bytes, sealing_public: bytes, label: str) -> bytes:
    """What a new device says of itself."""
    return encode(device, public, sealing_public, label)


def transfer_code(hello: bytes) -> bytes:
    """What the person carries from one screen to the other."""
    return hash32(b"lien/v1/transfer\0" + hello)[:CODE_BYTES]


def transfer_id(code: bytes) -> TransferId:
    """Where the server keeps the hello of this code."""
    return TransferId(b64encode(hash32(b"lien/v1/transfer-id\0" + code)[:16]))


def seal_transfer(
    sealing_public: bytes, hello: bytes, account: AccountId, generation: int, secret: AccountSecret
) -> bytes:
    """The account's secret for the device of a hello."""
    content = encode(account, generation, secret.to_bytes())
    return seal(sealing_public, content, TRANSFER_LABEL, hash32(hello))
