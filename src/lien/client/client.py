"""
What a person does on a phone, as methods: the whole protocol with real encryption.

    async with await Client.enrol(origin, rpps) as client:
        await client.connect()
        channel = await client.open_direct(colleague)
        await client.send_text(channel, "Bonjour")
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final, Self

from lien.client import enrolment, revoking
from lien.client.device import Device
from lien.client.documents import Received, fetch
from lien.client.enrolment import Session
from lien.client.errors import ServerFailure, reading_answer
from lien.client.http import Http
from lien.client.passkey import SoftwareAuthenticator
from lien.client.provider import sign_in_with_mock
from lien.client.state import decode_device, encode_device
from lien.client.talking import Talking
from lien.clock import Clock, SystemClock
from lien.crypto.filing import BlobKey
from lien.ids import (
    DeviceId,
    PasskeyId,
    RppsNumber,
    SessionId,
)

_UNTIL_SECONDS: Final = 10.0


class Client(Talking):
    """One device of one account. Not connected until `connect`."""

    def __init__(self, device: Device, session: Session | None) -> None:
        super().__init__(device)
        self.session = session

    # Ways in

    @classmethod
    async def enrol(cls, origin: str, rpps: RppsNumber, clock: Clock | None = None) -> Self:
        """A new account of this professional, through the mock provider."""
        http = Http(origin, clock or SystemClock())
        try:
            await sign_in_with_mock(http, rpps)
            return cls(*await enrolment.create_account(http))
        except BaseException:
            await http.close()
            raise

    @classmethod
    async def join(
        cls, origin: str, authenticator: SoftwareAuthenticator, clock: Clock | None = None
    ) -> Self:
        """A new device of the account that this passkey belongs to."""
        http = Http(origin, clock or SystemClock())
        try:
            return cls(*await enrolment.join_by_passkey(http, authenticator))
        except BaseException:
            await http.close()
            raise

    @classmethod
    def restore(cls, state: bytes, origin: str, clock: Clock | None = None) -> Self:
        """A device from `export`; it has to sign in again. Raises: Malformed, BadLink."""
        return cls(decode_device(state, Http(origin, clock or SystemClock())), None)

    async def sign_in(self, rpps: RppsNumber) -> None:
        """Sign in again through the mock provider; who had left comes back by this."""
        self.device.http.forget()
        await sign_in_with_mock(self.device.http, rpps)
        self.session = await enrolment.reenter_by_provider(self.device.http, self.device.keyring)
        await revoking.renew_secret(self.device)

    async def sign_in_express(self, authenticator: SoftwareAuthenticator) -> None:
        """Sign in again by a passkey."""
        http = self.device.http
        http.forget()
        self.session = await enrolment.reenter_by_passkey(http, self.device.keyring, authenticator)

    async def register_passkey(self, authenticator: SoftwareAuthenticator) -> PasskeyId:
        """Turn on express login."""
        return await enrolment.register_passkey(self.device, authenticator)

    async def renew(self) -> None:
        """Start the session's idle time anew."""
        answer = await self.device.http.post("/api/session/renew", {})
        self.session = enrolment.begin_session(self.device.http, answer, self.device.keyring.key)

    async def sign_out(self) -> None:
        """End the session."""
        await self.disconnect()
        await self.device.http.post("/api/session/end", {})
        self.device.http.forget()
        self.session = None

    # Storing

    def export(self) -> bytes:
        """Everything that must survive, with its secrets in clear."""
        return encode_device(self.device)

    def save_with(self, save: Callable[[bytes], Awaitable[None]]) -> None:
        """Store the state before an envelope is sent and before an entry is acknowledged."""
        self.device.save_with(lambda device: save(encode_device(device)))

    # Connection

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def connect(self) -> None:
        """
        Open the socket, then catch up with everything and send what waits.

        Raises: ConnectionLost with the server's close code, ServerFailure, OSError.
        """
        await self.connection.open(self._session_id())

    async def keep_connected(self) -> None:
        """Connect again whenever that needs no person. Raises: as `Connection.keep`."""
        await self.connection.keep(self._session_id())

    async def disconnect(self) -> None:
        """Close the socket; what is held stays."""
        await self.connection.close()

    async def close(self) -> None:
        """Disconnect, and let go of everything but the state."""
        await self.connection.close()
        await self.device.http.close()

    async def until(
        self, is_true: Callable[[], bool], timeout_seconds: float = _UNTIL_SECONDS
    ) -> None:
        """
        Wait until what is held satisfies `is_true`.

        Raises: TimeoutError, ConnectionLost when the connection ends before.
        """
        await self.connection.until(is_true, timeout_seconds)

    async def settle(self, timeout_seconds: float = _UNTIL_SECONDS) -> None:
        """Wait until every channel is read up to its head. Raises: as `until`."""
        await self.until(lambda: self.connection.is_settled, timeout_seconds)

    @property
    def is_connected(self) -> bool:
        return self.connection.is_open

    @property
    def close_code(self) -> int:
        """Why the last connection ended."""
        return self.connection.close_code

    # Documents

    @property
    def documents(self) -> list[Received]:
        """What gateways delivered, in the order of the inbox."""
        return sorted(self.device.documents.values(), key=lambda one: one.offset)

    async def fetch(self, blob: BlobKey) -> bytes:
        """The content of a document's body or attachment. Raises: ServerFailure, BadBlob."""
        return await fetch(self.device, blob)

    # Devices

    async def revoke_device(self, device: DeviceId) -> None:
        """Revoke an own device and rotate the account secret, in one request."""
        await revoking.revoke_device(self.device, device)

    async def close_account(self) -> None:
        """End the account for ever, right after signing in."""
        await self.disconnect()
        await self.device.http.post("/api/account/close", {})
        self.session = None

    async def list_events(self) -> list[dict[str, Any]]:
        """The newest entries of the trail that concern this account."""
        answer = await self.device.http.get("/api/audit")
        with reading_answer():
            return list(answer["events"])

    def _session_id(self) -> SessionId:
        if self.session is None:
            raise ServerFailure("not_signed_in")
        return self.session.session
