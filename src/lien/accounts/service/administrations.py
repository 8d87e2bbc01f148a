"""
An establishment's administrator: who of it is on Lien, and letting them out. Never content.

The operator grants the role. Who belongs to an establishment said so themselves, among what their
provider listed (`lien.accounts.service.situations`); its guests are those its people vouch for.
"""

from dataclasses import dataclass
from typing import Final

from lien.accounts.errors import NotAdministrator
from lien.accounts.given import Given
from lien.accounts.service.accounts import Accounts
from lien.accounts.service.guests import Guests
from lien.accounts.service.sessions import Sessions
from lien.accounts.service.sponsorships import Sponsorships
from lien.accounts.service.standings import Standings
from lien.accounts.store import AccountStore
from lien.audit import Actor, Event, EventKind
from lien.crypto.chain import ChainState
from lien.crypto.sponsorship import SignedSponsorship
from lien.errors import Malformed, NotFound
from lien.ids import AccountId, DeviceId, InvitationId

ESTABLISHMENT: Final = "establishment"  # the reason in the chain
MAX_STRUCTURE: Final = 128
MAX_PEOPLE: Final = 1_000  # shown; a larger hospital asks its operator


@dataclass(frozen=True, slots=True)
class Administered:
    """What an administrator sees; empty for everyone else."""

    structure: str
    people: tuple[ChainState, ...]
    guests: tuple[Given, ...]


class Administrations:
    """The one owner of this role."""

    def __init__(
        self,
        store: AccountStore,
        accounts: Accounts,
        standings: Standings,
        sessions: Sessions,
        sponsorships: Sponsorships,
        guests: Guests,
    ) -> None:
        self._chains = store.chains
        self._accounts = accounts
        self._standings = standings
        self._sessions = sessions
        self._sponsorships = sponsorships
        self._guests = guests

    @property
    def longest_days(self) -> int:
        """For how long, from now, somebody may be vouched for."""
        return self._sponsorships.longest_days

    async def grant(self, account: AccountId, structure: str) -> None:
        """
        Let an account administer an establishment, by its name in the directory; "" for none.

        Raises: NotFound, Malformed.
        """
        await self._accounts.get_chain(account)
        if len(structure) > MAX_STRUCTURE or not structure.isprintable():
            raise Malformed(f"an establishment is at most {MAX_STRUCTURE} printable characters")
        await self._chains.set_role(account, structure)
        note = "granted" if structure else "taken"
        await self._accounts.trail.record(
            Event(EventKind.ROLE_CHANGED, Actor.OPERATOR, account, note=note)
        )

    async def describe(self, account: AccountId) -> Administered:
        """What the account administers; nothing for most."""
        structure = await self._chains.find_role(account)
        if not structure:
            return Administered("", (), ())
        people = await self._list_people(structure)
        guests = [
            given
            for person in people
            for given in await self._sponsorships.list_given(person.account)
        ]
        return Administered(structure, tuple(people), tuple(guests))

    async def suspend(self, actor: AccountId, account: AccountId) -> None:
        """Let somebody of the establishment out. Raises: NotAdministrator, AccountClosed."""
        await self._require(actor, account)
        await self._standings.suspend(account, actor, ESTABLISHMENT)

    async def end_sessions(self, actor: AccountId, account: AccountId) -> None:
        """Sign somebody of the establishment out everywhere. Raises: NotAdministrator."""
        await self._require(actor, account)
        await self._sessions.end_all(account, actor)

    async def end_sponsorship(self, actor: AccountId, invitation: InvitationId) -> None:
        """End what one of the establishment's people vouches for. Raises: NotAdministrator."""
        await self._require_guest(actor, invitation)
        await self._sponsorships.end(invitation, actor)

    async def prolong_sponsorship(
        self, actor: AccountId, device: DeviceId, signed: SignedSponsorship
    ) -> None:
        """
        Vouch, in the place of one of the establishment's people, until a later date.

        Raises: NotAdministrator, and what `Guests.prolong` raises.
        """
        await self._require_guest(actor, signed.content.invitation)
        await self._guests.prolong(actor, device, signed, is_administrator=True)

    async def _require_guest(self, actor: AccountId, invitation: InvitationId) -> None:
        described = await self.describe(actor)
        if not any(given.invitation == invitation for given in described.guests):
            raise NotAdministrator("no guest of this establishment")

    async def _require(self, actor: AccountId, account: AccountId) -> None:
        described = await self.describe(actor)
        guests = [given.guest for given in described.guests]
        people = [person.account for person in described.people]
        if account == actor or account not in (*people, *guests):
            raise NotAdministrator("nobody of this establishment")

    async def _list_people(self, structure: str) -> list[ChainState]:
        """Whose chain says that they work there, whatever else is listed."""
        found = []
        for account in (await self._chains.list_structure(structure))[:MAX_PEOPLE]:
            try:
                state = await self._accounts.get_chain(account)
            except NotFound:
                continue
            at = state.identity.situation if state.identity else None
            if at is not None and at.structure == structure and not state.is_closed:
                found.append(state)
        return found
