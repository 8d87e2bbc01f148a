"""
How fast one account may send: a bucket in memory, one for each account and worker.

It costs a message nothing measurable and asks nobody. An account that is connected to several
workers has one bucket in each: its sockets are limited too, so that is a known few.
"""

from typing import Final

from lien.conversations.errors import TooManySends
from lien.ids import AccountId

DEFAULT_PER_SECOND: Final = 5
# A person who pastes notes one after the other, a gateway whose reports come together.
BURST_SECONDS: Final = 12


class Pace:
    """Full buckets are forgotten: memory grows with who sent in the last seconds."""

    def __init__(self, per_second: int = DEFAULT_PER_SECOND) -> None:
        self._interval_ms = 1000 / per_second
        self._burst_ms = BURST_SECONDS * 1000
        # For each account, when its bucket will be full again.
        self._full_at_ms: dict[AccountId, float] = {}
        self._before: dict[AccountId, float] = {}
        self._turned_at_ms = 0

    def take(self, account: AccountId, now_ms: int) -> None:
        """
        Count one message; `now_ms` never goes back.

        Raises: TooManySends with the milliseconds after which one more is taken.
        """
        if now_ms - self._turned_at_ms > self._burst_ms:
            # Who is only in the older half has a full bucket by now.
            self._before, self._full_at_ms = self._full_at_ms, {}
            self._turned_at_ms = now_ms
        full_at_ms = self._full_at_ms.get(account) or self._before.get(account, 0)
        full_at_ms = max(full_at_ms, now_ms) + self._interval_ms
        wait_ms = full_at_ms - now_ms - self._burst_ms
        if wait_ms > 0:
            raise TooManySends("too many messages in a short time", retry_after_ms=int(wait_ms) + 1)
        self._full_at_ms[account] = full_at_ms
