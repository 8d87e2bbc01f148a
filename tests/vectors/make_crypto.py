"""
Write tests/vectors/crypto.json: `python -m tests.vectors.make_crypto`.

Keys and identifiers are fixed. Nonces and encapsulations are random, so a box is a vector to be
opened, never to be made again. Bytes are hexadecimal. An entry of `…_refused` changes one thing
of an accepted one and says which.
"""

import json
from pathlib import Path
from typing import Any

from tests.vectors.crypto_parts.accounts import accounts, possession
from tests.vectors.crypto_parts.chains import chains, leavings
from tests.vectors.crypto_parts.envelopes import envelopes
from tests.vectors.crypto_parts.primitives import primitives, sealed, structures
from tests.vectors.crypto_parts.signatures import signatures
from tests.vectors.crypto_parts.statements import statements


def hexed(value: Any) -> Any:
    """The same value with bytes as hexadecimal text."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {name: hexed(item) for name, item in value.items()}
    return [hexed(item) for item in value] if isinstance(value, list | tuple) else value


def main() -> None:
    vectors = {
        **primitives(),
        **signatures(),
        **sealed(),
        **structures(),
        **accounts(),
        **possession(),
        **chains(),
        **leavings(),
        **statements(),
        **envelopes(),
    }
    path = Path(__file__).with_name("crypto.json")
    path.write_text(json.dumps(hexed(vectors), indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
