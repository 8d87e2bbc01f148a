"""Decisions about sponsorships: who may vouch, for whom, for how long. Pure."""

from collections.abc import Sequence
from typing import Final

from lien.accounts.errors import InvitationOver, MayNotInvite
from lien.accounts.given import Given
from lien.crypto.chain import ChainState
from lien.crypto.sponsorship import Sponsorship
from lien.errors import Malformed

# Roles of the ANS (TRE_R21 and following) and our own word for someone who learns.
ROLES: Final = frozenset({"330", "331", "332", "353", "student"})
MAX_NAME: Final = 64
MAX_OPEN: Final = 50  # people one account vouches for at a time
LINK_LIFE_MS: Final = 7 * 24 * 60 * 60 * 1000
_DAY_MS: Final = 24 * 60 * 60 * 1000
_CLOCK_MS: Final = 10 * 60 * 1000


def may_invite(state: ChainState) -> bool:
    """A verified professional who takes part; no student, and no guest."""
    is_verified = state.identity is not None and state.identity.category != "E"
    return is_verified and not state.is_departed


def require_sponsorship(content: Sponsorship, now_ms: int, longest_days: int) -> None:
    """Raises: MayNotInvite, Malformed."""
    for name in (content.family_name, content.given_name):
        if not 0 < len(name.strip()) <= MAX_NAME or not name.isprintable() or name != name.strip():
            raise Malformed(f"a name is 1 to {MAX_NAME} printable characters")
    if content.role not in ROLES:
        raise MayNotInvite("nobody is vouched for in this role")
    if abs(content.at_ms - now_ms) > _CLOCK_MS:
        raise Malformed("the sponsorship is of another time")
    if not now_ms < content.ends_at_ms <= now_ms + longest_days * _DAY_MS:
        raise MayNotInvite(f"a sponsorship ends within {longest_days} days")


def require_room(given: Sequence[Given], now_ms: int) -> None:
    """Raises: MayNotInvite."""
    open_now = [one for one in given if one.state_at(now_ms) in ("waiting", "accepted")]
    if len(open_now) >= MAX_OPEN:
        raise MayNotInvite(f"an account vouches for at most {MAX_OPEN} people at a time")


def require_waiting(given: Given | None, now_ms: int) -> Given:
    """
    Return an invitation that may be accepted now.

    Raises: InvitationOver.
    """
    if given is None or given.state_at(now_ms) != "waiting":
        raise InvitationOver("this invitation was used, ended, or is too old")
    return given
