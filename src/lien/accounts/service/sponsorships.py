"""
Guests: people outside the national directory, for whom a colleague vouches until a date.

The sponsor's device signs who and until when; the link's secret, which the server never has, signs
for which account; the attestor says that it checked. When it ends, by its date, by the sponsor
or because the sponsor left, the guest leaves as everyone does (`lien.accounts.service.standings`).
"""

import secrets
from dataclasses import dataclass, replace
from typing import Final

from lien.accounts import rules, sponsoring
from lien.accounts.errors import InvitationOver, MayNotInvite, NotSignedIn
from lien.accounts.given import Given
from lien.accounts.models import Account, Created, Flow
from lien.accounts.service.accounts import Accounts
from lien.accounts.service.flows import Flows, verify_proof
from lien.accounts.service.standings import Standings
from lien.accounts.store import AccountStore
from lien.audit import Actor, Event, EventKind
from lien.clock import Clock
from lien.crypto import chain
from lien.crypto.chain import Identity, Link, Sponsored
from lien.crypto.sponsorship import SignedSponsorship, Sponsorship, verify_sponsorship
from lien.errors import NotFound
from lien.ids import AccountId, DeviceId, InvitationId, new_id

PROVIDER: Final = "sponsored"
ENDED: Final = "sponsorship_ended"
SPONSOR_LEFT: Final = "sponsor_left"


@dataclass(frozen=True, slots=True)
class Invited:
    """What the guest is shown: who invites them, and the flow that leads to their account."""

    flow: Flow
    content: Sponsorship
    sponsor: Identity | None


class Sponsorships:
    """The one owner of invitations and of their ends."""

    def __init__(
        self,
        store: AccountStore,
        accounts: Accounts,
        standings: Standings,
        clock: Clock,
        longest_days: int,
    ) -> None:
        self._store = store.sponsorships
        self._chains = store.chains
        self._flows = Flows(store)
        self._accounts = accounts
        self._standings = standings
        self._clock = clock
        self.longest_days = longest_days

    # The sponsor

    async def may_invite(self, account: AccountId) -> bool:
        """Whether this account may vouch for anyone. Raises: NotFound."""
        return sponsoring.may_invite(await self._accounts.get_chain(account))

    async def give(
        self, account: AccountId, device: DeviceId, signed: SignedSponsorship
    ) -> InvitationId:
        """
        Keep what a device of the sponsor signed; the same again changes nothing.

        Raises: MayNotInvite, BadSponsorship, Malformed, NotSignedIn, DeviceRevoked.
        """
        state = await self._accounts.get_chain(account)
        if not sponsoring.may_invite(state):
            raise MayNotInvite("only a verified professional vouches for others")
        content = verify_sponsorship(signed, rules.require_device(state, device))
        if (content.sponsor, content.device) != (account, device):
            raise MayNotInvite("a sponsorship is signed by the device that sends it")
        return await self._keep(signed, account, await self._store.list_given(account))

    async def give_as_deployment(self, signed: SignedSponsorship) -> InvitationId:
        """
        Keep what the attestor signed, for an operator.

        Raises: MayNotInvite, BadSponsorship, Malformed.
        """
        content = verify_sponsorship(signed, self._accounts.attestor.public)
        if content.sponsor is not None:
            raise MayNotInvite("the deployment vouches in nobody's name")
        return await self._keep(signed, Actor.OPERATOR, ())

    async def _keep(
        self, signed: SignedSponsorship, actor: AccountId | Actor, known: "tuple[()] | list[Given]"
    ) -> InvitationId:
        content, now_ms = signed.content, self._clock.now_ms()
        if any(one.signed == signed for one in known):
            return content.invitation
        sponsoring.require_sponsorship(content, now_ms, self.longest_days)
        sponsoring.require_room(known, now_ms)
        if await self._store.find(content.invitation) is not None:
            raise MayNotInvite("each person is invited by a link of their own")
        open_until_ms = min(now_ms + sponsoring.LINK_LIFE_MS, content.ends_at_ms)
        await self._store.save(Given(content.invitation, content.sponsor, signed, open_until_ms))
        await self._accounts.trail.record(
            Event(EventKind.SPONSORSHIP_GIVEN, actor, content.sponsor, content.invitation)
        )
        return content.invitation

    async def list_given(self, account: AccountId) -> list[Given]:
        """Everyone an account vouches or vouched for."""
        return await self._store.list_given(account)

    async def end(
        self, invitation: InvitationId, actor: AccountId | Actor, sponsor: AccountId | None = None
    ) -> None:
        """
        Vouch no longer: the guest is out at once. `sponsor`, when given, must be who vouched.

        Raises: NotFound.
        """
        given = await self._store.find(invitation)
        if given is None or (sponsor is not None and given.sponsor != sponsor):
            raise NotFound("no such invitation")
        now_ms = self._clock.now_ms()
        if not given.ended_at_ms:
            await self._store.save(replace(given, ended_at_ms=now_ms))
            await self._accounts.trail.record(
                Event(EventKind.SPONSORSHIP_ENDED, actor, given.sponsor, invitation)
            )
        # Asked again: somebody may have accepted while it was being ended.
        again = await self._store.find(invitation)
        if again is not None and again.guest is not None:
            await self._store.schedule(again.guest, now_ms)
            await self._leave(again.guest, actor, ENDED)

    # The guest

    async def open(self, invitation: InvitationId) -> Invited:
        """
        Let whoever opened the link begin.

        Raises: InvitationOver.
        """
        now_ms = self._clock.now_ms()
        given = sponsoring.require_waiting(await self._store.find(invitation), now_ms)
        sponsor = await self._find_sponsor(given)
        flow = Flow(
            flow=new_id(),
            via="invitation",
            nonce=secrets.token_bytes(32),
            rpps=None,
            account=None,
            provider=PROVIDER,
            verified_at_ms=now_ms,
            ends_at_ms=now_ms + rules.FLOW_TTL_MS,
            invitation=invitation,
        )
        return Invited(flow, given.content, sponsor)

    async def describe(self, flow: Flow) -> Invited:
        """What a flow of an invitation leads to. Raises: InvitationOver."""
        given = await self._store.find(_invitation_of(flow))
        if given is None:
            raise InvitationOver("no such invitation")
        return Invited(flow, given.content, await self._find_sponsor(given))

    async def accept(
        self, flow: Flow, link: Link, label: str, proof: bytes, acceptance: bytes
    ) -> Created:
        """
        Create the guest's account; of several that accept one link, one does.

        The same request again, after a lost answer, finds the account it made.

        Raises: NotSignedIn, InvitationOver, BadLink, ChainMoved, Malformed.
        """
        rules.require_via(flow, "invitation")
        invitation = _invitation_of(flow)
        content, body = rules.require_create(link)
        label = rules.require_label(label)
        verify_proof(body.device_public, flow.nonce, body.device, proof)
        begun = chain.apply(None, link, self._accounts.attestor.attestors)
        now_ms = self._clock.now_ms()
        account = Account(content.account, None, now_ms, invitation)
        made = Created(account, body.device, body.device_public)
        given = await self._store.find(invitation)
        is_begun = await self._accounts.is_begun(account, link)
        if given is None or not (given.guest == account.account and is_begun):
            given = sponsoring.require_waiting(given, now_ms)
            await self._find_sponsor(given)
        await self._flows.claim(flow, link.data + proof + acceptance)
        if given.guest == account.account:
            return made
        # Before the account is anybody's: an end that is written down is never missed.
        words = sponsoring.words_of(given.content)
        await self._store.schedule(account.account, given.content.ends_at_ms, words)
        if not is_begun:
            sponsored = Sponsored(given.signed, acceptance, flow.verified_at_ms)
            await self._accounts.append_created(
                begun, link, label, sponsored, {"invitation": invitation}
            )
        if await self._store.claim(invitation, account.account) != account.account:
            await self._chains.abandon(account.account)
            await self._store.unschedule(account.account, words)
            raise InvitationOver("this invitation was used meanwhile")
        await self._accounts.trail.record(
            Event(
                EventKind.ACCOUNT_CREATED, account.account, account.account, body.device, PROVIDER
            )
        )
        again = await self._store.find(invitation)
        if again is None or again.ended_at_ms:
            await self._leave(account.account, Actor.CALENDAR, ENDED)
        return made

    # Ends

    async def sweep(self) -> int:
        """Let out whose sponsorship has ended, and whose sponsor has left; how many."""
        now_ms, left = self._clock.now_ms(), 0
        for guest, ends_at_ms in await self._store.list_guests():
            try:
                state = await self._accounts.get_chain(guest)
            except NotFound:
                if now_ms >= ends_at_ms:
                    await self._store.unschedule(guest)
                continue
            sponsor = state.sponsored.content.sponsor if state.sponsored else None
            if now_ms >= ends_at_ms:
                await self._leave(guest, Actor.CALENDAR, ENDED)
            elif sponsor and (await self._accounts.get_chain(sponsor)).is_departed:
                await self._leave(guest, Actor.CALENDAR, SPONSOR_LEFT)
            else:
                continue
            left += 1
        return left

    async def _leave(self, guest: AccountId, actor: AccountId | Actor, reason: str) -> None:
        state = await self._accounts.get_chain(guest)
        if not state.is_closed:
            await self._standings.suspend(guest, actor, reason)
        words = sponsoring.words_of(state.sponsored.content) if state.sponsored else ()
        await self._store.unschedule(guest, words)

    async def _find_sponsor(self, given: Given) -> Identity | None:
        """Raises: InvitationOver when the sponsor does not take part any more."""
        if given.sponsor is None:
            return None
        state = await self._accounts.get_chain(given.sponsor)
        if state.is_departed:
            raise InvitationOver("whoever invited does not take part any more")
        return state.identity


def _invitation_of(flow: Flow) -> InvitationId:
    if flow.invitation is None:
        raise NotSignedIn("the flow is of no invitation")
    return flow.invitation
