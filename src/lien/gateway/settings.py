"""
The gateway's configuration: one TOML file, read strictly (docs/gateway.md lists every name).

An unknown name stops the start: a misspelt bound must not fall back to a default in silence.
"""

import tomllib
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, Final, get_type_hints
from urllib.parse import urlsplit

from lien.config import BadConfig

MAX_FILE_BYTES: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class FolderSettings:
    """A watched folder. Files are removed once they are safe in the spool."""

    path: Path = Path()
    every_ms: int = 1_000
    pair_wait_seconds: int = 30  # how long a PDF waits for its metadata


@dataclass(frozen=True, slots=True)
class MllpSettings:
    """A listener for HL7v2 over MLLP; with a certificate it speaks TLS only."""

    listen: str = ""
    certificate: Path = Path()
    key: Path = Path()
    client_authorities: Path = Path()  # who may connect is then asked for a certificate of theirs
    max_connections: int = 32
    idle_seconds: int = 300
    answers_to: str = ""  # the hospital's listener of business acknowledgements
    answers_authorities: Path = Path()  # with them it is spoken to over TLS


@dataclass(frozen=True, slots=True)
class FhirSettings:
    """A listener for ITI-65 and ITI-105; with a certificate it speaks HTTPS only."""

    listen: str = ""
    certificate: Path = Path()
    key: Path = Path()
    client_authorities: Path = Path()
    token_file: Path = Path()  # a bearer token that every request must carry


@dataclass(frozen=True, slots=True)
class PtaSettings:
    """Which syntheses are filed under coordination (docs/gateway.md, Families)."""

    types: tuple[str, ...] = ("SYNTH", "34133-9", "60591-5")
    structures: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ("SA57",)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything. Paths are relative to the file's folder; durations say their unit."""

    state: Path = Path("state")
    test_identities: bool = False
    hold_days: int = 30
    hold_check_seconds: int = 60
    history_days: int = 400
    readers: int = 2
    max_spool_mib: int = 10_240
    operators: tuple[str, ...] = ()
    folder: FolderSettings = FolderSettings()
    mllp: MllpSettings = MllpSettings()
    fhir: FhirSettings = FhirSettings()
    pta: PtaSettings = PtaSettings()


_BOUNDS: Final = {
    "hold_days": (1, 366),
    "hold_check_seconds": (1, 86_400),
    "history_days": (30, 3_660),
    "readers": (1, 64),
    "max_spool_mib": (16, 1_048_576),
    "every_ms": (50, 3_600_000),
    "pair_wait_seconds": (1, 86_400),
    "max_connections": (1, 1_000),
    "idle_seconds": (1, 86_400),
}


def read_settings(path: Path) -> Settings:
    """
    The settings of a file.

    Raises: BadConfig with the name and the rule.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise BadConfig(f"{path} cannot be read ({error.strerror})") from error
    if len(data) > MAX_FILE_BYTES:
        raise BadConfig(f"{path} is too long")
    try:
        value = tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadConfig(f"{path} is not TOML: {error}") from error
    settings: Settings = _table(Settings, value, "", path.resolve().parent)
    _check(settings)
    return settings


def parse_listen(text: str) -> tuple[str, int]:
    """`127.0.0.1:2575` or `[::1]:2575`. Raises: BadConfig."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or not 0 <= int(port) <= 65_535:
        raise BadConfig(f"{text} is not like 127.0.0.1:2575")
    return host.strip("[]"), int(port)


def require_origin(text: str) -> str:
    """
    The address of a Lien server.

    Raises: BadConfig.
    """
    parts = urlsplit(text)
    is_local = parts.hostname in ("localhost", "127.0.0.1")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
        raise BadConfig("the server is like https://lien.example, without a path")
    if parts.scheme == "http" and not is_local:
        raise BadConfig("the server must be https, except on localhost")
    return f"{parts.scheme}://{parts.netloc}"


def _table(kind: Any, value: object, name: str, folder: Path) -> Any:
    if not isinstance(value, dict):
        raise BadConfig(f"{name} must be a table")
    hints = get_type_hints(kind)
    known = {field.name for field in fields(kind)}
    for each in value:
        if each not in known:
            raise BadConfig(f"{name + '.' if name else ''}{each} is not a setting of the gateway")
    return kind(
        **{
            each: _value(hints[each], given, f"{name}.{each}" if name else each, folder)
            for each, given in value.items()
        }
    )


def _value(kind: Any, value: object, name: str, folder: Path) -> object:
    if is_dataclass(kind):
        return _table(kind, value, name, folder)
    if kind is Path:
        if not isinstance(value, str) or not value:
            raise BadConfig(f"{name} must be a path")
        return folder / value
    if kind is bool or kind is str:
        if not isinstance(value, kind):
            raise BadConfig(f"{name} must be {'true or false' if kind is bool else 'text'}")
        return value
    if kind is int:
        low, high = _BOUNDS[name.rpartition(".")[2]]
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise BadConfig(f"{name} must be a whole number from {low} to {high}")
        return value
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise BadConfig(f"{name} must be a list of texts")
    return tuple(value)


def _check(settings: Settings) -> None:
    if settings.mllp.answers_to and not parse_listen(settings.mllp.answers_to)[1]:
        raise BadConfig("mllp.answers_to needs a port")
    if settings.mllp.answers_authorities != Path() and not settings.mllp.answers_to:
        raise BadConfig("mllp.answers_authorities needs mllp.answers_to")
    for name, door in (("mllp", settings.mllp), ("fhir", settings.fhir)):
        if door.listen:
            parse_listen(door.listen)
        if (door.certificate == Path()) != (door.key == Path()):
            raise BadConfig(f"{name}.certificate and {name}.key go together")
        if door.client_authorities != Path() and door.certificate == Path():
            raise BadConfig(f"{name}.client_authorities needs a certificate of ours")
