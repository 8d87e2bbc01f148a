"""The account secret sealed to one device of the account, docs/keys.md "Sealed to a device"."""

from typing import Final

from lien.crypto.account import AccountSecret
from lien.crypto.sealing import SealingKey, seal
from lien.crypto.signing import SigningKey, verify
from lien.crypto.structure import encode
from lien.crypto.suite import derive
from lien.ids import AccountId, DeviceId

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
