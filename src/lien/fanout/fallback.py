"""
RFC 6455 in full, for a connection that left the lean path.

The lean path hands over at a frame's first byte and never takes back, so that no byte is read
twice or lost. The reading itself is the sans-I/O parser of `websockets`; added here are the
bounds on messages in many fragments and the refusal of text.
"""

import codecs
import logging
from collections.abc import Callable
from typing import Final, NamedTuple, NoReturn

from websockets.exceptions import InvalidState, ProtocolError
from websockets.frames import Frame, Opcode
from websockets.protocol import OPEN, Protocol, Side

from lien.protocol.codes import CloseCode
from lien.protocol.limits import MAX_FRAGMENTS, MAX_FRAME_BYTES

# Its own log lines would show addresses and content.
SILENT: Final = logging.Logger("lien.fanout", level=logging.CRITICAL + 1)

_UTF8: Final = codecs.getincrementaldecoder("utf-8")


class Reader(Protocol):
    """
    The parser, which hands over each frame before it looks at the next.

    So what is wrong with an earlier frame is what the connection ends by, however the bytes came.
    """

    take: Callable[[Frame], None]

    def recv_frame(self, frame: Frame) -> None:
        if frame.opcode is Opcode.CLOSE:
            # It may come between two fragments (RFC 6455, 5.4).
            self.current_size = None
        super().recv_frame(frame)
        self.events.clear()
        self.take(frame)


class Bounds(NamedTuple):
    """How large a message may be, and in how many fragments it may come."""

    message_bytes: int = MAX_FRAME_BYTES
    fragments: int = MAX_FRAGMENTS


class Fallback:
    """Bytes in; messages out, and bytes to write. `is_over` when nothing more will be read."""

    __slots__ = (
        *("_bounds", "_decode", "_last", "_messages", "_pieces", "_protocol", "_takes_text"),
        "is_over",
    )

    def __init__(
        self, bounds: Bounds, protocol: Reader | None = None, *, takes_text: bool = False
    ) -> None:
        self._bounds = bounds
        self._protocol = protocol or Reader(
            Side.SERVER, state=OPEN, max_size=bounds.message_bytes, logger=SILENT
        )
        self._protocol.take = self._take
        self._messages: list[str | bytes] = []
        self._pieces: list[str | bytes] = []
        # Of the message that is being read, when it is text.
        self._decode: codecs.IncrementalDecoder | None = None
        self._takes_text = takes_text
        self._last: bytes | None = None
        self.is_over = False

    def feed(self, data: bytes) -> list[str | bytes]:
        """The messages completed by these bytes."""
        self._protocol.receive_data(data)
        messages, self._messages = self._messages, []
        return messages

    def output(self) -> bytes:
        """What must be written now; once it is over, always the last of it."""
        if self._last is not None:
            return self._last
        pieces = self._protocol.data_to_send()
        output = b"".join(pieces)
        if b"" in pieces:  # how the parser says it
            self.is_over = True
            self._last = output
        return output

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

    def close(self, code: int, reason: str = "") -> bool:
        """Begin to close; False when that has happened already."""
        try:
            self._protocol.send_close(code, reason)
        except InvalidState:
            return False
        return True

    def _take(self, frame: Frame) -> None:
        if frame.opcode not in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            return  # pings are answered by the parser, closes end in `output`
        if frame.opcode is not Opcode.CONT:
            self._decode = _UTF8() if frame.opcode is Opcode.TEXT else None
        if self._decode and not self._takes_text:
            self._refuse(CloseCode.UNSUPPORTED)
        try:
            # Text is refused at the fragment that breaks it (RFC 6455, 8.1), not at its end.
            self._pieces.append(
                self._decode.decode(frame.data, frame.fin) if self._decode else bytes(frame.data)
            )
        except UnicodeDecodeError:
            self._refuse(CloseCode.INVALID_DATA)
        if len(self._pieces) > self._bounds.fragments:
            self._refuse(CloseCode.TOO_BIG)
        if frame.fin:
            empty: str | bytes = "" if self._decode else b""
            self._messages.append(empty.join(self._pieces))  # type: ignore[arg-type]  # of one kind
            self._pieces.clear()

    def _refuse(self, code: CloseCode) -> NoReturn:
        self.fail(code)
        raise ProtocolError("the parser stops here")  # which is closing already
