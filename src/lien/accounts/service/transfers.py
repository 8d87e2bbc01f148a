"""
A new device from an old one: the server passes two sealed letters, within two minutes.

The new device leaves its hello under a name made from it; what the person scans or types on the old
device is a digest of that hello, so that nobody puts another in its place. The old device, signed
in just now, adds the new one to the chain and leaves the account's secret sealed to it.
"""

import secrets
from typing import Final, cast

import msgpack

from lien.accounts import rules
from lien.accounts.errors import NotSignedIn
from lien.accounts.models import Session
from lien.accounts.service.accounts import Accounts
from lien.accounts.service.sessions import Sessions
from lien.accounts.store import AccountStore
from lien.clock import Clock
from lien.errors import Conflict, NotFound
from lien.ids import AccountId, DeviceId, TransferId

MAX_LETTER_BYTES: Final = 2_048
_SECONDS: Final = 120
_NONCE_BYTES: Final = 32


class Transfers:
    """Two letters, each written once."""

    def __init__(
        self, store: AccountStore, accounts: Accounts, sessions: Sessions, clock: Clock
    ) -> None:
        self._store = store.sessions
        self._accounts = accounts
        self._sessions = sessions
        self._clock = clock

    async def offer(self, transfer: TransferId, hello: bytes) -> bytes:
        """
        Keep a new device's hello; what it will sign for its session.

        Raises: Conflict when there is one of this name.
        """
        nonce = secrets.token_bytes(_NONCE_BYTES)
        packed = cast(bytes, msgpack.packb([hello, nonce]))
        if not await self._store.claim_once(_offer_name(transfer), packed, _SECONDS):
            raise Conflict("there is a hello of this name")
        return nonce

    async def read_hello(self, transfer: TransferId) -> bytes:
        """Raises: NotFound when there is none, or its time is over."""
        packed = await self._store.peek_once(_offer_name(transfer))
        if packed is None:
            raise NotFound("no such transfer")
        return cast(bytes, msgpack.unpackb(packed)[0])

    async def show_hello(self, session: Session, transfer: TransferId) -> bytes:
        """
        For an own device that may let the new one in: signed in just now.

        Raises: FreshSignInNeeded, NotFound.
        """
        rules.require_just_signed_in(session, self._clock.now_ms())
        return await self.read_hello(transfer)

    async def answer(
        self, session: Session, transfer: TransferId, device: DeviceId, sealed: bytes
    ) -> None:
        """
        Keep what an own device sealed to a device that it has just added to the chain.

        Raises: FreshSignInNeeded, NotFound, Conflict when it was answered before.
        """
        rules.require_just_signed_in(session, self._clock.now_ms())
        await self.read_hello(transfer)
        if device not in (await self._accounts.get_chain(session.account)).devices:
            raise NotFound("no such device")
        packed = cast(bytes, msgpack.packb([sealed, session.account, device]))
        if not await self._store.claim_once(_answer_name(transfer), packed, _SECONDS):
            raise Conflict("this transfer was answered before")

    async def read_answer(self, transfer: TransferId) -> bytes | None:
        """
        What was sealed to the new device, None while nothing was.

        Raises: NotFound when the time is over.
        """
        await self.read_hello(transfer)
        packed = await self._store.peek_once(_answer_name(transfer))
        return None if packed is None else cast(bytes, msgpack.unpackb(packed)[0])

    async def sign_in(
        self, transfer: TransferId, account: AccountId, device: DeviceId, proof: bytes
    ) -> Session:
        """
        Begin the first session of the new device, once.

        Raises: NotSignedIn, DeviceRevoked, AccountSuspended, AccountClosed.
        """
        offer = await self._store.take_once(_offer_name(transfer))
        answer = await self._store.take_once(_answer_name(transfer))
        if offer is None or answer is None:
            raise NotSignedIn("no transfer of this name was answered")
        if msgpack.unpackb(answer)[1:] != [account, device]:
            raise NotSignedIn("the transfer is of another device")
        nonce = cast(bytes, msgpack.unpackb(offer)[1])
        return await self._sessions.begin(account, device, nonce, proof, 0, via="device")


def _offer_name(transfer: TransferId) -> str:
    return f"transfer:{transfer}"


def _answer_name(transfer: TransferId) -> str:
    return f"transfer-answer:{transfer}"
