"""
Guests who are here: found by colleagues like anyone of the directory, and their stay prolonged.

What finds them is an index; what is shown is what their chain says, so that who left is not shown
whatever the index still holds.
"""

from dataclasses import replace
from typing import Final

from lien.accounts import rules, sponsoring
from lien.accounts.errors import InvitationOver, MayNotInvite
from lien.accounts.given import Given, Guest
from lien.accounts.service.accounts import Accounts
from lien.accounts.store import AccountStore
from lien.audit import Actor, Event, EventKind
from lien.clock import Clock
from lien.crypto.chain import Sponsored
from lien.crypto.sponsorship import (
    SignedSponsorship,
    Sponsorship,
    sign_sponsorship,
    verify_sponsorship,
)
from lien.directory import require_query
from lien.errors import NotFound
from lien.ids import AccountId, DeviceId, InvitationId

# Shown for one search, without a further page: a name narrows it down, and nobody reads on to see
# who is there.
MAX_FOUND: Final = 10
_MAX_CALLED: Final = 500


class Guests:
    """The one owner of what a guest's stay is after it began and before it ends."""

    def __init__(
        self, store: AccountStore, accounts: Accounts, clock: Clock, longest_days: int
    ) -> None:
        self._store = store.sponsorships
        self._accounts = accounts
        self._clock = clock
        self._longest_days = longest_days

    async def search(self, text: str) -> list[Guest]:
        """
        Guests of whom every word of the text begins a word of their name or role; not who hides.

        Raises: BadQuery.
        """
        found: set[AccountId] | None = None
        for word in require_query(text):
            called = await self._store.list_called(word, _MAX_CALLED)
            found = called if found is None else found & called
            if not found:
                return []
        guests: list[Guest] = []
        for account in sorted(found or ()):
            if await self._store.is_hidden(account):
                continue
            guest = await self._find(account)
            if guest is not None:
                guests.append(guest)
            if len(guests) == MAX_FOUND:
                break
        return sorted(guests, key=lambda one: (one.content.family_name, one.content.given_name))

    async def is_hidden(self, account: AccountId) -> bool:
        """True for a guest who asked to be found by nobody they do not know yet."""
        return await self._store.is_hidden(account)

    async def set_hidden(self, account: AccountId, *, hidden: bool) -> None:
        """Leave a guest out of every search, or not any more. Raises: NotFound for who is none."""
        if await self._find(account) is None:
            raise NotFound("no guest")
        await self._store.set_hidden(account, hidden=hidden)

    async def prolong(
        self,
        account: AccountId,
        device: DeviceId,
        signed: SignedSponsorship,
        *,
        is_administrator: bool = False,
    ) -> None:
        """
        Let a guest stay until the later date that a device of this account signed.

        Only who vouches prolongs; an administrator of the establishment may take that over.

        Raises: NotFound, InvitationOver, MayNotInvite, BadSponsorship, Malformed, NotSignedIn,
        DeviceRevoked.
        """
        state = await self._accounts.get_chain(account)
        content = verify_sponsorship(signed, rules.require_device(state, device))
        if not sponsoring.may_invite(state) or (content.sponsor, content.device) != (
            account,
            device,
        ):
            raise MayNotInvite("a sponsorship is signed by the device of who gives it")
        given = await self._store.find(content.invitation)
        if given is None or not (given.sponsor == account or is_administrator):
            raise NotFound("no such invitation")
        if given.sponsor != account:
            known = await self._store.list_given(account)
            sponsoring.require_room(known, self._clock.now_ms())
        await self._prolong(given, signed, account)

    async def prolong_as_deployment(self, invitation: InvitationId, ends_at_ms: int) -> None:
        """
        Let a guest stay, for an operator: the deployment vouches from then on.

        Raises: NotFound, InvitationOver, MayNotInvite.
        """
        given = await self._store.find(invitation)
        if given is None:
            raise NotFound("no such invitation")
        content = replace(
            given.content,
            sponsor=None,
            device=None,
            ends_at_ms=ends_at_ms,
            at_ms=self._clock.now_ms(),
        )
        signed = sign_sponsorship(content, self._accounts.attestor.key)
        await self._prolong(given, signed, Actor.OPERATOR)

    async def _prolong(
        self, given: Given, signed: SignedSponsorship, actor: AccountId | Actor
    ) -> None:
        now_ms, content = self._clock.now_ms(), signed.content
        if given.signed == signed:
            return
        if given.guest is None or given.state_at(now_ms) != "accepted":
            raise InvitationOver("nobody is here by this invitation")
        sponsoring.require_sponsorship(content, now_ms, self._longest_days)
        sponsoring.require_prolonged(content, given.content)
        state = await self._accounts.get_chain(given.guest)
        if state.sponsored is None or state.is_departed:
            raise InvitationOver("this guest has left")
        # The chain first: what phones show is never longer than what was signed.
        await self._accounts.attest(
            given.guest, Sponsored(signed, state.sponsored.acceptance, now_ms)
        )
        kept = replace(given, sponsor=content.sponsor, signed=signed)
        await self._store.move(kept, given.sponsor)
        await self._store.schedule(given.guest, content.ends_at_ms)
        for owner in {given.sponsor, content.sponsor, given.guest} - {None}:
            kind = EventKind.SPONSORSHIP_PROLONGED
            await self._accounts.trail.record(Event(kind, actor, owner, given.invitation))

    async def _find(self, account: AccountId) -> Guest | None:
        """None for who left: the index may still say otherwise."""
        try:
            state = await self._accounts.get_chain(account)
        except NotFound:
            return None
        sponsored = state.sponsored
        if sponsored is None or state.is_departed or self._is_over(sponsored.content):
            return None
        sponsor = sponsored.content.sponsor
        identity = (await self._accounts.get_chain(sponsor)).identity if sponsor else None
        return Guest(account, sponsored.content, identity)

    def _is_over(self, content: Sponsorship) -> bool:
        return self._clock.now_ms() >= content.ends_at_ms
