"""Decisions about sponsorships: who may vouch, for whom, for how long. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from lien.accounts.errors import InvitationOver, MayNotInvite
from lien.accounts.given import Given
from lien.crypto.chain import ChainState
from lien.crypto.sponsorship import Sponsorship
from lien.directory import tokens_of
from lien.errors import Malformed

# Roles of the ANS (TRE_R21 and following) and our own word for someone who learns.
ROLES: Final = frozenset({"330", "331", "332", "353", "student"})
MAX_NAME: Final = 64
MAX_OPEN: Final = 50  # people one account vouches for at a time
LINK_LIFE_MS: Final = 7 * 24 * 60 * 60 * 1000
_DAY_MS: Final = 24 * 60 * 60 * 1000
_CLOCK_MS: Final = 10 * 60 * 1000


# What a guest's role is called when somebody looks for one.
_ROLE_WORDS: Final = {
    "330": "coordonnateur coordinatrice coordination parcours",
    "331": "secretaire medicale medical",
    "332": "assistant assistante medical",
    "353": "membre equipe soins",
    "student": "etudiant etudiante sante",
}


def words_of(content: Sponsorship) -> frozenset[str]:
    """The words that find a guest: of their names and of their role."""
    texts = (content.family_name, content.given_name, _ROLE_WORDS[content.role], "invite invitee")
    return frozenset().union(*map(tokens_of, texts))


def require_prolonged(content: Sponsorship, before: Sponsorship) -> None:
    """
    The same person in the same role, for longer: whoever signs vouches from then on.

    Raises: MayNotInvite.
    """
    if content != replace(
        before,
        sponsor=content.sponsor,
        device=content.device,
        ends_at_ms=content.ends_at_ms,
        at_ms=content.at_ms,
    ):
        raise MayNotInvite("a stay is prolonged for the same person in the same role")
    if content.ends_at_ms <= before.ends_at_ms:
        raise MayNotInvite("a prolonged stay ends later; to end it earlier, end it")


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
