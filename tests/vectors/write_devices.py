"""
Write tests/vectors/devices.json: `python -m tests.vectors.write_devices`.

The account secret sealed to a device. Encapsulations are random: the box is a vector to be opened.
"""

import json
from pathlib import Path

from lien.crypto import device as devices
from tests.vectors.crypto_parts.people import ANNE, BRUNO
from tests.vectors.make_crypto import hexed


def main() -> None:
    sealing = devices.sealing_key(ANNE.key.seed)
    box = devices.seal_secret(sealing.public, ANNE.secret, ANNE.account, ANNE.device, 3)
    hello = devices.encode_hello(ANNE.device, ANNE.key.public, sealing.public, "Téléphone")
    vector = {
        "seed": ANNE.key.seed,
        "device_public": ANNE.key.public,
        "account": ANNE.account,
        "device": ANNE.device,
        "other_device": BRUNO.device,
        "generation": 3,
        "sealing_public": sealing.public,
        "signature": devices.sign_sealing_key(ANNE.key, ANNE.account, ANNE.device, sealing.public),
        "secret": ANNE.secret.to_bytes(),
        "box": box,
        "hello": hello,
        "code": devices.transfer_code(hello),
        "transfer": devices.transfer_id(devices.transfer_code(hello)),
        "sealed": devices.seal_transfer(sealing.public, hello, ANNE.account, 3, ANNE.secret),
    }
    path = Path(__file__).with_name("devices.json")
    path.write_text(json.dumps(hexed(vector), indent=1) + "\n")


if __name__ == "__main__":
    main()
