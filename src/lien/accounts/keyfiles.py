"""
The deployment's own keys, as files that only its user may read.

    keys/attestor.key   the Ed25519 seed that signs identities: 64 hex digits
    keys/tokens.key     token keys, one per line, 64 hex digits; the first signs, all verify

The attestor key is what every client trusts to say who someone is. It is made once and kept:
with another one, chains signed before do not verify.
"""

import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lien.accounts.tokens import KEY_BYTES, Tokens
from lien.config import BadConfig
from lien.crypto.signing import SEED_BYTES, SigningKey

_MAX_FILE_BYTES: Final = 4096
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


def create_file(path: Path, text: str) -> bool:
    """
    Write a secret file that only we may read, whole or not at all; False if there is one already.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(descriptor, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        # A link never replaces: of two processes, one makes the file and both then read it.
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True


def read_secret(path: Path) -> str:
    """
    Return the text of a secret file.

    Raises: BadConfig if it is missing, too long, or readable by others.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(_MAX_FILE_BYTES + 1)
    except FileNotFoundError:
        raise BadConfig(f"{path.name} is missing: run `lien init`") from None
    except OSError as error:
        raise BadConfig(f"{path.name} cannot be read ({error.strerror})") from error
    if mode & 0o077:
        raise BadConfig(f"{path.name} may be read by others: `chmod 600` it")
    if len(content) > _MAX_FILE_BYTES or not content.isascii():
        raise BadConfig(f"{path.name} is not a key file")
    return content.decode("ascii")


def _read_lines(path: Path) -> list[bytes]:
    lines = read_secret(path).split()
    if not lines or not all(_LINE.fullmatch(line) for line in lines):
        raise BadConfig(f"keys/{path.name} holds lines of 64 hex digits")
    return [bytes.fromhex(line) for line in lines]
