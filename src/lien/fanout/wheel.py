"""
One timer for all connections of a worker.

Every second one of the wheel's slots is visited, so that each connection is visited once a turn
(the ping interval) and a thousand idle connections cost what their pings cost. Deadlines are
rare (a Hello awaited, a slow reader, a session about to end) and are all looked at every second.
"""

import asyncio
from collections.abc import Callable
from typing import Final, Protocol

from lien.clock import Clock
from lien.protocol.limits import PING_INTERVAL_MS

TURN_SECONDS: Final = PING_INTERVAL_MS // 1000


class Visited(Protocol):
    """What a wheel keeps: hashable by identity."""

    def visit(self) -> None:
        """Called once a turn. Must not raise and must not wait."""


class Wheel:
    """Start it once; `add` and `discard` may be called at any time, also from a visit."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._slots: list[set[Visited]] = [set() for _ in range(TURN_SECONDS)]
        self._deadlines: dict[Visited, dict[str, tuple[int, Callable[[], None]]]] = {}
        self._second = 0
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Turn until `stop`."""
        self._timer = asyncio.get_running_loop().call_later(1, self._turn)

    def stop(self) -> None:
        """Stop turning; nothing is forgotten."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def add(self, visited: Visited) -> None:
        """Visit it once a turn."""
        self._slot(visited).add(visited)

    def discard(self, visited: Visited) -> None:
        """Forget it, if it is there, and every deadline of its."""
        self._slot(visited).discard(visited)
        self._deadlines.pop(visited, None)

    def set_deadline(
        self, visited: Visited, name: str, after_ms: int, expire: Callable[[], None]
    ) -> None:
        """Call `expire` once, up to a second late, unless the deadline is lifted or set again."""
        at_ms = self._clock.monotonic_ms() + after_ms
        self._deadlines.setdefault(visited, {})[name] = (at_ms, expire)

    def lift_deadline(self, visited: Visited, name: str) -> None:
        """No such deadline any more."""
        own = self._deadlines.get(visited)
        if own is not None and own.pop(name, None) is not None and not own:
            del self._deadlines[visited]

    def tick(self) -> None:
        """One second's work."""
        self._second = (self._second + 1) % TURN_SECONDS
        for visited in list(self._slots[self._second]):
            visited.visit()
        now = self._clock.monotonic_ms()
        due = [
            (visited, name, deadline)
            for visited, own in self._deadlines.items()
            for name, deadline in own.items()
            if deadline[0] <= now
        ]
        for visited, name, deadline in due:
            # An earlier one may have lifted it, or set it again.
            if self._deadlines.get(visited, {}).get(name) is deadline:
                self.lift_deadline(visited, name)
                deadline[1]()

    def _turn(self) -> None:
        # First: an error in a visit must not stop the others' pings for ever.
        self._timer = asyncio.get_running_loop().call_later(1, self._turn)
        self.tick()

    def _slot(self, visited: Visited) -> set[Visited]:
        return self._slots[hash(visited) % TURN_SECONDS]
