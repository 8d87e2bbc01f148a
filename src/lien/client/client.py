"""
What a person does on a phone, as methods: the whole protocol with real encryption.

    async with await Client.enrol(origin, rpps) as client:
        await client.connect()
        channel = await client.open_direct(colleague)
        await client.send_text(channel, "Bonjour")
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Final, Self

from lien.client import enrolment, revoking, sending
from lien.client.connection import Connection
from lien.client.conversation import Message
from lien.client.device import Device
from lien.client.enrolment import Session
from lien.client.epochs import Change
from lien.client.errors import ServerFailure, reading_answer
from lien.client.http import Http
from lien.client.passkey import SoftwareAuthenticator
from lien.client.provider import sign_in_with_mock
from lien.client.state import decode_device, encode_device
from lien.clock import Clock, SystemClock
from lien.crypto.statement import Role
from lien.ids import (
    AccountId,
    ChannelId,
    DeviceId,
    EnvelopeId,
    PasskeyId,
    RppsNumber,
    SessionId,
    direct_channel,
    new_channel,
)
from lien.protocol.frames import Ack, Level, Typing

_UNTIL_SECONDS: Final = 10.0


class Client:
    """One device of one account. Not connected until `connect`."""

    def __init__(self, device: Device, session: Session | None) -> None:
        self.device = device
        self.session = session
        self.connection = Connection(device)

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

    # Conversations

    @property
    def account(self) -> AccountId:
        return self.device.account

    @property
    def channels(self) -> list[ChannelId]:
        """The conversations of this account."""
        return sorted(self.device.channels)

    def messages(self, channel: ChannelId) -> list[Message]:
        """Messages in the order of the log."""
        return self.device.get(channel).ordered()

    def texts(self, channel: ChannelId) -> list[str | None]:
        """What was written, in the order of the log."""
        return [message.text for message in self.messages(channel)]

    def name_of(self, channel: ChannelId) -> str:
        """The name of a group."""
        return self.device.epochs.name_of(self.device.get(channel))

    async def search(self, query: str) -> Sequence[dict[str, Any]]:
        """The first page of the directory for a query."""
        answer = await self.device.http.get("/api/directory", {"q": query})
        with reading_answer():
            return list(answer["professionals"])

    async def open_direct(self, other: AccountId) -> ChannelId:
        """Find or begin the direct conversation with someone."""
        channel = direct_channel(self.account, other)
        await self._begin(channel, {self.account: "admin", other: "admin"}, "")
        return channel

    async def create_group(self, name: str, members: Iterable[AccountId]) -> ChannelId:
        """Begin a group; this account is its admin."""
        roles: dict[AccountId, Role] = dict.fromkeys(members, "member")
        channel = new_channel()
        await self._begin(channel, {**roles, self.account: "admin"}, name)
        return channel

    async def add_members(
        self, channel: ChannelId, members: Iterable[AccountId], *, with_past: bool = False
    ) -> None:
        """Let people in, with what was said before or without."""
        roles: dict[AccountId, Role] = dict.fromkeys(members, "member")
        await self._change(channel, Change(add=roles, with_past=with_past))

    async def remove_member(self, channel: ChannelId, member: AccountId) -> None:
        """Leave someone out from now on."""
        await self._change(channel, Change(remove=frozenset({member})))

    async def rename(self, channel: ChannelId, name: str) -> None:
        """Give a group another name."""
        await self._change(channel, Change(name=name))

    async def rotate(self, channel: ChannelId) -> None:
        """Begin a new epoch with the same members."""
        await self._change(channel, Change())

    async def send_text(self, channel: ChannelId, text: str) -> EnvelopeId:
        """
        Store a text, send it, wait until the server has it for good.

        Raises: ConnectionLost: it stays in the outbox and goes out on the next connection;
        ServerFailure: it was refused.
        """
        conversation = self.device.get(channel)
        pending = await sending.prepare_text(self.device, conversation, text)
        await self.connection.deliver(conversation, pending)
        return pending.header.envelope

    async def mark_read(self, channel: ChannelId) -> None:
        """The person has seen everything there is."""
        position = self.device.get(channel).cursor
        await self.connection.ask(lambda ref: Ack(ref, channel, *position, Level.READ))

    async def typing(self, channel: ChannelId) -> None:
        """The person is writing."""
        await self.connection.ask(lambda ref: Typing(ref, channel))

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

    async def _begin(self, channel: ChannelId, roles: dict[AccountId, Role], name: str) -> None:
        conversation = self.device.get(channel)
        await self.device.update(conversation)
        if conversation.statement is None and not conversation.refused:
            await self.device.epochs.begin(conversation, Change(add=roles, name=name))
            conversation.is_gone = False
        self.device.require_sound(conversation)
        await self._after_change(channel)

    async def _change(self, channel: ChannelId, change: Change) -> None:
        conversation = self.device.get(channel)
        await self.device.update(conversation)
        self.device.require_sound(conversation)
        await self.device.epochs.begin(conversation, change)
        await self._after_change(channel)

    async def _after_change(self, channel: ChannelId) -> None:
        await self.device.save()
        self.connection.want(channel)

    def _session_id(self) -> SessionId:
        if self.session is None:
            raise ServerFailure("not_signed_in")
        return self.session.session
