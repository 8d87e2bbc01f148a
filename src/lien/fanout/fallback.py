"""
RFC 6455 in full, for a connection that left the lean path.

The lean path hands over at a frame's first byte and never takes back, so that no byte is read
twice or lost. The reading itself is the sans-I/O parser of `websockets`; added here are the
bounds on messages in many fragments and the refusal of text.
"""

import logging
from typing import Final

from websockets.exceptions import InvalidState
from websockets.frames import Frame, Opcode
from websockets.protocol import OPEN, Protocol, Side

from lien.protocol.codes import CloseCode
from lien.protocol.limits import MAX_FRAGMENTS, MAX_FRAME_BYTES

# Its own log lines would show addresses and content.
SILENT: Final = logging.Logger("lien.fanout", level=logging.CRITICAL + 1)


class Fallback:
    """Bytes in; messages out, and bytes to write. `is_over` when nothing more will be read."""

    __slots__ = ("_is_text", "_pieces", "_protocol", "_takes_text", "is_over")

    def __init__(self, protocol: Protocol | None = None, *, takes_text: bool = False) -> None:
        self._protocol = protocol or Protocol(
            Side.SERVER, state=OPEN, max_size=MAX_FRAME_BYTES, logger=SILENT
        )
        self._pieces: list[bytes] = []
        self._is_text = False
        self._takes_text = takes_text
        self.is_over = False

    def feed(self, data: bytes) -> list[str | bytes]:
        """The messages completed by these bytes."""
        messages: list[str | bytes] = []
        self._protocol.receive_data(data)
        for frame in self._protocol.events_received():
            if not self.is_over and isinstance(frame, Frame):
                self._take(frame, messages)
        return messages

    def output(self) -> bytes:
        """What must be written now; empty bytes in the parser's list mean `is_over`."""
        pieces = self._protocol.data_to_send()
        if b"" in pieces:
            self.is_over = True
        return b"".join(pieces)

    @property
    def close_code(self) -> int:
        """What the peer closed with, or what it was closed with."""
        close = self._protocol.close_rcvd or self._protocol.close_sent
        return int(close.code) if close else 1006

    def detach(self) -> None:
        """From now on text is refused, as the protocol is binary."""
        self._takes_text = False

    def fail(self, code: CloseCode) -> None:
        """Close because of what was read."""
        self._pieces.clear()
        self.is_over = True
        self._protocol.fail(code)

    def send(self, message: str | bytes) -> None:
        """Raises: InvalidState when the connection is closing."""
        if isinstance(message, str):
            self._protocol.send_text(message.encode())
        else:
            self._protocol.send_binary(message)

    def close(self, code: int, reason: str = "") -> bool:
        """Begin to close; False when that has happened already."""
        try:
            self._protocol.send_close(code, reason)
        except InvalidState:
            return False
        return True

    def _take(self, frame: Frame, messages: list[str | bytes]) -> None:
        if frame.opcode not in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            return  # pings are answered by the parser, closes end in `output`
        if frame.opcode is not Opcode.CONT:
            self._is_text = frame.opcode is Opcode.TEXT
        if self._is_text and not self._takes_text:
            self.fail(CloseCode.UNSUPPORTED)
            return
        self._pieces.append(bytes(frame.data))
        if len(self._pieces) > MAX_FRAGMENTS:
            self.fail(CloseCode.TOO_BIG)
        elif frame.fin:
            message = b"".join(self._pieces)
            self._pieces.clear()
            try:
                messages.append(message.decode() if self._is_text else message)
            except UnicodeDecodeError:
                self.fail(CloseCode.INVALID_DATA)
