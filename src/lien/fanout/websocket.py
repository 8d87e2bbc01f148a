"""
The life of one WebSocket under uvicorn: its `ws` protocol class.

An ASGI server keeps a task, a queue and a parser per socket: about 25 KiB and 50 µs a message.
Here Starlette still routes, authenticates and accepts (`lien.fanout.exchange`); then the endpoint
calls `scope["extensions"]["lien.detach"](receiver)` and returns, and what is left is this object:
frames are read in `data_received` and handed over by a plain call, and the same prepared bytes
are written to every receiver. Measured: 1.2 KiB and 4 µs a delivery, nearly all of it the kernel's.

Law 1: bytes reach the receiver in order, once, as complete binary messages, or the socket closes.
Law 2: what the lean path does not know goes to `Fallback`, at a frame's first byte, for good.
Law 3: nothing grows: reading stops while the receiver is paused or the peer does not read.
"""

import asyncio
import contextlib
import socket
from collections import deque
from typing import Any, ClassVar, Final, Protocol, cast

from lien.fanout.exchange import Exchange
from lien.fanout.fallback import Bounds, Fallback
from lien.fanout.frames import (
    BINARY,
    PING,
    PONG,
    UNUSUAL,
    prepare_close,
    prepare_pong,
    read_message,
)
from lien.fanout.outbox import HIGH_WATER_BYTES, LOW_WATER_BYTES, Outbox
from lien.protocol.codes import CloseCode
from lien.protocol.limits import MAX_MISSED_PINGS

# A peer that does not finish the closing handshake is cut off.
CLOSE_TIMEOUT_SECONDS: Final = 5.0

# Without these the kernel holds about 4 MiB for a reader that never reads.
_SOCKET_OPTIONS: Final = tuple(
    (level, getattr(socket, name), value)
    for level, name, value in (
        (socket.SOL_SOCKET, "SO_SNDBUF", 128 * 1024),
        (socket.IPPROTO_TCP, "TCP_NOTSENT_LOWAT", 16 * 1024),
        (socket.IPPROTO_TCP, "TCP_USER_TIMEOUT", 30_000),
    )
    if hasattr(socket, name)  # not every system has every option
)


class Receiver(Protocol):
    """Who owns a detached socket. Every call is plain: none may wait."""

    def receive(self, data: bytes) -> None:
        """One binary message."""

    def stall(self) -> None:
        """The peer does not read: what was written waits."""

    def flow(self) -> None:
        """The peer has read on."""

    def shut_down(self) -> None:
        """The worker stops: finish, then close."""

    def lost(self) -> None:
        """The connection is over; nothing follows."""


class _Nobody:
    """The receiver before a detach and after the end."""

    __slots__ = ()

    def receive(self, data: bytes) -> None: ...
    def stall(self) -> None: ...
    def flow(self) -> None: ...
    def shut_down(self) -> None: ...
    def lost(self) -> None: ...


_NOBODY: Final = _Nobody()


class WebSocket(asyncio.Protocol):
    """Constructed by uvicorn on an upgrade, like its own classes."""

    __slots__ = (
        "_buffer",
        "_connections",
        "_exchange",
        "_fallback",
        "_is_closing",
        "_is_paused",
        "_is_reading",
        "_is_stalled",
        "_missed_pings",
        "_ready",
        "_receiver",
        "_transport",
        "outbox",
    )

    bounds: ClassVar[Bounds] = Bounds()

    _exchange: Exchange | None  # until the detach

    def __init__(
        self,
        config: Any,
        server_state: Any,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self._set_up(server_state.connections)
        self._exchange = Exchange(config, server_state, app_state, self.detach, self.bounds)

    def _set_up(self, connections: set[Any]) -> None:
        self._connections = connections
        self._exchange = None
        self._receiver: Receiver = _NOBODY
        self._fallback: Fallback | None = None
        self._buffer = b""  # the beginning of a frame, or what came while paused
        self._ready: deque[bytes] | None = None  # messages the fallback has read meanwhile
        self.outbox: Outbox  # from the detach on
        self._is_paused = False
        self._is_stalled = False
        self._is_reading = False
        self._is_closing = False
        self._missed_pings = 0

    @classmethod
    def adopt(
        cls, transport: asyncio.Transport, connections: set[Any], receiver: Receiver, answer: bytes
    ) -> "WebSocket":
        """
        A socket whose handshake was read elsewhere, as after `detach`.

        `answer`, which ends the handshake, leaves with the first frame that is written.
        """
        self = cls.__new__(cls)
        self._set_up(connections)
        self.connection_made(transport)
        transport.set_protocol(self)
        self._receiver = receiver
        self.outbox = Outbox(transport.write)
        self.outbox.hold(answer)
        self._is_reading = True
        return self

    # What uvicorn and the event loop call.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(HIGH_WATER_BYTES, LOW_WATER_BYTES)
        _bound_kernel_buffers(self._transport)
        self._connections.add(self)
        if self._exchange is not None:
            self._exchange.connection_made(self._transport)

    def data_received(self, data: bytes) -> None:
        if self._exchange is not None:
            self._exchange.data_received(data)
        elif not self._is_closing:
            self._missed_pings = 0
            self._buffer = self._buffer + data if self._buffer else data
            self._read()

    def eof_received(self) -> None:
        """The peer is gone: returning None closes the transport."""

    def pause_writing(self) -> None:
        self._is_stalled = True
        self._keep_reading_or_not()
        if self._exchange is not None:
            self._exchange.pause_writing()
        else:
            self.outbox.stall()
            self._receiver.stall()

    def resume_writing(self) -> None:
        self._is_stalled = False
        if self._exchange is not None:
            self._exchange.resume_writing()
        else:
            self.outbox.flow()
            self._receiver.flow()
            self._read_on()

    def connection_lost(self, error: Exception | None) -> None:
        self._connections.discard(self)
        receiver, self._receiver = self._receiver, _NOBODY
        if self._exchange is not None:
            self._exchange.connection_lost()
        else:
            self._stop()
            receiver.lost()

    def shutdown(self) -> None:
        """Called by uvicorn when the worker stops."""
        if self._exchange is not None:
            self._exchange.shutdown()
        else:
            self._receiver.shut_down()

    # What the receiver calls.

    def detach(self, receiver: Receiver) -> "WebSocket":
        """
        From now on this object owns the socket; the ASGI side ends when its callable returns.

        What was already read is kept: bytes that came before go on being read where they were.
        """
        if self._exchange is None:
            raise RuntimeError("a socket is detached once")
        self._fallback, messages = self._exchange.release()
        self._exchange = None
        self._receiver = receiver
        self.outbox = Outbox(self._transport.write)
        self._is_reading = True
        if self._fallback is not None:
            self._ready = deque(messages)
            asyncio.get_running_loop().call_soon(self._read_on)
        return self

    @property
    def is_open(self) -> bool:
        """False once closing has begun: nothing written now would be read."""
        return not self._is_closing

    def write(self, frame: bytes) -> None:
        """Write a prepared frame."""
        self.outbox.write(frame)

    def pause(self) -> None:
        """Hand over nothing more until `resume`."""
        self._is_paused = True
        self._keep_reading_or_not()

    def resume(self) -> None:
        """Go on where `pause` left off; what came meanwhile is handed over soon."""
        if self._is_paused:
            self._is_paused = False
            # Not from here: the caller may be in the middle of handling a message.
            asyncio.get_running_loop().call_soon(self._read_on)

    def ping(self) -> bool:
        """Write a ping; False when the peer has let too many pass."""
        if not self._is_reading or self._is_closing:
            return True  # an answer could not be seen
        if self._missed_pings >= MAX_MISSED_PINGS:
            return False
        self._missed_pings += 1
        self._transport.write(PING)
        return True

    def close(self, code: CloseCode, return_after_ms: int = 0) -> None:
        """
        Say why, and end.

        The peer reads the code even when it was writing: our side is shut first, and what still
        comes is thrown away until it closes its own.
        """
        if not self._is_closing:
            self._finish(prepare_close(code, return_after_ms))

    # Reading

    def _read(self) -> None:
        """Hand over what is complete; keep the beginning of what is not."""
        if self._fallback is not None:
            data, self._buffer = self._buffer, b""
            self._read_fallback(self._fallback, data)
            return
        data, start = self._buffer, 0
        while not (self._is_paused or self._is_closing):
            message = read_message(data, start)
            if message is None:
                break
            if message is UNUSUAL:
                self._buffer = b""
                self._fallback, self._ready = Fallback(self.bounds), deque()
                self._read_fallback(self._fallback, data[start:])
                return
            start = message.end
            if message.opcode == BINARY:
                self._receiver.receive(message.payload)
            elif message.opcode != PONG and not self._is_stalled:
                # A peer that does not read needs no further pong (RFC 6455, 5.5.3).
                self._transport.write(prepare_pong(message.payload))
        if not self._is_closing:
            self._buffer = data[start:]

    def _read_fallback(self, fallback: Fallback, data: bytes) -> None:
        if data and self._ready is not None:
            # Text was refused by the fallback, so all of them are bytes.
            self._ready.extend(cast(list[bytes], fallback.feed(data)))
        output = fallback.output()
        if output and not (fallback.is_over or self._is_stalled):
            # A pong does not wait for the message it was asked in the middle of.
            self._transport.write(output)
        while self._ready and not (self._is_paused or self._is_closing):
            self._receiver.receive(self._ready.popleft())
        if fallback.is_over and not self._is_closing:
            self._finish(output)

    def _read_on(self) -> None:
        if not (self._is_closing or self._is_paused) and (self._buffer or self._fallback):
            self._read()
        self._keep_reading_or_not()

    def _keep_reading_or_not(self) -> None:
        if self._exchange is not None or self._is_closing:
            return
        wanted = not (self._is_paused or self._is_stalled)
        if wanted != self._is_reading:
            self._is_reading = wanted
            (self._transport.resume_reading if wanted else self._transport.pause_reading)()

    def _finish(self, last: bytes) -> None:
        held = self._stop()
        if self._transport.is_closing():
            return
        self._transport.write(held + last)
        if self._transport.can_write_eof():
            self._transport.write_eof()
        if not self._is_reading:
            self._is_reading = True
            self._transport.resume_reading()
        asyncio.get_running_loop().call_later(CLOSE_TIMEOUT_SECONDS, self._transport.abort)

    def _stop(self) -> bytes:
        """What was held and is to be written yet."""
        self._is_closing = True
        self._buffer, self._ready = b"", None
        return self.outbox.end()


def _bound_kernel_buffers(transport: asyncio.Transport) -> None:
    sock = transport.get_extra_info("socket")
    if sock is None or sock.family not in (socket.AF_INET, socket.AF_INET6):
        return
    # The loop's own opens a socket for each option.
    opened = socket.socket(sock.family, sock.type, sock.proto, sock.fileno())
    for level, option, value in _SOCKET_OPTIONS:
        with contextlib.suppress(OSError):
            opened.setsockopt(level, option, value)
    opened.detach()
