"""Write tests/vectors/safety.json: `python -m tests.vectors.write_safety`."""

import json
from pathlib import Path

from lien.crypto.safety import fingerprint, safety_code, safety_qr
from tests.vectors.crypto_parts.people import ANNE, BRUNO, raw
from tests.vectors.make_crypto import hexed


def main() -> None:
    links = raw("first link of anne"), raw("first link of bruno")
    anne = (ANNE.account, fingerprint(ANNE.account, links[0]))
    bruno = (BRUNO.account, fingerprint(BRUNO.account, links[1]))
    vector = {
        "accounts": [ANNE.account, BRUNO.account],
        "first_links": links,
        "fingerprints": [anne[1], bruno[1]],
        "code": safety_code(anne, bruno),
        "qr_of_the_first": safety_qr(anne, bruno),
    }
    path = Path(__file__).with_name("safety.json")
    path.write_text(json.dumps(hexed(vector), indent=1) + "\n")


if __name__ == "__main__":
    main()
