"""
Devices without a phone: sockets that say what a device says and count what comes back.

Written for little CPU, since the load shares the machine with what is measured: frames are told
apart by their type byte and not decoded. Client frames are masked with the key 0 (legal; servers
unmask all the same).
"""

import asyncio
import base64
import os
from collections.abc import Callable, Sequence
from typing import Final, cast
from urllib.parse import urlsplit

from benchmarks.people import Person
from lien.crypto.proofs import prove_hello
from lien.protocol.codec import decode_event, encode
from lien.protocol.frames import Challenge, Command, Hello

ENTRY: Final = 97
ACCEPTED: Final = 66
FAILED: Final = 68
RESUMED: Final = 67
WELCOME: Final = 65
_CHALLENGE: Final = 96
_CONNECT_TOGETHER: Final = 256
_PONG: Final = b"\x8a\x80\0\0\0\0"


def masked_frame(payload: bytes) -> bytes:
    """A whole binary frame as a client writes it."""
    size = len(payload)
    head = bytes((0x82, 0x80 | size)) if size < 126 else b"\x82\xfe" + size.to_bytes(2, "big")
    return head + b"\0\0\0\0" + payload


class Device(asyncio.Protocol):
    """One connection. `hear` is called with the type and the bytes of every frame."""

    __slots__ = (
        "_buffer", "_cookie", "_origin", "_person", "_transport", "hear", "is_over",
        "is_upgraded", "welcomed",
    )  # fmt: skip

    def __init__(self, person: Person, origin: str, cookie: str) -> None:
        self._person = person
        self._origin = origin
        self._cookie = cookie
        self._buffer = b""
        self._transport: asyncio.Transport
        self.is_upgraded = False
        self.is_over = False
        self.welcomed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.hear: Callable[[int, bytes], None] | None = None

    async def connect(self) -> None:
        """Until welcomed."""
        port = urlsplit(self._origin).port or 80
        await asyncio.get_running_loop().create_connection(lambda: self, "127.0.0.1", port)
        async with asyncio.timeout(60):
            await self.welcomed

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        key = base64.b64encode(os.urandom(16)).decode()
        self._transport.write(
            f"GET /socket HTTP/1.1\r\nHost: {urlsplit(self._origin).netloc}\r\n"
            f"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Protocol: lien.v1\r\n"
            f"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
            f"Origin: {self._origin}\r\nCookie: {self._cookie}\r\n\r\n".encode()
        )

    def connection_lost(self, error: Exception | None) -> None:
        self.is_over = True
        if not self.welcomed.done():
            self.welcomed.set_exception(ConnectionError("the server closed before its welcome"))

    def data_received(self, data: bytes) -> None:
        if self._buffer:
            data = self._buffer + data
        start = 0
        if not self.is_upgraded:
            end = data.find(b"\r\n\r\n")
            if end < 0:
                self._buffer = data
                return
            if not data.startswith(b"HTTP/1.1 101"):
                self._transport.abort()
                return
            self.is_upgraded = True
            start = end + 4
        self._buffer = data[self._read(data, start) :]

    def ask(self, command: Command) -> None:
        """Send a command; its reply comes to `hear`."""
        self._transport.write(masked_frame(encode(command)))

    def write(self, frames: bytes) -> None:
        """Send frames that were made before."""
        self._transport.write(frames)

    def abort(self) -> None:
        """Gone, as a phone out of reach."""
        self._transport.abort()

    def _read(self, data: bytes, start: int) -> int:
        length = len(data)
        while length - start >= 2:
            size = data[start + 1]
            body = start + 2
            if size == 126:
                if length - start < 4:
                    break
                size = data[start + 2] << 8 | data[start + 3]
                body = start + 4
            end = body + size
            if end > length:
                break
            self._take(data[start], data[body:end])
            start = end
        return start

    def _take(self, first: int, payload: bytes) -> None:
        if first == 0x89:
            self._transport.write(_PONG)
        elif first == 0x82:
            kind = payload[1]  # [type, ref, …]: one byte for the array, then the type in one byte
            if self.hear is not None:
                self.hear(kind, payload)
            elif kind == _CHALLENGE:
                self._greet(payload)
            elif kind == WELCOME:
                self.welcomed.set_result(None)

    def _greet(self, data: bytes) -> None:
        challenge = decode_event(data)
        assert isinstance(challenge, Challenge)
        person = self._person
        proof = prove_hello(person.key, challenge.nonce, person.session, self._origin)
        self.ask(Hello(1, proof, "lien-benchmark"))


async def connect_all(devices: Sequence[Device]) -> None:
    """Connect, at most 256 handshakes under way."""
    places = asyncio.Semaphore(_CONNECT_TOGETHER)

    async def connect(device: Device) -> None:
        async with places:
            await device.connect()

    await asyncio.gather(*map(connect, devices))
