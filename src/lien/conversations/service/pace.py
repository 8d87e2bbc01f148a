"""
How fast messages are taken: a bucket in memory for each account, and one for each conversation.

It costs a message nothing measurable and asks nobody. Who is connected to several workers has
one bucket in each: its sockets are limited too, so that is a known few.
"""

from collections.abc import Hashable
from typing import Final, Generic, TypeVar

from lien.conversations.errors import TooManySends

DEFAULT_PER_SECOND: Final = 5
DEFAULT_PER_CONVERSATION: Final = 20
# A person who pastes notes one after the other, a gateway whose reports come together.
BURST_SECONDS: Final = 12

_K = TypeVar("_K", bound=Hashable)


class Pace(Generic[_K]):
    """Full buckets are forgotten: memory grows with who sent in the last seconds."""

    def __init__(self, per_second: int = DEFAULT_PER_SECOND) -> None:
        self._interval_ms = 1000 / per_second
        self._burst_ms = BURST_SECONDS * 1000
        # For each key, when its bucket will be full again.
        self._full_at_ms: dict[_K, float] = {}
        self._before: dict[_K, float] = {}
        self._turned_at_ms = 0

    def take(self, key: _K, now_ms: int) -> None:
        """
        Count one message; `now_ms` never goes back.

        Raises: TooManySends with the milliseconds after which one more is taken.
        """
        self.require(key, now_ms)
        self.count(key, now_ms)

    def require(self, key: _K, now_ms: int) -> None:
        """
        Return if one more message would be taken now.

        Raises: TooManySends with the milliseconds after which it is.
        """
        wait_ms = self._after_one(key, now_ms) - now_ms - self._burst_ms
        if wait_ms > 0:
            raise TooManySends("too many messages in a short time", retry_after_ms=int(wait_ms) + 1)

    def count(self, key: _K, now_ms: int) -> None:
        """Count one message that was taken."""
        if now_ms - self._turned_at_ms > self._burst_ms:
            # Who is only in the older half has a full bucket by now.
            self._before, self._full_at_ms = self._full_at_ms, {}
            self._turned_at_ms = now_ms
        self._full_at_ms[key] = self._after_one(key, now_ms)

    def _after_one(self, key: _K, now_ms: int) -> float:
        full_at_ms = self._full_at_ms.get(key) or self._before.get(key, 0)
        return max(full_at_ms, now_ms) + self._interval_ms
