"""`lien gateway check-samples`: what would become of a folder of documents."""

import argparse
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lien.cli import Subparsers, add_command
from lien.errors import LienError

if TYPE_CHECKING:
    from lien.gateway.quarantine import Reason
    from lien.gateway.reading import Reading
    from lien.gateway.routing import Route, Rules

_MAX_FILES: Final = 100_000
_EMPTY: Final[dict[str, Any]] = {
    "family": None,
    "type": None,
    "date": None,
    "patient": None,
    "recipients": [],
    "version": None,
    "replaces": [],
    "quarantine": None,
}


class UnreadableFolder(LienError):
    """The named folder cannot be listed."""


def add(parts: Subparsers) -> None:
    """Register the part."""
    check = add_command(
        parts,
        "check-samples",
        "Say what would become of every file of a folder.",
        "One JSON line per file. Nothing is sent, kept or changed. The lines hold the patients'\n"
        "numbers: mind where they go.",
    )
    check.add_argument("folder", type=Path, metavar="DIR", help="read with its sub-folders")
    check.add_argument(
        "--production",
        action="store_true",
        help="refuse identities of test and demonstration, as a real deployment does",
    )
    check.set_defaults(run=run_check)


def run_check(options: argparse.Namespace) -> int:
    """One line per file; 0 whatever their fate, since quarantine is an answer."""
    from lien.gateway.routing import Rules

    rules = Rules(allows_test_identities=not options.production)
    for path in _files(options.folder):
        line = {"file": str(path.relative_to(options.folder)), **_verdict(path, rules)}
        print(json.dumps(line, ensure_ascii=False), flush=True)
    return 0


def _files(folder: Path) -> Iterator[Path]:
    """Regular files in order; links are not followed, hidden files are left out."""

    def refuse(error: OSError) -> None:
        raise UnreadableFolder(f"{folder}: {error.strerror or 'cannot be read'}")

    found: list[Path] = []
    for place, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(place, name) for name in names if not name.startswith(".")]
        if len(found) > _MAX_FILES:
            raise UnreadableFolder(f"{folder}: more than {_MAX_FILES} files")
    return (path for path in sorted(found) if path.is_file() and not path.is_symlink())


def _verdict(path: Path, rules: "Rules") -> dict[str, Any]:
    from lien.gateway.quarantine import Unreadable
    from lien.gateway.routing import route

    try:
        reading = _read(path)
    except Unreadable as error:
        return {**_EMPTY, **_quarantined((error.reason,))}
    routes = [_as_values(route(document, rules)) for document in reading.documents]
    if not routes:
        return {"kind": reading.kind, "is_document": False, **_EMPTY}
    # A result message may carry the same report twice, in two forms.
    others = {"others": routes[1:]} if len(routes) > 1 else {}
    return {"kind": reading.kind, "is_document": True, **routes[0], **others}


def _read(path: Path) -> "Reading":
    """A file, and for a PDF the JSON of the same name; never more than the bound."""
    from lien.gateway import isolation
    from lien.gateway.quarantine import Reason, Unreadable
    from lien.gateway.reading import MAX_FILE_BYTES

    def content(of: Path) -> bytes:
        try:
            with of.open("rb") as stream:
                data = stream.read(MAX_FILE_BYTES + 1)
        except OSError as error:
            raise Unreadable(Reason.UNREADABLE) from error
        if len(data) > MAX_FILE_BYTES:
            raise Unreadable(Reason.TOO_LARGE)
        return data

    beside = path.with_suffix(".json")
    is_pair = path.suffix.lower() == ".pdf" and beside.is_file()
    return isolation.read(content(path), content(beside) if is_pair else None)


def _as_values(route: "Route") -> dict[str, Any]:
    document = route.document
    patient = document.patient
    return {
        "intent": document.intent.value,
        "document": document.document_id,
        "set": document.set_id or None,
        "family": document.family,
        "type": document.type_code,
        "class": document.class_code,
        "title": document.title,
        "date": document.date,
        "patient": {"key": patient.key, "status": patient.status.value},
        "body": document.body.kind.value if document.body else None,
        "attachments": len(document.attachments),
        "recipients": [each.rpps for each in route.recipients],
        "named": [
            {"rpps": each.rpps or None, "by": each.named_by.value} for each in document.recipients
        ],
        "refused": [
            {"rpps": each.rpps or None, "reason": reason.value} for each, reason in route.refused
        ],
        "version": document.version or None,
        "replaces": list(document.replaces),
        **_quarantined(route.reasons),
    }


def _quarantined(reasons: "tuple[Reason, ...]") -> dict[str, Any]:
    """The reason that is told, its sentence, and every one there is."""
    from lien.gateway.quarantine import FRENCH

    if not reasons:
        return {"quarantine": None}
    return {
        "quarantine": reasons[0].value,
        "sentence": FRENCH[reasons[0]],
        "reasons": [reason.value for reason in reasons],
    }
