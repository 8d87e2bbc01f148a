"""
The deployment's own keys, as files that only its user may read.

    keys/attestor.key   the Ed25519 seed that signs identities: 64 hex digits; then, one line
                        for each rotation, the signed step from one key to the next, which is public
    keys/tokens.key     token keys, one per line, 64 hex digits; the first signs, all verify
    keys/audit.pub      the public half of the controller's audit key, if there is one: base64url

The attestor key is what every client trusts to say who someone is. It may lie elsewhere
(`LIEN_ATTESTOR_KEY_FILE`). It is changed by `rotate_attestor` only: a key that does not follow
from the one before is refused by every client.
"""

import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lien.accounts.tokens import KEY_BYTES, Tokens
from lien.config import BadConfig
from lien.crypto.attestor import AttestorKey, BadSuccession, Succession, first_of
from lien.crypto.sealing import require_sealing_public
from lien.crypto.signing import SEED_BYTES, SigningKey
from lien.errors import Malformed
from lien.ids import b64decode, b64encode
from lien.secretfiles import create_file, read_secret, replace_file

AUDIT_FILE: Final = "audit.pub"
_LINE: Final = re.compile(r"[0-9a-f]{64}")
_STEP: Final = re.compile(r"([0-9a-f]{2}){32,256}:[0-9a-f]{256}")


@dataclass(frozen=True, slots=True)
class DeploymentKeys:
    """What the composition root hands to the services."""

    attestor: AttestorKey
    tokens: Tokens
    audit_public: bytes | None = None


def create_missing(data_dir: Path, attestor_file: Path | None = None) -> list[str]:
    """
    Make the folders and keys that are not there; return the names of the new ones.

    Repeating it, even from two processes at once, changes nothing.

    Raises: BadConfig if the folder cannot be written.
    """
    folder = data_dir / "keys"
    try:
        for each in (data_dir, folder):
            each.mkdir(mode=0o700, parents=True, exist_ok=True)
        files = (
            (_attestor_path(data_dir, attestor_file), SEED_BYTES),
            (folder / "tokens.key", KEY_BYTES),
        )
        made = [
            path.name
            for path, size in files
            if create_file(path, secrets.token_bytes(size).hex() + "\n")
        ]
    except OSError as error:
        raise BadConfig(f"LIEN_DATA_DIR cannot be written ({error.strerror})") from error
    return made


def has_keys(data_dir: Path) -> bool:
    """True once `create_missing` was run here: before that, there is no account."""
    return (data_dir / "keys" / "tokens.key").exists()


def load_keys(data_dir: Path, attestor_file: Path | None = None) -> DeploymentKeys:
    """
    Read the keys.

    Raises: BadConfig with what to do.
    """
    attestor = _read_attestor(_attestor_path(data_dir, attestor_file))
    tokens = Tokens(_read_lines(data_dir / "keys" / "tokens.key"))
    return DeploymentKeys(attestor, tokens, _read_audit_public(data_dir))


def save_audit_public(data_dir: Path, public: bytes) -> Path:
    """
    Let traces be sealed to this key from the next start on, in the place of any other; where.

    Raises: BadConfig if it is no sealing key, or cannot be written.
    """
    path = data_dir / "keys" / AUDIT_FILE
    try:
        require_sealing_public(public)
        replace_file(path, b64encode(public) + "\n")
    except Malformed as error:
        raise BadConfig("not the public half of an audit key") from error
    except OSError as error:
        raise BadConfig(f"{path.name} cannot be written ({error.strerror})") from error
    return path


def _read_audit_public(data_dir: Path) -> bytes | None:
    path = data_dir / "keys" / AUDIT_FILE
    if not path.exists():
        return None
    try:
        return require_sealing_public(b64decode(read_secret(path).strip()))
    except Malformed as error:
        raise BadConfig(f"{path.name} is not the public half of an audit key") from error


def rotate_attestor(data_dir: Path, attestor_file: Path | None, at_ms: int) -> AttestorKey:
    """
    Put a new attestor key in the place of the one there is, signed by it; whole or not at all.

    Raises: BadConfig.
    """
    path = _attestor_path(data_dir, attestor_file)
    try:
        made = _read_attestor(path).rotated(SigningKey.generate(), at_ms)
        lines = [made.key.seed.hex()]
        lines += [f"{step.data.hex()}:{step.signature.hex()}" for step in made.steps]
        replace_file(path, "\n".join(lines) + "\n")
    except OSError as error:
        raise BadConfig(f"{path.name} cannot be replaced ({error.strerror})") from error
    except BadSuccession as error:
        raise BadConfig(str(error)) from error
    return made


def _attestor_path(data_dir: Path, attestor_file: Path | None) -> Path:
    return attestor_file or data_dir / "keys" / "attestor.key"


def _read_attestor(path: Path) -> AttestorKey:
    seed, *steps = read_secret(path).split() or [""]
    if not _LINE.fullmatch(seed) or not all(_STEP.fullmatch(step) for step in steps):
        raise BadConfig(f"{path.name} holds a seed of 64 hex digits, then steps of rotations")
    key = SigningKey.from_seed(bytes.fromhex(seed))
    pairs = [step.split(":") for step in steps]
    read = [Succession(bytes.fromhex(data), bytes.fromhex(tag)) for data, tag in pairs]
    try:
        return AttestorKey(key, first_of(read, key.public), tuple(read))
    except BadSuccession as error:
        raise BadConfig(f"{path.name}: {error}") from error


def _read_lines(path: Path) -> list[bytes]:
    lines = read_secret(path).split()
    if not lines or not all(_LINE.fullmatch(line) for line in lines):
        raise BadConfig(f"keys/{path.name} holds lines of 64 hex digits")
    return [bytes.fromhex(line) for line in lines]
