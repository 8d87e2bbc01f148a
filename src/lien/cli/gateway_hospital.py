"""`lien gateway register`, `run`, `send`: in the hospital."""

import argparse
import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lien.cli import Subparsers, add_command
from lien.errors import LienError

if TYPE_CHECKING:
    from lien.gateway.settings import Settings

CONFIG: Final = Path("gateway.toml")
_MAX_METADATA_BYTES: Final = 64 * 1024


class NotTaken(LienError):
    """What was to be sent waits for a person, or cannot be read."""


def add(parts: Subparsers) -> None:
    """Register the parts."""
    register = add_command(
        parts,
        "register",
        "Make this gateway's key and have the server certify it.",
        "The key is made here and never leaves. The code is the one that the server's operator\n"
        "printed with `lien gateway allow`; it works once.",
    )
    add_config(register)
    register.add_argument("--server", required=True, metavar="URL", help="https://lien.example")
    register.add_argument("--code", required=True, help="the registration code")
    register.set_defaults(run=run_register)

    running = add_command(
        parts, "run", "Take documents from every configured way in, and deliver them."
    )
    add_config(running)
    running.set_defaults(run=run_gateway)

    sending = add_command(
        parts,
        "send",
        "Put one document into the spool; the running gateway delivers it.",
        "For a PDF, give its metadata: a JSON file (docs/gateway.md), or the options below.\n"
        "\n"
        "  lien gateway send report.pdf --metadata report.json\n"
        "  lien gateway send letter.pdf --to 99000000018 --id 1.2.3.4.400.1 --type 11490-0 \\\n"
        "      --title 'Lettre de liaison' --patient patient.json\n"
        "  lien gateway send report.xml",
    )
    add_config(sending)
    sending.add_argument("file", type=Path, metavar="FILE")
    sending.add_argument("--metadata", type=Path, metavar="JSON", help="all of a PDF's metadata")
    sending.add_argument("--to", action="append", default=[], metavar="RPPS", help="a recipient")
    sending.add_argument("--id", default="", help="the document's identifier, the same for ever")
    sending.add_argument("--type", default="", help="its type (JDV_J07), 11490-0 for instance")
    sending.add_argument("--title", default="", help="its title")
    sending.add_argument("--date", default="", help="its date, ISO 8601")
    sending.add_argument("--replaces", default="", metavar="ID", help="what it replaces")
    sending.add_argument(
        "--patient", type=Path, metavar="JSON", help="the patient, as in the metadata"
    )
    sending.set_defaults(run=run_send)


def add_config(part: argparse.ArgumentParser) -> None:
    """The option of every part that works in a hospital."""
    part.add_argument(
        "--config", type=Path, default=CONFIG, metavar="TOML", help=f"its settings ({CONFIG})"
    )


def settings_of(options: argparse.Namespace) -> "Settings":
    """The settings an option names. Raises: BadConfig."""
    from lien.gateway.settings import read_settings

    return read_settings(options.config)


def run_register(options: argparse.Namespace) -> int:
    """Make the key, show the code, keep the certificate."""
    from lien.client.gateway import GatewayHttp, register
    from lien.clock import SystemClock
    from lien.gateway.identity import make_keys, pending_id, save_identity
    from lien.gateway.settings import require_origin

    settings, origin = settings_of(options), require_origin(options.server)
    keys = make_keys(settings.state)
    gateway = pending_id(settings.state)

    async def ask() -> str:
        async with GatewayHttp(origin, SystemClock()) as http:
            attested, certificate, attestor = await register(
                http, options.code.strip(), gateway, keys.signing
            )
        save_identity(settings.state, gateway, origin, attestor, attested)
        return certificate.name

    name = asyncio.run(_reaching(ask()))
    print(f"registered as {gateway} ({name})")
    return 0


def run_gateway(options: argparse.Namespace) -> int:
    """Until a signal."""
    from lien.gateway.running import run
    from lien.telemetry import Telemetry

    asyncio.run(run(settings_of(options), Telemetry()))
    return 0


def run_send(options: argparse.Namespace) -> int:
    """0 when it is on its way, 1 when it waits for a person."""
    from lien.clock import SystemClock
    from lien.gateway.identity import load_keys
    from lien.gateway.quarantine import ENGLISH
    from lien.gateway.running import build_intake, open_spool

    settings = settings_of(options)
    keys = load_keys(settings.state)
    data, metadata = _content(options.file), _metadata(options)
    spool = open_spool(settings, keys, SystemClock())
    try:
        intake = build_intake(settings, keys, spool)
        taken = intake.take(data, metadata, way="command", keeps_unreadable=False)
    finally:
        spool.close()
    if not taken.added:
        raise NotTaken("this file is no document")
    if taken.reason:
        number = next(one.number for one in taken.added if one.reason)
        raise NotTaken(f"in quarantine under number {number}: {ENGLISH[taken.reason]}")
    for one in taken.added:
        print(f"{one.outcome.value} under number {one.number}")
    return 0


def _metadata(options: argparse.Namespace) -> bytes | None:
    if options.metadata is not None:
        return _content(options.metadata)
    if not (options.to or options.id or options.patient):
        beside: Path = options.file.with_suffix(".json")
        is_pair = options.file.suffix.lower() == ".pdf" and beside.is_file()
        return _content(beside) if is_pair else None
    value: dict[str, Any] = {
        "lien_document": 1,
        "id": options.id,
        "type": options.type,
        "title": options.title,
        "date": options.date,
        "replaces": [options.replaces] if options.replaces else [],
        "recipients": [{"rpps": rpps} for rpps in options.to],
        "patient": _json(options.patient) if options.patient else {},
    }
    return json.dumps(value).encode()


def _json(path: Path) -> Any:
    try:
        return json.loads(_content(path)[:_MAX_METADATA_BYTES])
    except ValueError as error:
        raise NotTaken(f"{path} is not JSON") from error


def _content(path: Path) -> bytes:
    from lien.gateway.reading import MAX_FILE_BYTES

    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise NotTaken(f"{path} cannot be read ({error.strerror})") from error
    if len(data) > MAX_FILE_BYTES:
        raise NotTaken(f"{path} is larger than a gateway takes")
    return data


async def _reaching(work: Any) -> Any:
    """The server's silence in our words."""
    import httpx

    from lien.client.errors import ServerFailure

    try:
        return await work
    except httpx.TransportError as error:
        raise NotTaken("the server does not answer") from error
    except ServerFailure as failure:
        raise NotTaken(f"the server refused: {failure.answer}") from failure
