"""
How many devices a worker takes in, in which time; who is too many is told when to come.

Behind a network that came back, or a worker that was killed, everyone returns in the same second.
Each one more than there is time for gets a place of its own in the seconds that follow, so that
those sent away do not come back together.
"""

from typing import Final

# Some 0.25 ms of CPU each: a quarter of a core, after one second's whole work at once.
PER_SECOND: Final = 1_000
BURST: Final = 4_000


class Arrivals:
    """One per worker; in memory."""

    def __init__(self, per_second: int = PER_SECOND, burst: int = BURST) -> None:
        self._interval_ms = 1000 / per_second
        self._burst_ms = burst * self._interval_ms
        self._full_at_ms = 0.0
        self._next_place_ms = 0.0

    def admit(self, now_ms: int) -> int:
        """0 for who may come in now, else the milliseconds after which there is a place."""
        full_at_ms = max(self._full_at_ms, now_ms) + self._interval_ms
        wait_ms = full_at_ms - now_ms - self._burst_ms
        if wait_ms <= 0:
            self._full_at_ms = full_at_ms
            return 0
        place_ms = max(self._next_place_ms, now_ms + wait_ms)
        self._next_place_ms = place_ms + self._interval_ms
        return int(place_ms - now_ms) + 1
