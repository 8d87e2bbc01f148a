"""
The WebSocket: all the waiting and the deadlines that `protocol.connection` leaves out.

Law 1: the cookie alone opens nothing. The device signs the challenge with the key that its
session was made for, within ten seconds, or it is let go.
Law 2: an open connection ends when its session does, its device is revoked or the worker stops,
with the code that says what to do next.
Law 3: no task, queue or timer per connection: the wheel visits, the feed closes.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket as Handshake

from lien.accounts import DeviceRevoked, NotSignedIn
from lien.clock import Clock
from lien.conversations import Accepted
from lien.crypto.proofs import verify_hello
from lien.crypto.signing import BadSignature
from lien.errors import LienError, Malformed
from lien.fanout.frames import prepare_frame
from lien.fanout.hub import Hub
from lien.fanout.outbox import Outbox
from lien.fanout.turn import Turn
from lien.fanout.websocket import WebSocket
from lien.fanout.wheel import Wheel
from lien.ids import AccountId, DeviceId, SessionId
from lien.protocol.codec import encode
from lien.protocol.codes import MAX_RETURN_MS, CloseCode
from lien.protocol.connection import Connection
from lien.protocol.frames import Command, Drain, Hello, Ok, Reply, Send, Typing, Welcome
from lien.protocol.limits import (
    DRAIN_TIMEOUT_MS,
    HELLO_TIMEOUT_MS,
    NONCE_BYTES,
    PING_INTERVAL_MS,
    SUBPROTOCOL,
)
from lien.telemetry import Metric, Telemetry
from lien.web.allowance import Allowance, TooManyCommands
from lien.web.arrivals import Arrivals
from lien.web.authentication import SESSION_COOKIE, Authentication, BadOrigin, cookie_in, cookie_of
from lien.web.caller import Caller
from lien.web.dispatch import Dispatcher
from lien.web.errors import answer_for

# What is under way when the worker stops has this long to be answered.
_SHUT_DOWN_MS: Final = 5_000


@dataclass(frozen=True, slots=True)
class Services:
    """What every connection of a worker shares."""

    authentication: Authentication
    dispatcher: Dispatcher
    hub: Hub
    wheel: Wheel
    clock: Clock
    telemetry: Telemetry
    origin: str
    turn: Turn = field(default_factory=Turn)
    arrivals: Arrivals = field(default_factory=Arrivals)


def routes(services: Services) -> list[BaseRoute]:
    """The one socket route."""
    return [WebSocketRoute("/socket", Door(services))]


class Door:
    """From a handshake to a connection; an ASGI application."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def admit(self, fields: Mapping[str, str]) -> "DeviceConnection | None":
        """
        The connection for a handshake with these header fields; None for one to be refused, or
        to be looked at more closely (`__call__` says what is wrong with it).
        """
        authentication = self._services.authentication
        try:
            authentication.check_origin(fields)
            token = cookie_in((fields.get("cookie", ""),), SESSION_COOKIE)
            caller = authentication.socket_caller({SESSION_COOKIE: token})
        except LienError:
            return None
        return DeviceConnection(self._services, caller)

    async def __call__(self, scope: object, receive: object, send: object) -> None:
        """Starlette calls an object (not a function) as an ASGI application."""
        handshake = Handshake(scope, receive, send)  # type: ignore[arg-type]
        try:
            self._services.authentication.check_origin(handshake.headers)
            if SUBPROTOCOL not in handshake.scope["subprotocols"]:
                raise Malformed("the subprotocol is missing")
        except (BadOrigin, Malformed) as error:
            await handshake.send_denial_response(answer_for(error))
            return
        try:
            token = cookie_of(handshake, SESSION_COOKIE)
            caller = self._services.authentication.socket_caller({SESSION_COOKIE: token})
        except (NotSignedIn, DeviceRevoked) as error:
            # A page is not shown the status of a refused handshake: only a close code tells it
            # what to do.
            await handshake.accept(SUBPROTOCOL)
            is_revoked = isinstance(error, DeviceRevoked)
            await handshake.close(CloseCode.REVOKED if is_revoked else CloseCode.SESSION_ENDED)
            return
        await handshake.accept(SUBPROTOCOL)
        DeviceConnection(self._services, caller).begin(handshake.scope["extensions"]["lien.detach"])


class DeviceConnection:
    """One device's connection, from its challenge to its end."""

    __slots__ = (
        "_allowance",
        "_caller",
        "_connection",
        "_is_shutting_down",
        "_services",
        "_socket",
        "outbox",
    )

    def __init__(self, services: Services, caller: Caller) -> None:
        self._services = services
        self._caller = caller
        self._connection = Connection(secrets.token_bytes(NONCE_BYTES))
        self._is_shutting_down = False
        self._allowance = Allowance()
        self._socket: WebSocket
        self.outbox: Outbox

    def begin(self, detach: Callable[["DeviceConnection"], WebSocket]) -> None:
        """Take the socket and challenge the device."""
        self._socket = detach(self)
        self.outbox = self._socket.outbox
        services = self._services
        services.telemetry.count(Metric.CONNECTIONS_OPENED)
        wait_ms = services.arrivals.admit(services.clock.monotonic_ms())
        if wait_ms:
            services.telemetry.count(Metric.CONNECTIONS_DEFERRED)
            self._socket.close(self._connection.close(CloseCode.TRY_LATER), wait_ms)
            return
        self._set_deadline(CloseCode.HELLO_TIMEOUT, HELLO_TIMEOUT_MS)
        self.push(prepare_frame(self._connection.challenge(services.clock.now_ms())))

    @property
    def account(self) -> AccountId:
        return self._caller.account

    @property
    def device(self) -> DeviceId:
        return self._caller.device

    @property
    def session(self) -> SessionId:
        return self._caller.session

    # What the socket calls

    def receive(self, data: bytes) -> None:
        command = self._connection.receive(data)
        if command is None:
            self._services.telemetry.count(Metric.FRAMES_REFUSED)
            self.close(self._connection.close_code or CloseCode.BAD_FRAME)
        elif isinstance(command, Hello):
            self._greet(command)
        elif isinstance(command, Send) or self._may_ask(command):
            self._services.dispatcher.dispatch(self, command)
            if self._connection.is_full:
                self._socket.pause()

    def stall(self) -> None:
        self._set_deadline(CloseCode.SLOW_READER, DRAIN_TIMEOUT_MS)

    def flow(self) -> None:
        self._lift_deadline(CloseCode.SLOW_READER)

    def shut_down(self) -> None:
        """Say so, read nothing more, answer what is under way, close."""
        self.push(prepare_frame(encode(Drain(_SHUT_DOWN_MS))))
        self._is_shutting_down = True
        if self._connection.in_flight == 0:
            self.close(CloseCode.RESTART)
        else:
            self._socket.pause()
            self._set_deadline(CloseCode.RESTART, _SHUT_DOWN_MS)

    def lost(self) -> None:
        services = self._services
        services.telemetry.count(Metric.CONNECTIONS_CLOSED)
        services.hub.unregister(self)
        services.wheel.discard(self)
        self._connection.close(CloseCode.GONE)

    # What the wheel, the hub and the dispatcher call

    def visit(self) -> None:
        """Once a ping interval."""
        if not self._socket.ping():
            self.close(CloseCode.GONE)
            return
        left_ms = self._caller.token.ends_at_ms - self._services.clock.now_ms()
        if left_ms <= PING_INTERVAL_MS:
            self._set_deadline(CloseCode.SESSION_ENDED, max(left_ms, 0))

    def close(self, code: CloseCode) -> None:
        self._services.hub.unregister(self)
        after_ms = 0
        if code is CloseCode.RESTART:
            # All of this worker's devices come back to the others, or to the next one.
            after_ms = 1 + secrets.randbelow(min(self._services.hub.count, MAX_RETURN_MS) + 1)
        self._socket.close(self._connection.close(code), after_ms)

    def push(self, data: bytes) -> None:
        self._socket.write(data)

    def accept(self, ref: int, accepted: Accepted) -> None:
        self._write_reply(self._connection.accept(ref, *accepted[:3]))

    def answer(self, command: Command, reply: Reply) -> None:
        self._write_reply(self._connection.answer(command, reply))

    def refuse(self, command: Command, error: LienError) -> None:
        self._write_reply(self._connection.refuse(command, error))

    def _write_reply(self, data: bytes) -> None:
        self._services.turn.hold(self.outbox, prepare_frame(data))
        if self._is_shutting_down:
            if self._connection.in_flight == 0:
                self.close(CloseCode.RESTART)
        elif not self._connection.is_full:
            self._socket.resume()

    def _may_ask(self, command: Command) -> bool:
        """False for what is answered already, because it is too much."""
        now_ms = self._services.clock.monotonic_ms()
        try:
            self._allowance.take(now_ms)
        except TooManyCommands as error:
            self.refuse(command, error)
            return False
        if isinstance(command, Typing) and not self._allowance.may_type(now_ms):
            self.answer(command, Ok(command.ref))
            return False
        return True

    def _greet(self, hello: Hello) -> None:
        services, caller = self._services, self._caller
        self._lift_deadline(CloseCode.HELLO_TIMEOUT)
        try:
            verify_hello(
                caller.device_public,
                self._connection.nonce,
                caller.session,
                services.origin,
                hello.proof,
            )
        except BadSignature:
            self.close(CloseCode.BAD_PROOF)
            return
        if services.authentication.is_ended(caller):
            # Ended after the handshake, when the hub did not know this connection yet.
            self.close(CloseCode.SESSION_ENDED)
            return
        if not services.hub.register(self):
            self.close(CloseCode.TRY_LATER)
            return
        services.wheel.add(self)
        welcome = Welcome(
            hello.ref,
            caller.account,
            caller.device,
            services.clock.now_ms(),
            caller.token.ends_at_ms,
        )
        self.push(prepare_frame(self._connection.welcome(welcome)))

    def _set_deadline(self, code: CloseCode, after_ms: int) -> None:
        self._services.wheel.set_deadline(self, code.name, after_ms, lambda: self.close(code))

    def _lift_deadline(self, code: CloseCode) -> None:
        self._services.wheel.lift_deadline(self, code.name)
