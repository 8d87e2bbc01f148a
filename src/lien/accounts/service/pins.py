"""
PINs: a share for the phone that proves its PIN, and a session that begins with it.

A try is counted before it is looked at, in the same step that says whether it may be made; without
the store there is no try. Five are free, then each waits longer, and the tenth wrong one ends the
PIN: what it opened on that phone is opened by nothing any more. The PIN never comes here: the
phone proves it with a signature, by a key that only the PIN and this phone give.
"""

import hmac
import secrets
from typing import Final

from lien.accounts import rules
from lien.accounts.errors import NotSignedIn
from lien.accounts.models import Pin, PinOutcome, Session
from lien.accounts.service.accounts import Accounts
from lien.accounts.service.sessions import Sessions
from lien.accounts.store import AccountStore
from lien.audit import Event, EventKind
from lien.clock import Clock
from lien.crypto import pin as pins
from lien.crypto.signing import BadSignature, require_public
from lien.errors import Malformed, NotFound
from lien.ids import AccountId, DeviceId, PinId, b64encode

NONCE_BYTES: Final = 32
_NONCE_SECONDS: Final = 120
_MINUTE_MS: Final = 60_000
# After each wrong try; the last one is the end.
PAUSES_MS: Final = tuple(minutes * _MINUTE_MS for minutes in (0, 0, 0, 0, 1, 5, 15, 60, 3 * 60, 0))


class Pins:
    """The one owner of PINs and of their tries."""

    def __init__(
        self, store: AccountStore, accounts: Accounts, sessions: Sessions, clock: Clock
    ) -> None:
        self._store = store.pins
        self._once = store.sessions
        self._accounts = accounts
        self._sessions = sessions
        self._clock = clock

    # Keeping

    async def put(
        self, session: Session, pin: PinId, public: bytes, share: bytes, replaces: PinId | None
    ) -> None:
        """
        Keep the share of a PIN that was just chosen on the session's device.

        The one it replaces stays until the phone has stored what the new one opens, and says so
        by removing it; any other of this device goes.

        Raises: Malformed, NotFound when the id is another device's.
        """
        require_public(public)
        if len(share) != pins.SHARE_BYTES or pin == replaces:
            raise Malformed("a share is 32 bytes, and a new PIN has a new id")
        known = await self._store.list_pins(session.account)
        if pin in known or await self._store.has_pin(pin):
            raise Malformed("this id was used before")
        for other, device in known.items():
            if device == session.device and other != replaces:
                await self._store.remove_pin(session.account, other)
        await self._store.save_pin(Pin(pin, session.account, session.device, public, share))
        await self._note(EventKind.PIN_SET, session.account, session.device)

    async def remove(self, session: Session, pin: PinId) -> None:
        """
        Forget a PIN of the session's device.

        Raises: NotFound.
        """
        known = await self._store.list_pins(session.account)
        if known.get(pin) != session.device:
            raise NotFound("no such PIN on this device")
        await self._store.remove_pin(session.account, pin)
        if session.device not in [one for other, one in known.items() if other != pin]:
            await self._note(EventKind.PIN_REMOVED, session.account, session.device)

    # Opening

    async def begin(self) -> bytes:
        """What the next proof signs: once, within two minutes."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        await self._once.put_once(_nonce_name(nonce), b"1", _NONCE_SECONDS)
        return nonce

    async def open(self, nonce: bytes, pin: PinId, proof: bytes) -> PinOutcome:
        """
        Hand out the share to whoever proves the PIN; a wrong proof is an outcome too.

        `left` 0: ten wrong tries have destroyed it, and the phone wipes itself.

        Raises: NotSignedIn for a nonce that was used, NotFound for a PIN that was removed,
        DeviceRevoked, AccountSuspended, AccountClosed.
        """
        if await self._once.take_once(_nonce_name(nonce)) is None:
            raise NotSignedIn("no try of this name waits for a proof")
        counted = await self._store.count_try(pin, self._clock.now_ms(), PAUSES_MS)
        if counted is None:
            raise NotFound("no such PIN")
        if isinstance(counted, PinOutcome):
            return counted
        known, account, device = counted.pin, counted.pin.account, counted.pin.device
        try:
            pins.verify_proof(known.public, nonce, pin, proof)
        except BadSignature:
            return await self._note_wrong(known, counted.left)
        state = await self._accounts.get_chain(account)
        rules.require_device(state, device)
        rules.require_open(state)
        await self._store.save_pin(known)
        ticket = secrets.token_bytes(NONCE_BYTES)
        await self._once.put_once(_ticket_name(ticket), _owner(account, device), _NONCE_SECONDS)
        return PinOutcome(len(PAUSES_MS), share=known.share, nonce=ticket)

    async def sign_in(
        self, nonce: bytes, account: AccountId, device: DeviceId, proof: bytes
    ) -> Session:
        """
        Begin a session of the device whose PIN was proved a moment ago.

        Raises: NotSignedIn, DeviceRevoked, AccountSuspended, AccountClosed.
        """
        owner = await self._once.take_once(_ticket_name(nonce))
        if owner is None or not hmac.compare_digest(owner, _owner(account, device)):
            raise NotSignedIn("no PIN of this device was proved just now")
        return await self._sessions.begin(account, device, nonce, proof, 0, via="pin")

    async def _note_wrong(self, known: Pin, left: int) -> PinOutcome:
        await self._note(EventKind.SIGN_IN_REFUSED, known.account, known.device)
        if left:
            return PinOutcome(left, PAUSES_MS[len(PAUSES_MS) - left - 1])
        await self._note(EventKind.PIN_DESTROYED, known.account, known.device)
        return PinOutcome(0)

    async def _note(self, kind: EventKind, account: AccountId, device: DeviceId) -> None:
        note = "pin" if kind is EventKind.SIGN_IN_REFUSED else ""
        await self._accounts.trail.record(Event(kind, account, account, device, note))


def _owner(account: AccountId, device: DeviceId) -> bytes:
    return f"{account}:{device}".encode()


def _nonce_name(nonce: bytes) -> str:
    return f"pin-open:{b64encode(nonce)}"


def _ticket_name(nonce: bytes) -> str:
    return f"pin-proved:{b64encode(nonce)}"
