"""
Frames of one channel that come close together, written together.

A write to a socket costs the same for one frame and for ten. What was read from the feed at once
is joined; in a large conversation frames are also held for 5 ms, which a group does not notice
and a busy one saves most of its CPU by. A conversation of a few gains nothing and waits for
nothing.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

from lien.fanout.hub import Hub
from lien.ids import AccountId, ChannelId

# More would overshoot the mark of a connection's buffer.
TOGETHER_BYTES: Final = 64 * 1024
LARGE: Final = 100  # members
HOLD_SECONDS: Final = 0.005


class _Held:
    """Frames of one channel, for its newest members."""

    __slots__ = ("accounts", "frames", "size")

    def __init__(self) -> None:
        self.accounts: frozenset[AccountId] = frozenset()
        self.frames: list[bytes] = []
        self.size = 0


class Gathering:
    """One per worker. Order within a channel is kept."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._held: dict[ChannelId, _Held] = {}
        self._timer: asyncio.TimerHandle | None = None

    def deliver(
        self, channel: ChannelId, accounts: frozenset[AccountId], frames: Sequence[bytes]
    ) -> int:
        """
        Offer frames to the members' connections, now or within 5 ms; to how many now.
        """
        if len(frames) == 1 and len(accounts) < LARGE and channel not in self._held:
            return self._hub.deliver(accounts, frames[0])
        written = 0
        held = self._held.get(channel) or _Held()
        held.accounts = accounts
        for frame in frames:
            if held.size + len(frame) > TOGETHER_BYTES:
                written += self._write(held)
            held.frames.append(frame)
            held.size += len(frame)
        if len(accounts) < LARGE:
            self._held.pop(channel, None)
            written += self._write(held)
        else:
            self._held[channel] = held
            if self._timer is None:
                loop = asyncio.get_running_loop()
                self._timer = loop.call_later(HOLD_SECONDS, self.flush)
        return written

    def flush(self) -> None:
        """Write everything that is held."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        everything, self._held = self._held, {}
        for held in everything.values():
            self._write(held)

    def _write(self, held: _Held) -> int:
        if not held.frames:
            return 0
        joined = held.frames[0] if len(held.frames) == 1 else b"".join(held.frames)
        held.frames, held.size = [], 0
        is_large = len(held.accounts) >= LARGE
        deliver = self._hub.deliver_to_many if is_large else self._hub.deliver
        return deliver(held.accounts, joined)
