"""
Which sessions began with which sign-in at a provider, so that they can end with it.

A sign-in is written down before it is looked whether it is over, and its end is written down
before its sessions are listed: whichever comes first, none is missed.
"""

from lien.accounts.errors import NotSignedIn
from lien.accounts.models import Login, SessionSummary
from lien.accounts.store import AccountStore
from lien.ids import AccountId, DeviceId, SessionId


class Logins:
    """By hashes: what a provider calls a person holds their number."""

    def __init__(self, store: AccountStore) -> None:
        self._store = store.logins

    async def add(
        self, login: Login, account: AccountId, session: SessionSummary, verified_at_ms: int
    ) -> None:
        """
        Remember with which sign-in a session began.

        Raises: NotSignedIn when the provider has said meanwhile that it is over.
        """
        for name in filter(None, (login.subject, login.session)):
            await self._store.add(name, account, session.device, session.session)
        ended_at_ms = await self._store.find_end(login.session) if login.session else None
        if ended_at_ms is None:
            # Of all of a person's: those that began before.
            ended_at_ms = await self._store.find_end(login.subject)
            if ended_at_ms is not None and ended_at_ms < verified_at_ms:
                ended_at_ms = None
        if ended_at_ms is not None:
            raise NotSignedIn("the provider has ended this sign-in")

    async def end(self, login: Login, now_ms: int) -> list[tuple[AccountId, DeviceId, SessionId]]:
        """The sessions of one sign-in; of all of a person's when the provider names none."""
        name = login.session or login.subject
        await self._store.end(name, now_ms)
        return await self._store.list_sessions(name)
