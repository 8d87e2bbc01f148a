"""Secrets in files that only their owner may read: written whole or not at all."""

import os
import secrets
from pathlib import Path
from typing import Final

from lien.config import BadConfig

_MAX_FILE_BYTES: Final = 64 * 1024  # an attestor that was rotated 64 times


def create_file(path: Path, text: str) -> bool:
    """
    Write a secret file that only we may read, whole or not at all; False if there is one already.
    """
    draft = _draft_of(path)
    try:
        _write(draft, text)
        # A link never replaces: of two processes, one makes the file and both then read it.
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        draft.unlink(missing_ok=True)
    return True


def replace_file(path: Path, text: str) -> None:
    """Write a secret file that only we may read in the place of another, whole or not at all."""
    draft = _draft_of(path)
    _write(draft, text)
    os.replace(draft, path)


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


def _draft_of(path: Path) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(8)}")


def _write(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
