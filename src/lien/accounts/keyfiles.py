"""
The deployment's own keys, as files that only its user may read.

    keys/attestor.key   the Ed25519 seed that signs identities: 64 hex digits
    keys/tokens.key     token keys, one per line, 64 hex digits; the first signs, all verify

The attestor key is what every client trusts to say who someone is. It is made once and kept:
with another one, chains signed before do not verify.
"""

import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lien.accounts.tokens import KEY_BYTES, Tokens
from lien.config import BadConfig
from lien.crypto.signing import SEED_BYTES, SigningKey
from lien.secretfiles import create_file, read_secret

_LINE: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class DeploymentKeys:
    """What the composition root hands to the services."""

    attestor: SigningKey
    tokens: Tokens


def create_missing(data_dir: Path) -> list[str]:
    """
    Make the folders and keys that are not there; return the names of the new ones.

    Repeating it, even from two processes at once, changes nothing.

    Raises: BadConfig if the folder cannot be written.
    """
    folder = data_dir / "keys"
    try:
        for each in (data_dir, folder):
            each.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = [
            name
            for name, size in (("attestor.key", SEED_BYTES), ("tokens.key", KEY_BYTES))
            if create_file(folder / name, secrets.token_bytes(size).hex() + "\n")
        ]
    except OSError as error:
        raise BadConfig(f"LIEN_DATA_DIR cannot be written ({error.strerror})") from error
    return made


def has_keys(data_dir: Path) -> bool:
    """True once `create_missing` was run here: before that, there is no account."""
    return (data_dir / "keys" / "attestor.key").exists()


def load_keys(data_dir: Path) -> DeploymentKeys:
    """
    Read the keys.

    Raises: BadConfig with what to do.
    """
    folder = data_dir / "keys"
    attestor = _read_lines(folder / "attestor.key")
    if len(attestor) != 1:
        raise BadConfig("keys/attestor.key holds one line")
    return DeploymentKeys(
        SigningKey.from_seed(attestor[0]), Tokens(_read_lines(folder / "tokens.key"))
    )


def _read_lines(path: Path) -> list[bytes]:
    lines = read_secret(path).split()
    if not lines or not all(_LINE.fullmatch(line) for line in lines):
        raise BadConfig(f"keys/{path.name} holds lines of 64 hex digits")
    return [bytes.fromhex(line) for line in lines]
