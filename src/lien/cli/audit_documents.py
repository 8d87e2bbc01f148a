"""`lien audit` for what people did with documents: the controller's key, and what it opens."""

import argparse
import asyncio
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lien.cli import Subparsers, add_command, read_config

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from lien.crypto.sealing import SealingKey
    from lien.features import Features

_MAX_LINE: Final = 16_384


def add(parts: Subparsers) -> None:
    """Register the parts."""
    making = add_command(
        parts,
        "new-key",
        "Make the controller's key: to be kept apart from the server.",
        "Writes FILE, which opens, and FILE.pub, which goes to the server. Run it on a machine of\n"
        "the controller; whoever has FILE reads which documents of which patients were opened.",
    )
    making.add_argument("file", type=Path, metavar="FILE")
    making.set_defaults(run=_new_key)
    setting = add_command(
        parts, "set-key", "Let phones seal what is traced to this key as well; then restart."
    )
    setting.add_argument("file", type=Path, metavar="FILE.pub")
    setting.set_defaults(run=_set_key)
    listing = add_command(
        parts, "documents", "Print what people did with documents, sealed: one JSON line each."
    )
    listing.add_argument("--account", metavar="ID", help="only what this account did")
    listing.set_defaults(run=_documents)
    opening = add_command(
        parts, "open", "Open what `lien audit documents` printed, with the controller's key."
    )
    opening.add_argument("--key", type=Path, required=True, metavar="FILE", help="the private key")
    opening.add_argument(
        "--patient",
        default="",
        metavar="TEXT",
        help="only whose name or birth date (12/03/1951) has this",
    )
    opening.add_argument("--json", action="store_true", help="print JSON, one line each")
    opening.add_argument("source", nargs="?", type=Path, metavar="LINES", help="or standard input")
    opening.set_defaults(run=_open)


def _new_key(options: argparse.Namespace) -> int:
    import secrets

    from lien.crypto.sealing import SEED_BYTES, SealingKey
    from lien.errors import Conflict
    from lien.ids import b64encode
    from lien.secretfiles import create_file

    seed = secrets.token_bytes(SEED_BYTES)
    if not create_file(options.file, seed.hex() + "\n"):
        raise Conflict(f"{options.file} is there already")
    public = options.file.with_name(options.file.name + ".pub")
    public.write_text(b64encode(SealingKey.from_seed(seed).public) + "\n", encoding="ascii")
    print(f"made {options.file}: keep it apart, two people, two places")
    print(f"made {public}: on the server, `lien audit set-key {public.name}`")
    return 0


def _set_key(options: argparse.Namespace) -> int:
    from lien.accounts.keyfiles import save_audit_public
    from lien.config import BadConfig
    from lien.errors import Malformed
    from lien.ids import b64decode

    try:
        public = b64decode(options.file.read_text(encoding="ascii").strip())
    except (OSError, UnicodeDecodeError, Malformed) as error:
        raise BadConfig(f"{options.file} is not the public half of an audit key") from error
    print(f"made {save_audit_public(read_config().data_dir, public)}: restart `lien serve`")
    return 0


def _documents(options: argparse.Namespace) -> int:
    from lien.ids import AccountId, require_id

    only = [AccountId(require_id(options.account))] if options.account else None

    async def run() -> None:
        from lien.cli.operator import open_features

        async with open_features(read_config()) as features:
            for account in only or sorted(await features.accounts.list_all()):
                async for line in _lines_of(features, account):
                    print(json.dumps(line, ensure_ascii=False))

    asyncio.run(run())
    return 0


async def _lines_of(features: "Features", account: Any) -> "AsyncIterator[dict[str, Any]]":
    """Everything one account did, the newest first; the note stays sealed."""
    from lien.ids import b64encode

    state = await features.accounts.get_chain(account)
    person = state.identity or (state.sponsored.content if state.sponsored else None)
    labels = {one.device: one.label for one in await features.accounts.list_devices(account)}
    before = 0
    while True:
        page = await features.documents.list_traces(account, before)
        for kept in page.traces:
            one = kept.trace
            yield {
                "at_ms": kept.at_ms,
                "account": account,
                "rpps": state.identity.rpps if state.identity else "",
                "name": f"{person.family_name} {person.given_name}" if person else "",
                "device": one.device,
                "device_label": labels.get(one.device, ""),
                "kind": one.kind.value,
                "document": one.document,
                "key": one.audit.key if one.audit else "",
                "note": b64encode(one.audit.note) if one.audit else "",
            }
        before = page.before
        if not before:
            return


def _open(options: argparse.Namespace) -> int:
    """Print what opens; exit code 1 if something did not."""
    key = _read_key(options.key)
    closed = 0
    if options.source is None:
        closed = _open_lines(sys.stdin, key, options)
    else:
        with options.source.open(encoding="utf-8") as file:
            closed = _open_lines(file, key, options)
    if closed:
        print(f"{closed} not sealed to this key", file=sys.stderr)
    return 1 if closed else 0


def _open_lines(lines: "Iterable[str]", key: "SealingKey", options: argparse.Namespace) -> int:
    closed = 0
    for line in lines:
        found = _opened(line, key)
        if found is None:
            closed += 1
        elif options.patient.casefold() in found["patient"].casefold():
            print(json.dumps(found, ensure_ascii=False) if options.json else _as_text(found))
    return closed


def _opened(line: str, key: "SealingKey") -> "dict[str, Any] | None":
    from lien.crypto.audit_key import open_audit_note
    from lien.errors import LienError, Malformed
    from lien.ids import b64decode

    if len(line) > _MAX_LINE:
        raise Malformed("not a line of `lien audit documents`")
    try:
        said = json.loads(line)
        sealed = b64decode(said.pop("note"))
        about = (said["account"], said["device"], said["document"], said["kind"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Malformed("not a line of `lien audit documents`") from error
    try:
        note = open_audit_note(sealed, key, *about)
    except LienError:
        return None
    return {**said, "title": note.title, "patient": note.patient, "detail": note.detail}


def _as_text(found: dict[str, Any]) -> str:
    at = datetime.fromtimestamp(found["at_ms"] / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")
    who = f"{found['name']} {found['rpps']} ({found['device_label'] or found['device']})"
    parts = [at, found["kind"], who, found["patient"], found["title"], found["detail"]]
    return "  ".join(part for part in parts if part)


def _read_key(path: Path) -> "SealingKey":
    from lien.config import BadConfig
    from lien.crypto.sealing import SealingKey
    from lien.errors import Malformed
    from lien.secretfiles import read_secret

    try:
        return SealingKey.from_seed(bytes.fromhex(read_secret(path).strip()))
    except (ValueError, Malformed) as error:
        raise BadConfig(f"{path.name} is not the controller's private key") from error
