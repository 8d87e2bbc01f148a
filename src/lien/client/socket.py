"""
One socket: the handshake, commands and their replies, and the pushes in their order.

Never more in flight than the server reads; see `MAX_IN_FLIGHT` in docs/protocol.md.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Origin, Subprotocol

from lien import __version__
from lien.client.errors import BadAnswer, ConnectionLost, ServerFailure
from lien.crypto.proofs import prove_hello
from lien.crypto.signing import SigningKey
from lien.errors import LienError
from lien.ids import SessionId
from lien.protocol.codec import decode_event, encode
from lien.protocol.codes import CloseCode, return_after_ms
from lien.protocol.connection import WEIGHTS
from lien.protocol.frames import (
    Accepted,
    Challenge,
    Command,
    Event,
    Failed,
    Hello,
    Ok,
    Push,
    Reply,
    Resumed,
    Welcome,
)
from lien.protocol.limits import (
    HELLO_TIMEOUT_MS,
    MAX_FRAME_BYTES,
    MAX_IN_FLIGHT,
    MAX_REF,
    SUBPROTOCOL,
)

_HANDSHAKE_SECONDS: Final = HELLO_TIMEOUT_MS / 1000
_REPLY_SECONDS: Final = 30.0
# A Resume pushes at most 4,096 frames; what comes above may be left out and is asked for again.
_MAX_PUSHES: Final = 8192


class Socket:
    """An open connection, from its Welcome on. `pushes` ends with None."""

    def __init__(self, connection: ClientConnection) -> None:
        self.pushes: asyncio.Queue[Push | None] = asyncio.Queue(_MAX_PUSHES + 1)
        self.has_left_out = False
        self.welcome: Welcome
        self._connection = connection
        self._gate = _Gate()
        self._waiting: dict[int, asyncio.Future[Reply]] = {}
        self._ref = 0
        self._reader: asyncio.Task[None]

    @classmethod
    async def open(cls, origin: str, cookie: str, session: SessionId, key: SigningKey) -> "Socket":
        """
        Connect and prove the device.

        Raises: ConnectionLost with the server's close code, OSError, TimeoutError, BadAnswer.
        """
        connection = await _connect(origin, cookie)
        socket = cls(connection)
        try:
            async with asyncio.timeout(_HANDSHAKE_SECONDS):
                challenge = await socket._receive()
                if not isinstance(challenge, Challenge):
                    raise BadAnswer("the server did not challenge")
                proof = prove_hello(key, challenge.nonce, session, origin)
                hello = Hello(socket._next_ref(), proof, f"lien-python/{__version__}")
                await connection.send(encode(hello))
                welcome = await socket._receive()
                if not isinstance(welcome, Welcome):
                    raise BadAnswer("the server did not welcome")
        except BaseException:
            await connection.close()
            raise
        socket.welcome = welcome
        socket._reader = asyncio.create_task(socket._read(), name="client-socket")
        return socket

    @property
    def close_code(self) -> int:
        """Why it is over; `GONE` when nobody said."""
        return self._connection.close_code or CloseCode.GONE

    @property
    def return_after_ms(self) -> int:
        """When the server wants this device back, 0 when it did not say."""
        return return_after_ms(self._connection.close_reason or "")

    def _lost(self) -> ConnectionLost:
        return ConnectionLost(self.close_code, self.return_after_ms)

    async def close(self) -> None:
        """End it, and what reads from it."""
        await self._connection.close()
        self._reader.cancel()
        with suppress(asyncio.CancelledError):
            await self._reader

    async def ask(self, make: Callable[[int], Command]) -> Accepted | Ok | Resumed:
        """
        Send a command with a fresh ref and wait for its reply.

        Raises: ServerFailure, ConnectionLost.
        """
        command = make(self._next_ref())
        weight = WEIGHTS.get(type(command), 0)
        async with self._gate.hold(weight):
            if self._reader.done():
                raise self._lost()
            reply: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
            self._waiting[command.ref] = reply
            try:
                await self._connection.send(encode(command))
                async with asyncio.timeout(_REPLY_SECONDS):
                    answer = await reply
            except (ConnectionClosed, TimeoutError) as error:
                # Late is lost: a reply that comes after all would free what was counted twice.
                await self._connection.close()
                raise self._lost() from error
            finally:
                del self._waiting[command.ref]
        if isinstance(answer, Failed):
            raise ServerFailure(answer.code, answer.retry_after_ms)
        if isinstance(answer, Welcome):
            raise BadAnswer("welcomed twice")
        return answer

    def wake(self) -> None:
        """Let the reader of `pushes` look around; None is no push."""
        with suppress(asyncio.QueueFull):
            self.pushes.put_nowait(None)

    @property
    def is_over(self) -> bool:
        """Nothing more will come."""
        return self._reader.done()

    async def _receive(self) -> Event:
        try:
            data = await self._connection.recv(decode=False)
        except ConnectionClosed as error:
            raise self._lost() from error
        return decode_event(data)

    async def _read(self) -> None:
        try:
            while True:
                self._dispatch(await self._receive())
        except LienError:
            # Lost, or a frame that is none: nothing behind it can be trusted.
            await self._connection.close(CloseCode.PROTOCOL_ERROR)
        finally:
            for reply in self._waiting.values():
                if not reply.done():
                    reply.set_exception(self._lost())
                    reply.exception()  # whoever asked may have been cancelled meanwhile
            self.wake()

    def _dispatch(self, event: Event) -> None:
        if isinstance(event, Ok | Welcome | Accepted | Resumed | Failed):
            reply = self._waiting.get(event.ref)
            if reply is not None and not reply.done():
                reply.set_result(event)
        elif self.pushes.qsize() < _MAX_PUSHES:
            self.pushes.put_nowait(event)
        else:
            self.has_left_out = True

    def _next_ref(self) -> int:
        self._ref = self._ref % MAX_REF + 1
        return self._ref


async def _connect(origin: str, cookie: str) -> ClientConnection:
    parts = urlsplit(origin)
    scheme = "wss" if parts.scheme == "https" else "ws"
    try:
        return await connect(
            f"{scheme}://{parts.netloc}/socket",
            origin=Origin(origin),
            subprotocols=[Subprotocol(SUBPROTOCOL)],
            additional_headers={"Cookie": cookie},
            compression=None,
            max_size=MAX_FRAME_BYTES,
            ping_interval=None,  # the server asks
            open_timeout=_HANDSHAKE_SECONDS,
            proxy=None,
        )
    except InvalidHandshake as error:
        # A proxy without its server, a server on its way down: nobody said what to do.
        raise ConnectionLost(CloseCode.TRY_LATER) from error


class _Gate:
    """A weight that must not be exceeded; first come, first served."""

    def __init__(self) -> None:
        self._free = MAX_IN_FLIGHT
        self._turn = asyncio.Lock()
        self._freed = asyncio.Condition()

    def hold(self, weight: int) -> "_Held":
        return _Held(self, weight)

    async def take(self, weight: int) -> None:
        async with self._turn, self._freed:
            await self._freed.wait_for(lambda: self._free >= weight)
            self._free -= weight

    async def give(self, weight: int) -> None:
        async with self._freed:
            self._free += weight
            self._freed.notify_all()


class _Held:
    """A part of the gate, for the length of a block."""

    def __init__(self, gate: _Gate, weight: int) -> None:
        self._gate = gate
        self._weight = weight

    async def __aenter__(self) -> None:
        await self._gate.take(self._weight)

    async def __aexit__(self, *_: object) -> None:
        await self._gate.give(self._weight)
