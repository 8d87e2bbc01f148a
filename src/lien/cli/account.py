"""`lien account`: who has an account, and who takes part. Never content: there is none to show."""

import argparse
import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final

from lien.cli import Subparsers, account_texts, add_command, inviting, read_config
from lien.errors import LienError

if TYPE_CHECKING:
    from lien.features import Features
    from lien.ids import AccountId

_EPILOG: Final = """\
ACCOUNT is an account's id, or the RPPS number of its owner.

examples:
  lien account list --standing suspended
  lien account show 99000000018
  lien account suspend 99000000018        out within seconds, everywhere; undone by reopen
  lien account reopen 99000000018         they sign in again; conversations let them in again
  lien account close 99000000018 --yes    for ever
  lien account sessions list 99000000018
  lien account sessions end 99000000018   a lost phone: also revoke it in the app
  lien account grant 99000000018 --establishment "CHU FICTIF DU NORD"
  lien account invite --given Léa --family FICTIF-PAYET --role 330 --until 2027-03-31
  lien account prolong INVITATION --until 2027-09-30
  lien account uninvite INVITATION        the guest is out at once, whoever vouched
  lien account reconcile                  compare with the directory, as each import does
"""
_ACCOUNT: Final = "ACCOUNT"
_STANDINGS: Final = ("open", "suspended", "closed")


class NotConfirmed(LienError):
    """What cannot be undone needs `--yes`."""


class NoSuchAccount(LienError):
    """Nobody has this id or number."""


Act = Callable[["Features", argparse.Namespace], Awaitable[Any]]


def add(subparsers: Subparsers) -> None:
    """Register the command and its parts."""
    parser = add_command(subparsers, "account", "Look after accounts.", _EPILOG)
    parts = parser.add_subparsers(title="parts", metavar="PART", required=True)
    listing = _add(parts, "list", "List accounts.", _list, account_texts.show_accounts)
    listing.add_argument("--standing", choices=_STANDINGS, help="only these")
    _add_about(
        parts,
        "show",
        "Show one account: standing, devices, sessions.",
        _show,
        account_texts.show_one,
    )
    _add_about(
        parts,
        "suspend",
        "Let someone out until further notice.",
        _suspend,
        account_texts.show_one,
        "Sessions and sockets end within seconds. Their conversations go on without them: who\n"
        "writes next leaves them out. Their devices keep, locked, what they had received.\n",
    )
    _add_about(parts, "reopen", "Let someone in again.", _reopen, account_texts.show_one)
    closing = _add_about(
        parts,
        "close",
        "End an account for ever.",
        _close,
        account_texts.show_one,
        "What opens it is erased. The person may begin another account, which is another one\n"
        "for everyone; to keep somebody out, suspend.\n",
    )
    closing.add_argument("--yes", action="store_true", help="really")
    sessions = add_command(parts, "sessions", "List or end the open sessions of an account.")
    of_sessions = sessions.add_subparsers(title="parts", metavar="PART", required=True)
    _add_about(of_sessions, "list", "List open sessions.", _sessions, account_texts.show_sessions)
    _add_about(
        of_sessions, "end", "Sign someone out everywhere.", _end_sessions, account_texts.show_ended
    )
    _add_inviting(parts)
    comparing = _add(
        parts,
        "reconcile",
        "Suspend the accounts of who is not in the directory any more.",
        _reconcile,
        account_texts.show_reconciled,
    )
    comparing.add_argument(
        "--allow-many", action="store_true", help="even if it is more than a tenth of them"
    )


def _add_inviting(parts: Subparsers) -> None:
    granting = _add_about(
        parts,
        "grant",
        "Let someone administer an establishment in the app.",
        inviting.grant(_find),
        inviting.show_grant,
        "They see who of it is on Lien, suspend, sign out, and end the stay of guests. An empty\n"
        "name takes the role away.\n",
    )
    granting.add_argument(
        "--establishment", required=True, metavar="NAME", help="as the directory writes it"
    )
    inviting.add(
        _add(
            parts,
            "invite",
            "Let in a guest for whom the deployment vouches.",
            inviting.invite,
            inviting.show_link(account_texts.time_of),
            "Prints a link that works once, within seven days. Whoever has it is let in: give it\n"
            "to the person themselves.\n",
        )
    )
    longer = _add(
        parts,
        "prolong",
        "Let a guest stay longer; the deployment vouches from then on.",
        inviting.prolong,
        inviting.show_prolonged(account_texts.time_of),
    )
    longer.add_argument("invitation", metavar="INVITATION", help="as the trail shows it")
    longer.add_argument("--until", required=True, metavar="YYYY-MM-DD", help="the last day")
    ending = _add(
        parts,
        "uninvite",
        "End an invitation and its guest's stay.",
        inviting.end,
        inviting.show_end,
    )
    ending.add_argument("invitation", metavar="INVITATION", help="as the trail shows it")


def _add(
    parts: Subparsers, name: str, text: str, act: Act, show: Callable[[Any], str], epilog: str = ""
) -> argparse.ArgumentParser:
    part: argparse.ArgumentParser = add_command(parts, name, text, epilog)
    part.add_argument("--json", action="store_true", help="print JSON")

    def run(options: argparse.Namespace) -> int:
        value = asyncio.run(_with_features(act, options))
        text = json.dumps(value) if options.json else show(value)
        if text:
            print(text)
        return 0

    part.set_defaults(run=run)
    return part


def _add_about(
    parts: Subparsers, name: str, text: str, act: Act, show: Callable[[Any], str], epilog: str = ""
) -> argparse.ArgumentParser:
    part = _add(parts, name, text, act, show, epilog)
    part.add_argument("account", metavar=_ACCOUNT, help="an account's id, or an RPPS number")
    return part


async def _with_features(act: Act, options: argparse.Namespace) -> Any:
    from lien.cli.operator import open_features

    async with open_features(read_config()) as features:
        return await act(features, options)


async def _find(features: "Features", text: str) -> "AccountId":
    from lien.errors import Malformed, NotFound
    from lien.ids import AccountId, RppsNumber, is_rpps, require_id

    try:
        if is_rpps(text):
            found = await features.accounts.find_account(RppsNumber(text))
        else:
            found = AccountId(require_id(text))
            await features.accounts.get_chain(found)
    except (Malformed, NotFound):
        found = None
    if found is None:
        raise NoSuchAccount("nobody has this id or number here")
    return found


async def _describe(features: "Features", account: "AccountId") -> dict[str, Any]:
    state = await features.accounts.get_chain(account)
    known = await features.accounts.get_account(account)
    person = state.identity
    guest = state.sponsored.content if state.sponsored else None
    named = person or guest
    verified = state.identity or state.sponsored
    return {
        "account": account,
        "rpps": known.rpps or "",
        "name": f"{named.family_name} {named.given_name}" if named else "",
        "provider": person.provider if person else "sponsored" if guest else "",
        "verified_at_ms": verified.verified_at_ms if verified else 0,
        "sponsor": guest.sponsor or "deployment" if guest else "",
        "ends_at_ms": guest.ends_at_ms if guest else 0,
        "created_at_ms": known.created_at_ms,
        "standing": "closed" if state.is_closed else state.standing.standing,
        "reason": state.standing.reason,
        "devices": len(state.devices),
    }


async def _list(features: "Features", options: argparse.Namespace) -> Any:
    found = [await _describe(features, one) for one in await features.accounts.list_all()]
    wanted = [one for one in found if options.standing in (None, one["standing"])]
    return sorted(wanted, key=lambda one: (one["name"], one["account"]))


async def _show(features: "Features", options: argparse.Namespace) -> Any:
    account = await _find(features, options.account)
    devices = await features.accounts.list_devices(account)
    return {
        **await _describe(features, account),
        "devices": [
            {
                "device": one.device,
                "label": one.label,
                "added_at_ms": one.added_at_ms,
                "seen_at_ms": one.seen_at_ms,
                "revoked": one.is_revoked,
            }
            for one in devices
        ],
        "passkeys": len(await features.passkeys.list_passkeys(account)),
        "sessions": len(await features.sessions.list_sessions(account)),
    }


async def _suspend(features: "Features", options: argparse.Namespace) -> Any:
    from lien.audit import Actor

    account = await _find(features, options.account)
    await features.standings.suspend(account, Actor.OPERATOR, "operator")
    return await _describe(features, account)


async def _reopen(features: "Features", options: argparse.Namespace) -> Any:
    from lien.audit import Actor

    account = await _find(features, options.account)
    await features.standings.reopen(account, Actor.OPERATOR, "operator")
    return await _describe(features, account)


async def _close(features: "Features", options: argparse.Namespace) -> Any:
    from lien.audit import Actor

    account = await _find(features, options.account)
    if not options.yes:
        raise NotConfirmed("a closed account stays closed: add --yes")
    await features.standings.close(account, Actor.OPERATOR, "operator")
    return await _describe(features, account)


async def _sessions(features: "Features", options: argparse.Namespace) -> Any:
    account = await _find(features, options.account)
    return [
        {
            "session": one.session,
            "device": one.device,
            "started_at_ms": one.started_at_ms,
            "ends_at_ms": one.ends_at_ms,
        }
        for one in await features.sessions.list_sessions(account)
    ]


async def _end_sessions(features: "Features", options: argparse.Namespace) -> Any:
    from lien.audit import Actor

    account = await _find(features, options.account)
    return {"ended": await features.sessions.end_all(account, Actor.OPERATOR)}


async def _reconcile(features: "Features", options: argparse.Namespace) -> Any:
    done = await features.standings.reconcile(may_be_many=options.allow_many)
    return {"accounts": done.accounts, "suspended": [one.account for one in done.suspended]}
