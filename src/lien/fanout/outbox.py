"""
What one connection is still owed.

There is no queue of our own: frames go to the transport, whose buffer is the bound. Above its
high-water mark the connection is stalled: pushes are left out until it has drained, and then
the device is told that it is behind, and resumes from its cursors. Nothing is lost, because the
log is the truth.
"""

from collections.abc import Callable
from typing import Final

from lien.fanout.frames import prepare_frame
from lien.protocol.codec import encode
from lien.protocol.frames import Behind, BehindReason

HIGH_WATER_BYTES: Final = 256 * 1024
LOW_WATER_BYTES: Final = 64 * 1024

_SLOW: Final = prepare_frame(encode(Behind(BehindReason.SLOW_READER)))


class Outbox:
    """
    One connection's way out. Never waits.

    `offer(frame)` writes a push, or leaves it out and answers False. It is the transport's own
    `write` while nothing is held and the connection not stalled: a large conversation calls it
    for hundreds, and a step in between costs each of them.
    """

    __slots__ = ("_has_left_out", "_held", "_is_over", "_is_stalled", "_write", "offer")

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write
        self.offer = write
        self._held = b""
        self._is_stalled = False
        self._has_left_out = False
        self._is_over = False

    @property
    def is_stalled(self) -> bool:
        """Nothing that may be left out is written now."""
        return self._is_stalled

    def write(self, frame: bytes) -> None:
        """Write what must not be left out."""
        if not self._is_over:
            if self._held:
                frame = self._take_held() + frame
            self._write(frame)

    def hold(self, frame: bytes) -> bool:
        """Keep a frame for the next write or for `release`; True when it is the first."""
        if self._is_over:
            return False
        is_first = not self._held
        self._held += frame
        if is_first and not self._is_stalled:
            self.offer = self.write
        return is_first

    def release(self) -> None:
        """Write what is held."""
        if self._held:
            self._write(self._take_held())

    def stall(self) -> None:
        """The transport's buffer is above its mark."""
        self._is_stalled = True
        self.offer = self._leave_out

    def flow(self) -> None:
        """The transport's buffer has drained."""
        if self._is_over:
            return
        self._is_stalled = False
        self.offer = self.write if self._held else self._write
        if self._has_left_out:
            self._has_left_out = False
            self.write(_SLOW)

    def end(self) -> bytes:
        """The connection is closing: nothing more is taken. What was held is to be written."""
        self._is_over = self._is_stalled = True
        self.offer = _refuse
        return self._take_held()

    def _take_held(self) -> bytes:
        held, self._held = self._held, b""
        if not self._is_stalled:
            self.offer = self._write
        return held

    def _leave_out(self, _: bytes) -> bool:
        self._has_left_out = True
        return False


def _refuse(_: bytes) -> bool:
    return False
