"""
The last frames of the conversations that are active here, for who comes back a little behind.

A network that was away for a minute brings many devices back that lack the same few entries,
which this worker wrote to others a moment ago: they get the same bytes, and the store is not
asked.

Law: what is answered from here is what the log would answer. A tail has no hole, is of one
membership (so whoever is a member of it may read all of it), and is forgotten long before
retention could forget an entry.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from lien.ids import ChannelId

KEPT_SECONDS: Final = 600.0
TAIL_BYTES: Final = 64 * 1024
TOTAL_BYTES: Final = 16 * 1024 * 1024


class _Tail:
    """Frames one after the other, the last of which ends at `offset`."""

    __slots__ = ("began", "frames", "incarnation", "offset", "size", "version")

    def __init__(self, version: int, incarnation: int, offset: int, began: float) -> None:
        self.version = version
        self.incarnation = incarnation
        self.offset = offset - 1
        self.began = began
        self.frames: list[bytes] = []
        self.size = 0


class Tails:
    """One per worker."""

    def __init__(
        self, now: Callable[[], float] = time.monotonic, total_bytes: int = TOTAL_BYTES
    ) -> None:
        self._now = now
        self._total_bytes = total_bytes
        self._tails: OrderedDict[ChannelId, _Tail] = OrderedDict()  # the oldest first
        self._bytes = 0

    def add(
        self, channel: ChannelId, version: int, incarnation: int, offset: int, frame: bytes
    ) -> None:
        """Keep the frame of an entry that is delivered here."""
        tail = self._tails.get(channel)
        now = self._now()
        if (
            tail is None
            or tail.offset != offset - 1
            or tail.version != version
            or tail.incarnation != incarnation
            or tail.size > TAIL_BYTES
            or now - tail.began > KEPT_SECONDS
        ):
            if tail is not None:
                self._drop(channel)
            tail = self._tails[channel] = _Tail(version, incarnation, offset, now)
        tail.frames.append(frame)
        tail.offset = offset
        tail.size += len(frame)
        self._bytes += len(frame)
        while self._bytes > self._total_bytes or self._is_old(now):
            self._drop(next(iter(self._tails)))

    def find(
        self, channel: ChannelId, version: int, end: tuple[int, int], after: tuple[int, int]
    ) -> list[bytes] | None:
        """
        The frames between two positions (incarnation, offset), for a member as of `version`.

        None when not all of them are kept.
        """
        tail = self._tails.get(channel)
        if tail is None or tail.version != version or (tail.incarnation, tail.offset) != end:
            return None
        count = tail.offset - after[1]
        if after[0] != tail.incarnation or not 0 < count <= len(tail.frames):
            return None
        return None if self._now() - tail.began > KEPT_SECONDS else tail.frames[-count:]

    def forget(self) -> None:
        """Entries were missed, or may have been."""
        self._tails.clear()
        self._bytes = 0

    def _is_old(self, now: float) -> bool:
        return now - next(iter(self._tails.values())).began > KEPT_SECONDS

    def _drop(self, channel: ChannelId) -> None:
        self._bytes -= self._tails.pop(channel).size
