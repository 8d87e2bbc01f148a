"""`lien export`: whether a PDF of exported messages is as it was signed, and by whom."""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lien.cli import Subparsers, add_command
from lien.errors import LienError

if TYPE_CHECKING:
    from lien.crypto.export import Export

_EPILOG: Final = """\
Needs no deployment and no network. The file holds the keys by which it is checked: to know that
they are your deployment's, compare the last one with `lien attestor show`, or give it.

examples:
  lien export verify messages.pdf
  lien export verify messages.pdf --attestor KEY
"""
_LARGEST_BYTES: Final = 512 * 1024 * 1024


class NotVerified(LienError):
    """The file cannot be believed."""


def add(subparsers: Subparsers) -> None:
    """Register the command and its part."""
    parser = add_command(subparsers, "export", "Check a PDF of exported messages.", _EPILOG)
    parts = parser.add_subparsers(title="parts", metavar="PART", required=True)
    part = add_command(parts, "verify", "Say who signed it, or that it is not as signed.")
    part.add_argument("file", type=Path, metavar="FILE")
    part.add_argument("--attestor", metavar="KEY", help="the key that must have said who it is")
    part.add_argument("--json", action="store_true", help="print JSON")
    part.set_defaults(run=_verify)


def _verify(options: argparse.Namespace) -> int:
    from lien.crypto.export import verify_export
    from lien.ids import b64encode

    path: Path = options.file
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise NotVerified(f"{path} is larger than any export")
        file = path.read_bytes()
    except OSError as error:
        raise NotVerified(f"{path} cannot be read: {error.strerror}") from error
    export = verify_export(file)
    attestor = b64encode(export.attestors[-1])
    if options.attestor not in (None, attestor):
        raise NotVerified(f"the file was signed under another attestor: {attestor}")
    said = {
        **_said(export),
        "attestor": attestor,
        "attestor_compared": options.attestor is not None,
    }
    print(
        json.dumps(said)
        if options.json
        else "\n".join(f"{k.replace('_', ' ')}: {v}" for k, v in said.items())
    )
    return 0


def _said(export: "Export") -> dict[str, object]:
    return {
        "signed_by": _name_of(export),
        "account": export.account,
        "device": export.device,
        "made_at": datetime.fromtimestamp(export.made_at_ms / 1000, UTC).strftime(
            "%Y-%m-%d %H:%M:%S UTC"
        ),
    }


def _name_of(export: "Export") -> str:
    if export.identity is not None:
        one = export.identity
        return f"{one.given_name} {one.family_name}, RPPS {one.rpps}"
    if export.sponsored is not None:
        guest = export.sponsored.content
        return f"{guest.given_name} {guest.family_name}, guest"
    return "an account that the attestor has not named"
