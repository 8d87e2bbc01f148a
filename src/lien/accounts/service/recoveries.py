"""
Recovery: the vault's `recovery` entry for whom the provider just vouched for.

The provider's word alone opens nothing: what is handed over is opened by the code on the
person's paper, of 128 random bits, which the server never sees. The limit is not against
guessing that code; it keeps the entries of many people from being collected.
"""

from lien.accounts import rules
from lien.accounts.errors import NotSignedIn
from lien.accounts.models import Enrolment, Flow
from lien.accounts.service.accounts import Accounts
from lien.accounts.service.sessions import Sessions
from lien.accounts.store import AccountStore
from lien.crypto.chain import MAX_LINKS
from lien.crypto.vault import RECOVERY
from lien.errors import NotFound


class Recoveries:
    """Reads one entry of the vault, and the chain that a new device's link follows."""

    def __init__(self, store: AccountStore, accounts: Accounts, sessions: Sessions) -> None:
        self._vault = store.chains
        self._accounts = accounts
        self._sessions = sessions

    async def open(self, flow: Flow) -> Enrolment:
        """
        What a new device needs to open its account with the recovery code.

        Raises: NotSignedIn, TooManyAttempts, NotFound when no code was ever made.
        """
        rules.require_via(flow, "provider")
        account = await self._accounts.find_account(flow.rpps)
        if account is None:
            raise NotSignedIn("there is no account to recover")
        await self._sessions.admit_recovery(account)
        entries = [
            entry for entry in await self._vault.list_vault(account) if entry.wrapper == RECOVERY
        ]
        if not entries:
            raise NotFound("no recovery code was made")
        links = await self._vault.list_links(account, 0, MAX_LINKS)
        return Enrolment(flow, account, None, tuple(entries), tuple(links))
