"""
Reading chains, for whoever needs to know of an account.

What a store was made to say is not believed: a chain is verified link by link, once. The verified
state is kept in memory as long as the hash of the last link is the same, so that a look-up is
one small question to the store.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from lien.accounts import rules
from lien.accounts.models import Account, Earlier, VaultEntry
from lien.accounts.store import ChainStore
from lien.crypto import chain
from lien.crypto.chain import Attestors, ChainState, Link
from lien.errors import NotFound
from lien.ids import AccountId, RppsNumber

# About 3 KiB each: 30 MiB for every active professional of a territory.
MAX_STATES: Final = 10_000


class Chains:
    """Every look-up of a chain goes through here."""

    def __init__(self, store: ChainStore, attestors: Attestors) -> None:
        self._store = store
        self._attestors = attestors
        self._states: OrderedDict[AccountId, ChainState] = OrderedDict()

    async def get_chain(self, account: AccountId) -> ChainState:
        """
        The verified state of an account's chain.

        Raises: NotFound.
        """
        head = await self._store.find_head(account)
        if head is None:
            raise NotFound("no such account")
        state = self._states.get(account)
        if state is None or state.head != head:
            state = await self._replay(account, state)
            self._states[account] = state
        self._states.move_to_end(account)
        if len(self._states) > MAX_STATES:
            self._states.popitem(last=False)
        return state

    async def _replay(self, account: AccountId, start: ChainState | None) -> ChainState:
        # A chain only grows: what was verified before need not be read again.
        first = start.length if start else 0
        links = await self._store.list_links(account, first, chain.MAX_LINKS)
        if start is not None and not links:
            # Another head and nothing new: the store was restored to an earlier day.
            return await self._replay(account, None)
        try:
            return chain.replay(links, self._attestors, start=start, expected_account=account)
        except chain.BadLink as error:
            # Not the caller's fault: the store was damaged, or made to lie.
            raise RuntimeError("a stored chain does not verify") from error

    async def list_links(self, account: AccountId, after: int) -> list[Link]:
        """
        One page of links numbered above `after` (−1: from the first).

        Raises: NotFound.
        """
        links = await self._store.list_links(account, after + 1, rules.MAX_LINK_PAGE)
        if not links and await self._store.find_head(account) is None:
            raise NotFound("no such account")
        return links

    async def current_generations(self, accounts: Iterable[AccountId]) -> Mapping[AccountId, int]:
        """The generation to seal to; 0 for an account that departed or is unknown."""
        found = await self._find_states(accounts)
        return {
            account: state.generation if state and not state.is_departed else 0
            for account, state in found.items()
        }

    async def departed_generations(self, accounts: Iterable[AccountId]) -> Mapping[AccountId, int]:
        """The generation each account last left with; 0 for one that never did."""
        found = await self._find_states(accounts)
        return {
            account: state.departed_generation if state else chain.MAX_LINKS
            for account, state in found.items()
        }

    async def _find_states(
        self, accounts: Iterable[AccountId]
    ) -> Mapping[AccountId, ChainState | None]:
        asked = list(accounts)
        found = await asyncio.gather(*(self._find_state(account) for account in asked))
        return dict(zip(asked, found, strict=True))

    async def _find_state(self, account: AccountId) -> ChainState | None:
        try:
            return await self.get_chain(account)
        except NotFound:
            return None

    # Accounts

    async def find_account(self, rpps: RppsNumber) -> AccountId | None:
        """The account of a professional."""
        return (await self.find_accounts([rpps])).get(rpps)

    async def find_accounts(self, numbers: Sequence[RppsNumber]) -> Mapping[RppsNumber, AccountId]:
        """The accounts of those professionals who have one."""
        found = await self._store.find_by_rpps(numbers)
        return {rpps: one for rpps, one in zip(numbers, found, strict=True) if one is not None}

    async def get_account(self, account: AccountId) -> Account:
        """Raises: NotFound."""
        found = await self._store.find(account)
        if found is None:
            raise NotFound("no such account")
        return found

    async def list_all(self) -> list[AccountId]:
        """Every account there is or was, for an operator."""
        return await self._store.list_all()

    async def list_earlier(self, account: AccountId) -> list[Earlier]:
        """Own secrets of former generations."""
        return await self._store.list_earlier(account)

    async def list_vault(self, account: AccountId) -> Sequence[VaultEntry]:
        """The own wrapped secrets, for a device that was not there when one was replaced."""
        return await self._store.list_vault(account)
