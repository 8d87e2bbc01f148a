"""The mock provider's own key and its client's secret, in one file of the data folder."""

import json
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from joserfc.jwk import RSAKey

from lien.config import BadConfig
from lien.secretfiles import create_file, read_secret

KEY_FILE: Final = "mock-provider.json"
_KEY_BITS: Final = 2048


@dataclass(frozen=True, slots=True)
class MockKey:
    """What signs ID tokens, and what the relying party authenticates with."""

    signing: RSAKey = field(repr=False)
    client_secret: str = field(repr=False)


def create_missing(data_dir: Path) -> bool:
    """Make the file if it is not there. Raises: BadConfig."""
    path = data_dir / "keys" / KEY_FILE
    if path.exists():
        return False
    key = RSAKey.generate_key(_KEY_BITS, {"kid": secrets.token_hex(8), "use": "sig"})
    value = {"client_secret": secrets.token_urlsafe(32), "key": key.as_dict(private=True)}
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return create_file(path, json.dumps(value))
    except OSError as error:
        raise BadConfig(f"LIEN_DATA_DIR cannot be written ({error.strerror})") from error


def load_key(data_dir: Path) -> MockKey:
    """Read the file. Raises: BadConfig."""
    try:
        value = json.loads(read_secret(data_dir / "keys" / KEY_FILE))
        return MockKey(RSAKey.import_key(value["key"]), str(value["client_secret"]))
    except (ValueError, KeyError, TypeError) as error:
        raise BadConfig(
            f"keys/{KEY_FILE} cannot be read: remove it, then run `lien init`"
        ) from error
