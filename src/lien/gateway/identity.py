"""
Who this gateway is: its key, made here and never sent, and what the attestor said of it.

    <state>/keys/gateway.key   Ed25519 seed, 64 hex digits
    <state>/keys/ids.key       makes the ids of documents: keep it when the gateway changes
    <state>/keys/spool.key     encrypts the spool
    <state>/gateway.json       id, server, certificate, the attestor's key; nothing secret
"""

import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from lien.config import BadConfig
from lien.crypto.gateway import Attested, Certificate, open_certificate
from lien.crypto.signing import SigningKey
from lien.errors import LienError
from lien.ids import GatewayId, b64decode, b64encode, new_id, require_id
from lien.secretfiles import create_file, read_secret

_KEYS: Final = ("gateway.key", "ids.key", "spool.key")
_FILE: Final = "gateway.json"


class NotRegistered(LienError):
    """`lien gateway register` comes first."""

    code = "not_registered"


class AlreadyRegistered(LienError):
    """This folder belongs to a gateway that is registered; another one needs another folder."""

    code = "already_registered"


@dataclass(frozen=True, slots=True)
class Keys:
    """The three secrets of a gateway."""

    signing: SigningKey
    ids: bytes = field(repr=False)
    spool: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Identity:
    """A registered gateway."""

    gateway: GatewayId
    origin: str
    attestor_public: bytes = field(repr=False)
    certificate: Certificate


def make_keys(state: Path) -> Keys:
    """
    The keys of a folder, made where they are missing.

    Raises: BadConfig if the folder cannot be written, or a key is readable by others.
    """
    folder = state / "keys"
    try:
        for each in (state, folder):
            each.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in _KEYS:
            create_file(folder / name, secrets.token_bytes(32).hex() + "\n")
    except OSError as error:
        raise BadConfig(f"the state folder cannot be written ({error.strerror})") from error
    return load_keys(state)


def load_keys(state: Path) -> Keys:
    """
    Read the keys.

    Raises: NotRegistered, BadConfig.
    """
    folder = state / "keys"
    if not (folder / "gateway.key").exists():
        raise NotRegistered("this gateway has no key yet: run `lien gateway register`")
    seed, ids, spool = (_read_key(folder / name) for name in _KEYS)
    return Keys(SigningKey.from_seed(seed), ids, spool)


def pending_id(state: Path) -> GatewayId:
    """
    The id this folder registers under, the same when a lost answer makes it ask again.

    Raises: AlreadyRegistered.
    """
    if (state / _FILE).exists():
        raise AlreadyRegistered("this folder belongs to a registered gateway")
    path = state / "keys" / "gateway.id"
    create_file(path, new_id() + "\n")
    return GatewayId(require_id(read_secret(path).strip()))


def save_identity(
    state: Path, gateway: GatewayId, origin: str, attestor_public: bytes, attested: Attested
) -> None:
    """Write what registering brought, whole or not at all."""
    value = {
        "gateway": gateway,
        "server": origin,
        "attestor": b64encode(attestor_public),
        "certificate": b64encode(attested.data),
        "signature": b64encode(attested.signature),
    }
    draft = state / f".{_FILE}.{secrets.token_hex(8)}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="ascii") as file:
        json.dump(value, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(state / _FILE)


def load_identity(state: Path) -> Identity:
    """
    Who this gateway is.

    Raises: NotRegistered, BadConfig.
    """
    try:
        value: dict[str, Any] = json.loads(read_secret(state / _FILE))
        attested = Attested(b64decode(value["certificate"]), b64decode(value["signature"]))
        attestor = b64decode(value["attestor"])
        certificate = open_certificate(attested, attestor)
        return Identity(
            GatewayId(require_id(value["gateway"])), str(value["server"]), attestor, certificate
        )
    except BadConfig as error:
        if not (state / _FILE).exists():
            raise NotRegistered("run `lien gateway register` first") from error
        raise
    except (ValueError, KeyError, TypeError, LienError) as error:
        raise BadConfig(f"{_FILE} cannot be read: it is not what registering wrote") from error


def _read_key(path: Path) -> bytes:
    try:
        value = bytes.fromhex(read_secret(path).strip())
    except ValueError as error:
        raise BadConfig(f"{path.name} holds 64 hex digits") from error
    if len(value) != 32:
        raise BadConfig(f"{path.name} holds 64 hex digits")
    return value
