"""
Leaving: accounts suspended, opened again, closed.

The order makes a crash between any two steps harmless: the attestor's word goes into the chain,
and in the same step every session ends, everywhere, and the account is written down as unsettled;
then its conversations become stale. Nothing is restored by itself: open again, an account has
no session, and is in no conversation's next epoch until someone lets it in.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from lien.accounts import rules
from lien.accounts.errors import AccountClosed, TooManyLeave
from lien.accounts.models import Departure
from lien.accounts.service.accounts import Accounts
from lien.accounts.store import AccountStore
from lien.audit import Actor, Event, EventKind
from lien.crypto.chain import BadLink, ChainState, Standing
from lien.directory import Directory
from lien.errors import Conflict
from lien.ids import AccountId, RppsNumber

# More at once are rather a damaged extract than a wave of retirements.
_MANY: Final = 5
_MANY_IN: Final = 10  # of ten

_KINDS: Final = {
    "open": EventKind.ACCOUNT_REOPENED,
    "suspended": EventKind.ACCOUNT_SUSPENDED,
    "closed": EventKind.ACCOUNT_CLOSED,
}

_SPONSORSHIP_OVER: Final = ("sponsorship_ended", "sponsor_left")

Settle = Callable[[AccountId], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What comparing the accounts with the directory came to."""

    accounts: int  # that are open
    suspended: tuple[Departure, ...]


class Standings:
    """The one place that decides who takes part. `settle` makes conversations stale."""

    def __init__(
        self, store: AccountStore, accounts: Accounts, directory: Directory, settle: Settle
    ) -> None:
        self._store = store
        self._accounts = accounts
        self._directory = directory
        self._settle = settle

    async def suspend(self, account: AccountId, actor: AccountId | Actor, reason: str) -> None:
        """
        Let someone out until further notice; nothing happens when they are out.

        Raises: NotFound, AccountClosed.
        """
        state = await self._accounts.get_chain(account)
        if state.is_closed:
            raise AccountClosed("the account is closed")
        if state.standing.standing != "suspended":
            await self._change(account, Standing("suspended", reason), actor)

    async def close(self, account: AccountId, actor: AccountId | Actor, reason: str) -> None:
        """
        End an account for ever, and forget what opens it; nothing happens when it is closed.

        Raises: NotFound.
        """
        state = await self._accounts.get_chain(account)
        # One whose last device was revoked takes no link any more.
        if not state.is_closed:
            await self._change(account, Standing("closed", reason), actor)
        for passkey in await self._store.passkeys.list_passkeys(account):
            await self._store.passkeys.remove_passkey(account, passkey.passkey)
        await self._store.pins.remove_of(account)
        await self._store.chains.erase_secrets(account)

    async def reopen(self, account: AccountId, actor: AccountId | Actor, reason: str) -> None:
        """
        Let someone in again: they sign in, and their device renews the account's secret.

        Raises: NotFound, AccountClosed, Conflict when the account is not suspended.
        """
        state = await self._accounts.get_chain(account)
        if state.is_closed:
            raise AccountClosed("a closed account stays closed")
        if state.standing.standing != "suspended":
            raise Conflict("the account is not suspended")
        if state.standing.reason in _SPONSORSHIP_OVER:
            raise Conflict("nobody vouches for this guest any more: invite them again")
        await self._change(account, Standing("open", reason), actor)

    async def reopen_by_provider(self, account: AccountId, rpps: RppsNumber) -> bool:
        """
        Let in who left with the directory, is in it again, and has just proved who they are.

        Raises: NotFound.
        """
        state = await self._accounts.get_chain(account)
        if not rules.may_reopen_alone(state) or await self._directory.find(rpps) is None:
            return False
        await self._change(account, Standing("open", "provider"), account)
        return True

    async def reconcile(self, *, may_be_many: bool = False) -> Reconciled:
        """
        Suspend every account whose professional the directory does not have any more.

        Raises: TooManyLeave when that would be more than a tenth of them.
        """
        generation = await self._directory.find_unreconciled()
        is_open = 0
        leaving: list[Departure] = []
        for account in sorted(await self._accounts.list_all()):
            state = await self._accounts.get_chain(account)
            if state.is_closed or state.standing.standing != "open":
                continue
            is_open += 1
            rpps = (await self._accounts.get_account(account)).rpps
            if rpps is not None and await self._directory.find(rpps) is None:
                leaving.append(Departure(account, rules.LEFT_DIRECTORY))
        if len(leaving) > max(_MANY, is_open // _MANY_IN) and not may_be_many:
            raise TooManyLeave(
                f"{len(leaving)} of {is_open} accounts would be suspended: check the extract, "
                "then say `lien account reconcile --allow-many`"
            )
        for one in leaving:
            await self.suspend(one.account, Actor.DIRECTORY, one.reason)
        if generation is not None:
            await self._directory.set_reconciled(generation)
        return Reconciled(is_open, tuple(leaving))

    async def resume(self) -> None:
        """
        Compare with an import whose process ended before it did.

        Raises: TooManyLeave.
        """
        if await self._directory.find_unreconciled() is not None:
            await self.reconcile()

    async def _change(
        self, account: AccountId, standing: Standing, actor: AccountId | Actor
    ) -> ChainState:
        try:
            state = await self._accounts.attest(account, standing)
        except BadLink:
            # Someone else was quicker; what they decided stands if it is the same.
            state = await self._accounts.get_chain(account)
            if state.standing.standing != standing.standing:
                raise Conflict("the account's standing was changed meanwhile") from None
            return state
        await self._accounts.trail.record(
            Event(_KINDS[standing.standing], actor, account, note=standing.reason)
        )
        await self._settle(account)
        await self._accounts.settle(account, state.length - 1)
        return state
