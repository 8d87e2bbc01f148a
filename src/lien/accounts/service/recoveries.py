"""
What a lost phone leads to: the recovery code, or a fresh start.

Recovery is the vault's `recovery` entry for whom the provider just vouched for.

The provider's word alone opens nothing: what is handed over is opened by the code on the
person's paper, of 128 random bits, which the server never sees. The limit is not against
guessing that code; it keeps the entries of many people from being collected.
"""

from typing import Final

from lien.accounts import rules
from lien.accounts.errors import NotSignedIn
from lien.accounts.models import Enrolment, Flow
from lien.accounts.service.accounts import Accounts
from lien.accounts.service.sessions import Sessions
from lien.accounts.service.standings import Standings
from lien.accounts.store import AccountStore
from lien.crypto.chain import MAX_LINKS
from lien.crypto.vault import RECOVERY
from lien.errors import NotFound
from lien.ids import AccountId

_FRESH_START: Final = "fresh_start"  # the reason in the chain


class Recoveries:
    """Reads one entry of the vault, and the chain that a new device's link follows."""

    def __init__(
        self, store: AccountStore, accounts: Accounts, sessions: Sessions, standings: Standings
    ) -> None:
        self._vault = store.chains
        self._accounts = accounts
        self._sessions = sessions
        self._standings = standings

    async def open(self, flow: Flow) -> Enrolment:
        """
        What a new device needs to open its account with the recovery code.

        Raises: NotSignedIn, TooManyAttempts, NotFound when no code was ever made.
        """
        rules.require_via(flow, "provider")
        account = await self._accounts.find_account(flow.rpps) if flow.rpps else None
        if account is None:
            raise NotSignedIn("there is no account to recover")
        await self._sessions.admit_recovery(account)
        entries = [
            entry for entry in await self._vault.list_vault(account) if entry.wrapper == RECOVERY
        ]
        if not entries:
            raise NotFound("no recovery code was made")
        links = await self._vault.list_links(account, 0, MAX_LINKS)
        return Enrolment(flow, account, None, (), tuple(entries), tuple(links))

    async def start_afresh(self, flow: Flow, account: AccountId) -> None:
        """
        Close the account of whom the provider just vouched for, because nothing opens it.

        The chain says so for ever, signed by the attestor; the flow may then create another.

        Raises: NotSignedIn, AccountSuspended, TooManyAttempts.
        """
        rules.require_via(flow, "provider")
        if flow.rpps is None or await self._accounts.find_account(flow.rpps) != account:
            raise NotSignedIn("the account is of another professional")
        await self._sessions.admit_recovery(account)
        state = await self._accounts.get_chain(account)
        if not state.is_closed:
            rules.require_open(state)  # who was let out does not come back by this door
        await self._standings.close(account, account, _FRESH_START)
