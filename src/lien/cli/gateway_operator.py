"""`lien gateway allow`, `list`, `revoke`: which hospitals may deliver, on the server."""

import argparse
import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from lien.cli import Subparsers, add_command, read_config
from lien.errors import LienError

if TYPE_CHECKING:
    from lien.documents import Documents, Gateway

Act = Callable[["Documents", argparse.Namespace], Awaitable[Any]]


class NotConfirmed(LienError):
    """What cannot be undone needs `--yes`."""


def add(parts: Subparsers) -> None:
    """Register the parts."""
    allow = _add(
        parts,
        "allow",
        "Print a code with which one gateway registers, within seven days.",
        _allow,
        lambda value: str(value["code"]),
        "The code is a secret: tell it to the hospital by a way you trust. It works once.",
    )
    allow.add_argument("--name", required=True, help="what readers see: the hospital, the service")
    allow.add_argument("--structure", default="", metavar="FINESS", help="its national number")
    allow.add_argument("--days", type=int, default=365, help="how long it may deliver (365)")
    _add(parts, "list", "List the gateways there are and were.", _list, _show_all)
    revoke = _add(
        parts,
        "revoke",
        "End a gateway, now and for ever.",
        _revoke,
        lambda value: f"{value['gateway']} was revoked",
        "Nothing of it is taken from now on. What it delivered before stays readable.",
    )
    revoke.add_argument("gateway", metavar="GATEWAY", help="its id, as `list` shows it")
    revoke.add_argument("--yes", action="store_true", help="really")


def _add(
    parts: Subparsers, name: str, text: str, act: Act, show: Callable[[Any], str], epilog: str = ""
) -> argparse.ArgumentParser:
    part: argparse.ArgumentParser = add_command(parts, name, text, epilog)
    part.add_argument("--json", action="store_true", help="print JSON")

    def run(options: argparse.Namespace) -> int:
        value = asyncio.run(_with_documents(act, options))
        print(json.dumps(value) if options.json else show(value))
        return 0

    part.set_defaults(run=run)
    return part


async def _with_documents(act: Act, options: argparse.Namespace) -> Any:
    from lien.cli.operator import open_features

    async with open_features(read_config()) as features:
        return await act(features.documents, options)


async def _allow(documents: "Documents", options: argparse.Namespace) -> dict[str, Any]:
    return {"code": await documents.allow(options.name, options.structure, options.days)}


async def _list(documents: "Documents", _: argparse.Namespace) -> list[dict[str, Any]]:
    return [_describe(one) for one in await documents.list_gateways()]


async def _revoke(documents: "Documents", options: argparse.Namespace) -> dict[str, Any]:
    from lien.ids import GatewayId, require_id

    gateway = GatewayId(require_id(options.gateway))
    if not options.yes:
        raise NotConfirmed("a revoked gateway cannot come back; say --yes")
    return _describe(await documents.revoke(gateway))


def _describe(one: "Gateway") -> dict[str, Any]:
    certificate = one.certificate
    return {
        "gateway": certificate.gateway,
        "name": certificate.name,
        "structure": certificate.structure,
        "until_ms": certificate.not_after_ms,
        "revoked_at_ms": one.revoked_at_ms,
    }


def _show_all(values: list[dict[str, Any]]) -> str:
    lines = []
    for one in values:
        ended = one["revoked_at_ms"]
        state = f"revoked {_day(ended)}" if ended else f"until {_day(one['until_ms'])}"
        lines.append(f"{one['gateway']}  {state}  {one['structure']:<9}  {one['name']}")
    return "\n".join(lines) or "no gateway"


def _day(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%d")
