"""The deployment's VAPID key, `keys/vapid.key`: made at the first start that needs it."""

import re
from pathlib import Path
from typing import Final

from lien.config import BadConfig
from lien.crypto.webpush import VapidKey
from lien.secretfiles import create_file, read_secret

_LINE: Final = re.compile(r"[0-9a-f]{64}")


def load_or_make_key(data_dir: Path) -> VapidKey:
    """
    The key, made if there is none: with another one, devices only have to subscribe again.

    Raises: BadConfig.
    """
    path = data_dir / "keys" / "vapid.key"
    try:
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            create_file(path, VapidKey.new_scalar().hex() + "\n")
    except OSError as error:
        raise BadConfig(f"LIEN_DATA_DIR cannot be written ({error.strerror})") from error
    line = read_secret(path).strip()
    if not _LINE.fullmatch(line):
        raise BadConfig("keys/vapid.key holds one line of 64 hex digits: remove it, start again")
    return VapidKey(bytes.fromhex(line))
