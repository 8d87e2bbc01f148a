"""The situation somebody practises in: listed by their provider, chosen by them, changed later."""

from lien.accounts import rules, situations
from lien.accounts.errors import FreshSignInNeeded
from lien.accounts.models import Practice, Session
from lien.accounts.service.accounts import Accounts
from lien.accounts.service.flows import Flows
from lien.accounts.store import AccountStore
from lien.audit import Event, EventKind
from lien.clock import Clock
from lien.errors import NotFound


class Situations:
    """Nobody else says where somebody works, and nobody picks it for them."""

    def __init__(self, store: AccountStore, accounts: Accounts, clock: Clock) -> None:
        self._flows = Flows(store)
        self._accounts = accounts
        self._clock = clock

    async def list_practices(self, session: Session) -> list[Practice]:
        """What the owner may choose from, in the ten minutes after the provider listed it."""
        if not rules.is_fresh(session, self._clock.now_ms()):
            return []
        return await self._flows.list_practices(session.account)

    async def change(self, session: Session, choice: int) -> None:
        """
        Say anew in which situation the owner practises, just after the provider listed them.

        Raises: FreshSignInNeeded, Malformed, NotFound for a guest.
        """
        rules.require_fresh(session, self._clock.now_ms())
        practices = await self._flows.list_practices(session.account)
        if not practices:
            raise FreshSignInNeeded("sign in with the provider again first")
        practice = situations.require_choice(practices, choice)
        before = (await self._accounts.get_chain(session.account)).identity
        if before is None:
            raise NotFound("a guest's place is their sponsor's to say")
        identity = situations.moved(before, practice)
        if identity == before:
            return
        await self._accounts.attest(session.account, identity)
        await self._accounts.trail.record(
            Event(EventKind.SITUATION_CHANGED, session.account, session.account, session.device)
        )
