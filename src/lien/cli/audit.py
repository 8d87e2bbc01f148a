"""`lien audit`: read the trail, and check that it is the one that was written."""

import argparse
import asyncio
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, TypeVar

from lien.cli import Subparsers, add_command, audit_documents, read_config

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from lien.audit import Entry, Trail

_T = TypeVar("_T")

_EPILOG: Final = """\
The trail says who did what to what: account ids, device ids and words of ours, never a name and
never content. `verify` prints where the trail ends; kept elsewhere, that one word proves later
that nothing before it was changed.

examples:
  lien audit list --limit 100
  lien audit list --account 3q2-7w…
  lien audit verify
  lien audit verify --known 1042:6yFz…

What people did with documents is read by whoever holds the controller's key, on any machine:
  lien audit new-key audit.key                        there; then, on the server:
  lien audit set-key audit.key.pub
  lien audit documents > sealed.jsonl
  lien audit open --key audit.key sealed.jsonl        there again
"""


def add(subparsers: Subparsers) -> None:
    """Register the command and its parts."""
    parser = add_command(subparsers, "audit", "Read and check the audit trail.", _EPILOG)
    parts = parser.add_subparsers(title="parts", metavar="PART", required=True)
    listing = add_command(parts, "list", "List what happened, the newest first.")
    listing.add_argument("--account", metavar="ID", help="only what concerns this account")
    listing.add_argument("--limit", type=int, default=50, metavar="N", help="at most (50)")
    listing.add_argument("--json", action="store_true", help="print JSON, one line each")
    listing.set_defaults(run=run_list)
    checking = add_command(parts, "verify", "Check every entry against the one before it.")
    checking.add_argument("--known", metavar="MARK", help="an end that was printed before")
    checking.add_argument("--json", action="store_true", help="print JSON")
    checking.set_defaults(run=run_verify)
    audit_documents.add(parts)


def run_list(options: argparse.Namespace) -> int:
    """Print entries until there are enough."""
    from lien.errors import Malformed
    from lien.ids import AccountId, require_id

    if options.limit < 1:
        raise Malformed("--limit is at least 1")
    account = AccountId(require_id(options.account)) if options.account else None

    async def read(trail: "Trail") -> "list[Entry]":
        found: list[Entry] = []
        before = 0
        while len(found) < options.limit:
            page = await (trail.list_own(account, before) if account else trail.list_all(before))
            found += page.entries
            before = page.before
            if not before:
                break
        return found[: options.limit]

    for entry in asyncio.run(_with_trail(read)):
        print(_as_json(entry) if options.json else _as_text(entry))
    return 0


def run_verify(options: argparse.Namespace) -> int:
    """Print where the trail ends; exit code 1 if it is not the one that was written."""
    from lien.audit import format_mark, parse_mark

    known = parse_mark(options.known) if options.known else None
    base, end = asyncio.run(_with_trail(lambda trail: trail.verify(known)))
    if options.json:
        print(json.dumps({"first": base.number + 1, "last": end.number, "end": format_mark(end)}))
    else:
        print(f"entries {base.number + 1} to {end.number} follow each other")
        print(format_mark(end))
    return 0


async def _with_trail(use: "Callable[[Trail], Awaitable[_T]]") -> _T:
    from lien.cli.operator import open_features

    async with open_features(read_config()) as features:
        return await use(features.trail)


def _as_json(entry: "Entry") -> str:
    event = entry.event
    return json.dumps(
        {
            "number": entry.number,
            "at_ms": entry.at_ms,
            "kind": event.kind,
            "actor": event.actor,
            "account": event.account,
            "subject": event.subject,
            "note": event.note,
        }
    )


def _as_text(entry: "Entry") -> str:
    event = entry.event
    at = datetime.fromtimestamp(entry.at_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")
    by = "owner" if event.actor == event.account else event.actor
    parts = [str(entry.number), at, event.kind, f"by {by}", event.account or "", event.subject]
    return "  ".join(filter(None, [*parts, event.note]))
