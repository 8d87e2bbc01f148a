"""The account secret sealed to a device, against the values that the PWA reads as well."""

import json
from pathlib import Path
from typing import Final

import pytest

from lien.crypto import device as devices
from lien.crypto.signing import BadSignature, SigningKey
from lien.crypto.suite import BadSeal
from lien.ids import AccountId, DeviceId

VECTOR: Final = json.loads((Path(__file__).parents[1] / "vectors/devices.json").read_text())
ACCOUNT: Final = AccountId(VECTOR["account"])
DEVICE: Final = DeviceId(VECTOR["device"])


def part(name: str) -> bytes:
    return bytes.fromhex(VECTOR[name])


def test_a_device_opens_what_was_sealed_to_it() -> None:
    key = devices.sealing_key(part("seed"))
    assert key.public == part("sealing_public")
    opened = devices.open_secret(key, part("box"), ACCOUNT, DEVICE, VECTOR["generation"])
    assert opened.to_bytes() == part("secret")


def test_a_box_is_of_one_device_and_one_generation() -> None:
    key = devices.sealing_key(part("seed"))
    other = DeviceId(VECTOR["other_device"])
    with pytest.raises(BadSeal):
        devices.open_secret(key, part("box"), ACCOUNT, other, VECTOR["generation"])
    with pytest.raises(BadSeal):
        devices.open_secret(key, part("box"), ACCOUNT, DEVICE, VECTOR["generation"] + 1)


def test_a_sealing_key_is_signed_by_its_device() -> None:
    public, signature = part("sealing_public"), part("signature")
    devices.verify_sealing_key(part("device_public"), ACCOUNT, DEVICE, public, signature)
    # A key that the server put in place, for instance its own.
    forged = devices.sealing_key(bytes(32)).public
    with pytest.raises(BadSignature):
        devices.verify_sealing_key(part("device_public"), ACCOUNT, DEVICE, forged, signature)
    with pytest.raises(BadSignature):
        devices.verify_sealing_key(SigningKey.generate().public, ACCOUNT, DEVICE, public, signature)
