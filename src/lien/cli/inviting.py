"""`lien account invite`, `prolong`, `uninvite`, `grant`: guests, and administrators."""

import argparse
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any, Final

from lien.errors import LienError

if TYPE_CHECKING:
    from lien.features import Features
    from lien.ids import AccountId

ROLES: Final = ("330", "331", "332", "353", "student")


class BadDate(LienError):
    """The end of an invitation cannot be read."""


def add(part: argparse.ArgumentParser) -> None:
    """The options of the part."""
    part.add_argument("--given", required=True, metavar="NAME", help="given name")
    part.add_argument("--family", required=True, metavar="NAME", help="family name")
    part.add_argument(
        "--role",
        required=True,
        choices=ROLES,
        help="330 coordinator, 331 secretary, 332 assistant, 353 team member, student",
    )
    part.add_argument("--until", required=True, metavar="YYYY-MM-DD", help="the last day")


async def invite(features: "Features", options: argparse.Namespace) -> Any:
    """The link, which is shown once and kept nowhere."""
    from lien.cli import read_config
    from lien.clock import SystemClock
    from lien.crypto import sponsorship
    from lien.ids import b64encode

    secret = sponsorship.new_invitation()
    content = sponsorship.Sponsorship(
        None,
        None,
        sponsorship.invitation_key(secret).public,
        options.family.strip(),
        options.given.strip(),
        options.role,
        _end_of(options.until),
        SystemClock().now_ms(),
    )
    signed = sponsorship.sign_sponsorship(content, features.accounts.attestor.key)
    invitation = await features.sponsorships.give_as_deployment(signed)
    link = f"{read_config().origin}/#/invitation/{b64encode(secret)}"
    return {"invitation": invitation, "ends_at_ms": content.ends_at_ms, "link": link}


async def prolong(features: "Features", options: argparse.Namespace) -> Any:
    """Whoever vouched, the deployment does from now on."""
    from lien.accounts import require_invitation

    invitation = require_invitation(options.invitation)
    ends_at_ms = _end_of(options.until)
    await features.guests.prolong_as_deployment(invitation, ends_at_ms)
    return {"invitation": invitation, "ends_at_ms": ends_at_ms}


async def end(features: "Features", options: argparse.Namespace) -> Any:
    """Whoever vouched."""
    from lien.accounts import require_invitation
    from lien.audit import Actor

    invitation = require_invitation(options.invitation)
    await features.sponsorships.end(invitation, Actor.OPERATOR)
    return {"invitation": invitation}


def show_link(time_of: Callable[[int], str]) -> Callable[[Any], str]:
    """As text: it works once, within seven days."""
    return lambda one: (
        f"{one['link']}\ninvitation {one['invitation']}, until {time_of(one['ends_at_ms'])}"
    )


def _end_of(day: str) -> int:
    try:
        last = datetime.combine(date.fromisoformat(day), time.max, UTC)
    except ValueError as error:
        raise BadDate("--until must be like 2027-03-31") from error
    return int(last.timestamp() * 1000)


def show_prolonged(time_of: Callable[[int], str]) -> Callable[[Any], str]:
    """The date that holds now."""
    return lambda one: f"invitation {one['invitation']}, until {time_of(one['ends_at_ms'])}"


def show_end(one: Any) -> str:
    return f"invitation {one['invitation']} ended"


def grant(find: Callable[["Features", str], Awaitable["AccountId"]]) -> Any:
    """The role of an establishment's administrator."""

    async def act(features: "Features", options: argparse.Namespace) -> Any:
        account = await find(features, options.account)
        await features.administrations.grant(account, options.establishment.strip())
        return {"account": account, "administers": options.establishment.strip()}

    return act


def show_grant(one: Any) -> str:
    return f"{one['account']} administers {one['administers'] or 'nothing'}"
