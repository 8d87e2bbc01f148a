"""
MLLP frames: a byte 0x0B, one message, the bytes 0x1C 0x0D. A state machine without a socket.

Strict: bytes between frames, a start inside a frame and an end without its carriage return are
errors, because after any of them nobody can say where a message begins.
"""

from typing import Final

from lien.gateway.quarantine import Reason, Unreadable

START: Final = b"\x0b"
END: Final = b"\x1c\r"
MAX_FRAME_BYTES: Final = 32 * 1024**2  # a CDA of 20 MiB in base64, and its envelope


class FrameDecoder:
    """Fed what arrives, gives whole messages. After an error the connection is to be closed."""

    def __init__(self, max_bytes: int = MAX_FRAME_BYTES) -> None:
        self._max_bytes = max_bytes
        self._buffer = bytearray()
        self._looked = 0
        self._broken: Unreadable | None = None

    def feed(self, data: bytes) -> list[bytes]:
        """
        The messages that are complete now. Those before an error are given; `require_sound`
        then raises it.

        Raises: Unreadable.
        """
        messages: list[bytes] = []
        try:
            self.require_sound()
            self._feed(data, messages)
        except Unreadable as error:
            self._broken = error
            if not messages:
                raise
        return messages

    def _feed(self, data: bytes, messages: list[bytes]) -> None:
        self._buffer += data
        while self._buffer:
            if self._buffer[:1] != START:
                raise Unreadable(Reason.BAD_FRAME)
            end = self._buffer.find(b"\x1c", max(1, self._looked))
            if end < 0 or end + 1 == len(self._buffer):
                self._require_within(len(self._buffer))
                self._require_single(len(self._buffer))
                self._looked = len(self._buffer) if end < 0 else end
                return
            if self._buffer[end : end + 2] != END:
                raise Unreadable(Reason.BAD_FRAME)
            self._require_within(end)
            self._require_single(end)
            messages.append(bytes(self._buffer[1:end]))
            del self._buffer[: end + 2]
            self._looked = 0

    def finish(self) -> None:
        """
        The connection ended: half a frame is an error.

        Raises: Unreadable.
        """
        self.require_sound()
        if self._buffer:
            raise Unreadable(Reason.BAD_FRAME)

    def require_sound(self) -> None:
        """
        Raise the error that followed the messages given last.

        Raises: Unreadable.
        """
        if self._broken is not None:
            raise self._broken

    def _require_within(self, size: int) -> None:
        if size > self._max_bytes:
            raise Unreadable(Reason.TOO_LARGE)

    def _require_single(self, end: int) -> None:
        # Only in what came since the last look: a frame in small pieces is read once, not for each.
        if self._buffer.find(START, max(1, self._looked), end) > 0:
            raise Unreadable(Reason.BAD_FRAME)


def frame(message: bytes) -> bytes:
    """A message, ready for the wire."""
    return START + message + END


def unframe(data: bytes) -> bytes:
    """
    The one message of a file that holds a frame.

    Raises: Unreadable.
    """
    decoder = FrameDecoder()
    messages = decoder.feed(data)
    decoder.finish()
    if len(messages) != 1:
        raise Unreadable(Reason.TWO_MESSAGES if messages else Reason.BAD_FRAME)
    return messages[0]
