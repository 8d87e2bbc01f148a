"""What a PIN gives, against the values that the PWA reads as well."""

import json
from pathlib import Path
from typing import Final

import pytest

from lien.crypto import pin as pins
from lien.crypto.signing import BadSignature
from lien.crypto.suite import BadSeal, decrypt
from lien.ids import PinId

VECTOR: Final = json.loads((Path(__file__).parents[1] / "vectors/pin.json").read_text())
NAME: Final = PinId(VECTOR["pin"])


def part(name: str) -> bytes:
    return bytes.fromhex(VECTOR[name])


def test_digits_lead_to_the_local_key() -> None:
    stretched = pins.stretch(VECTOR["digits"], part("salt"))
    mixed = pins.mix(part("profile_key"), stretched)
    key = pins.proof_key(mixed, NAME)
    wrapping = pins.wrap_key(mixed, part("share"), NAME)

    assert (stretched, mixed, key.public, wrapping) == (
        part("stretched"),
        part("mixed"),
        part("public"),
        part("wrap_key"),
    )
    pins.verify_proof(part("public"), part("nonce"), NAME, part("proof"))
    assert decrypt(wrapping, part("box"), NAME.encode()) == part("local_key")


def test_a_proof_is_of_one_nonce_and_one_pin() -> None:
    with pytest.raises(BadSignature):
        pins.verify_proof(part("public"), bytes(32), NAME, part("proof"))
    with pytest.raises(BadSignature):
        pins.verify_proof(part("public"), part("nonce"), PinId("A" * 22), part("proof"))


@pytest.mark.parametrize("missing", ["profile_key", "share"])
def test_without_the_profile_or_the_share_the_right_digits_open_nothing(missing: str) -> None:
    """A copied profile has no share; the operator has no profile. Each searches in vain."""
    known = {name: part(name) for name in ("profile_key", "share")} | {missing: bytes(32)}
    mixed = pins.mix(known["profile_key"], part("stretched"))

    with pytest.raises(BadSeal):
        decrypt(pins.wrap_key(mixed, known["share"], NAME), part("box"), NAME.encode())
