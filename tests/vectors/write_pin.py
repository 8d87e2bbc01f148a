"""
Write tests/vectors/pin.json: `python -m tests.vectors.write_pin`.

What a PIN gives, from the digits to the box that holds the local key. Bytes are hexadecimal.
"""

import json
from pathlib import Path

from lien.crypto import pin as pins
from lien.crypto.suite import encrypt
from lien.ids import PinId
from tests.vectors.crypto_parts.people import ident, raw
from tests.vectors.make_crypto import hexed


def main() -> None:
    name, digits = PinId(ident("pin")), "407195"
    salt, profile_key, share = raw("pin salt")[:16], raw("profile key"), raw("pin share")
    local_key, nonce = raw("local key"), raw("pin nonce")
    stretched = pins.stretch(digits, salt)
    mixed = pins.mix(profile_key, stretched)
    key = pins.proof_key(mixed, name)
    wrapping = pins.wrap_key(mixed, share, name)
    vector = {
        "pin": name,
        "digits": digits,
        "salt": salt,
        "profile_key": profile_key,
        "share": share,
        "nonce": nonce,
        "stretched": stretched,
        "mixed": mixed,
        "public": key.public,
        "proof": key.sign(pins.PROOF_LABEL, pins.proof_message(nonce, name)),
        "wrap_key": wrapping,
        "local_key": local_key,
        "box": encrypt(wrapping, local_key, name.encode()),
    }
    path = Path(__file__).with_name("pin.json")
    path.write_text(json.dumps(hexed(vector), indent=1) + "\n")


if __name__ == "__main__":
    main()
