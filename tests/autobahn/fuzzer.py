"""
The client that drives one case: sends what the case says, also what is wrong, and notes the rest.

Its methods have the names that the cases call. It shares no code with what it tests.
"""

import asyncio
import os
from collections.abc import Callable, Coroutine
from types import SimpleNamespace
from typing import Any, Final

from tests.autobahn.cases import States

TEXT: Final = 1
BINARY: Final = 2
CLOSE: Final = 8
_KNOWN: Final = (0, 1, 2, 8, 9, 10)
# The suite waits a second before it gives up on an answer; a busy machine needs more. Nothing waits
# that long where all is well.
_PATIENCE: Final = 60
# A server drops the connection at once when both have closed.
_DROP_SECONDS: Final = 60.0
_REQUEST: Final = (
    "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


class Fuzzer:
    """
    One connection, for one case.

    `speaks_binary`: text leaves as binary, and what answers it counts as text, for a server that
    refuses text.
    """

    CLOSE_STATUS_CODE_NORMAL = 1000
    CLOSE_STATUS_CODE_GOING_AWAY = 1001
    CLOSE_STATUS_CODE_PROTOCOL_ERROR = 1002
    CLOSE_STATUS_CODE_INVALID_PAYLOAD = 1007

    def __init__(self, case: type[Any], *, speaks_binary: bool = False) -> None:
        self.factory = SimpleNamespace(isServer=False)
        self.state = States.STATE_CONNECTING
        self.connectionWasOpen = False
        self.closedByMe = self.failedByMe = self.droppedByMe = self.wasClean = False
        self.localCloseReason: str | None = None
        self.remoteCloseCode: int | None = None
        self.autoFragmentSize = 0
        self.createWirelog = False
        self.trafficStats = None
        self.txFrameStats: dict[int, int] = {}
        self._out: asyncio.Queue[tuple[bytes, int]] = asyncio.Queue()
        self._streaming: tuple[bytes, int] = (b"", 0)
        self._pieces: list[bytes] = []
        self._is_binary = False
        self._speaks_binary = speaks_binary
        self._has_sent_text = False
        self._timers: list[asyncio.TimerHandle] = []
        self._reader: asyncio.StreamReader
        self._writer: asyncio.StreamWriter
        self.case = case(self)

    async def run(self, port: int, path: str) -> None:
        """From the handshake until the connection is over."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", port, limit=2**25)
        self._writer.write(_REQUEST.format(path=path).encode())
        head = await self._reader.readuntil(b"\r\n\r\n")
        writing = asyncio.create_task(self._write(), name="fuzzer")
        try:
            if head.startswith(b"HTTP/1.1 101 "):
                self.state = States.STATE_OPEN
                self.connectionWasOpen = True
                self.case.onOpen()
                await self._read()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # dropped, by whichever side
        finally:
            self.state = States.STATE_CLOSED
            for timer in self._timers:
                timer.cancel()
            writing.cancel()
            self._writer.transport.abort()
            await asyncio.gather(writing, self._writer.wait_closed(), return_exceptions=True)
        self.case.onConnectionLost(self.failedByMe)

    # What the cases call

    def enableWirelog(self, enable: bool) -> None: ...

    def sendFrame(
        self,
        opcode: int,
        payload: str = "",
        fin: bool = True,
        rsv: int = 0,
        payload_len: int | None = None,
        chopsize: int | None = None,
        sync: bool = False,
    ) -> None:
        if payload_len is not None:
            payload = (payload * (payload_len // len(payload) + 1))[:payload_len]
        data = payload.encode("latin-1")
        key = os.urandom(4)
        self._frame_sent(opcode)
        if opcode == TEXT and self._speaks_binary:
            self._has_sent_text = True
            opcode = BINARY
        head = _head(opcode, len(data), fin, rsv) + key
        self._out.put_nowait((head + _mask(data, key, 0), chopsize or 0))

    def sendMessage(self, payload: str, isBinary: bool = False, fragmentSize: int = 0) -> None:
        if self.state != States.STATE_OPEN:
            return
        size = fragmentSize or self.autoFragmentSize or len(payload) or 1
        for start in range(0, len(payload) or 1, size):
            opcode = 0 if start else 1 + isBinary
            self.sendFrame(opcode, payload[start : start + size], start + size >= len(payload))

    def beginMessage(self) -> None: ...

    def beginMessageFrame(self, length: int) -> None:
        key = os.urandom(4)
        self._streaming = key, 0
        self._out.put_nowait((_head(TEXT, length, False, 0) + key, 0))

    def sendMessageFrameData(self, payload: str) -> None:
        key, place = self._streaming
        self._streaming = key, place + len(payload)
        self._out.put_nowait((_mask(payload.encode("latin-1"), key, place), 0))

    def endMessage(self) -> None:
        self.sendFrame(0)

    def sendClose(self, code: int | None = None, reason: str | None = None) -> None:
        if self.state == States.STATE_OPEN:
            self.sendCloseFrame(code, reason)

    def sendCloseFrame(
        self, code: int | None = None, reasonUtf8: str | None = None, *, is_reply: bool = False
    ) -> None:
        if self.state != States.STATE_OPEN:
            return
        number = b"" if code is None else code.to_bytes(2, "big")
        self.sendFrame(CLOSE, number.decode("latin-1") + (reasonUtf8 or ""))
        self.state = States.STATE_CLOSING
        self.closedByMe = not is_reply
        self.localCloseReason = reasonUtf8
        if not is_reply:
            self._later(_PATIENCE, self._drop)

    def closeAfter(self, delay: float) -> None:
        # What must not come is waited for as long as the case says; what must come, until it does.
        is_limit = all(self.case.expected.values())
        self._later(delay * _PATIENCE if is_limit else delay, self.sendClose)

    def killAfter(self, delay: float) -> None:
        self._later(delay * _PATIENCE, self._fail)

    def continueLater(self, delay: float, what: Callable[[], None], tag: str | None = None) -> None:
        self._later(delay, what)

    # The connection

    def _frame_sent(self, opcode: int) -> None:
        self.txFrameStats[opcode] = self.txFrameStats.get(opcode, 0) + 1

    def _later(self, delay: float, what: Callable[[], None]) -> None:
        self._timers.append(asyncio.get_running_loop().call_later(delay, what))

    def _fail(self, code: int = CLOSE_STATUS_CODE_GOING_AWAY) -> None:
        self.failedByMe = True
        if self.state == States.STATE_OPEN:
            self.sendCloseFrame(code)
        else:
            self._drop()

    def _drop(self) -> None:
        self.droppedByMe = True
        self._writer.transport.abort()

    async def _write(self) -> None:
        while True:
            data, size = await self._out.get()
            for start in range(0, len(data), size or len(data)):
                self._writer.write(data[start : start + (size or len(data))])
                # What was chopped leaves in pieces, and nothing comes between them.
                await (asyncio.sleep(0) if size else self._drain())

    def _drain(self) -> Coroutine[Any, Any, None]:
        return self._writer.drain()

    async def _read(self) -> None:
        while True:
            first, second = await self._reader.readexactly(2)
            size = second & 0x7F
            if size > 125:
                size = int.from_bytes(
                    await self._reader.readexactly(2 if size == 126 else 8), "big"
                )
            data = await self._reader.readexactly(size)
            opcode = first & 0x0F
            if first & 0x70 or second & 0x80 or opcode not in _KNOWN:
                self._fail(self.CLOSE_STATUS_CODE_PROTOCOL_ERROR)
            else:
                self._take(opcode, bool(first & 0x80), data)

    def _take(self, opcode: int, fin: bool, data: bytes) -> None:
        if opcode == CLOSE:
            self._take_close(data)
        elif opcode == 9:
            self.sendFrame(10, data.decode("latin-1"))
            self.case.onPing(data.decode("latin-1"))
        elif opcode == 10:
            self.case.onPong(data.decode("latin-1"))
        else:
            if opcode:
                self._is_binary = opcode == BINARY and not self._has_sent_text
            self._pieces.append(data)
            if fin:
                message, self._pieces = b"".join(self._pieces), []
                self.case.onMessage(message.decode("latin-1"), self._is_binary)

    def _take_close(self, data: bytes) -> None:
        self.remoteCloseCode = int.from_bytes(data[:2], "big") if data else None
        self.wasClean = True
        self.sendCloseFrame(self.remoteCloseCode, is_reply=True)
        self.state = States.STATE_CLOSING
        for timer in self._timers:
            timer.cancel()
        self._later(_DROP_SECONDS, self._drop)


def _head(opcode: int, size: int, fin: bool, rsv: int) -> bytes:
    first = fin << 7 | rsv << 4 | opcode
    if size < 126:
        return bytes((first, 0x80 | size))
    if size < 65_536:
        return bytes((first, 0xFE)) + size.to_bytes(2, "big")
    return bytes((first, 0xFF)) + size.to_bytes(8, "big")


def _mask(data: bytes, key: bytes, place: int) -> bytes:
    pad = key[place % 4 :] + key * (len(data) // 4 + 1)
    number = int.from_bytes(data, "big") ^ int.from_bytes(pad[: len(data)], "big")
    return number.to_bytes(len(data), "big")
