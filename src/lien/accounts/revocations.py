"""
Which sessions and devices are over although their tokens still verify; one per worker, in memory.

Filled from the store at start, then by the control entries of the feed. A token lives four
hours at most, so nothing older needs to be remembered: the set is bounded by what is ended in
that time.
"""

from collections.abc import Iterable
from typing import Final

from lien.accounts.models import Ended, Session
from lien.ids import AccountId, DeviceId

# How far the clocks of two workers may be apart. Who is let in again just then signs in twice.
CLOCKS_MS: Final = 2_000


class Revocations:
    """A set with a memory of `keep_ms`. Never waits."""

    def __init__(self, keep_ms: int) -> None:
        self._keep_ms = keep_ms
        # Insertion order is close to time order, so that forgetting looks at the oldest only.
        self._ended: dict[tuple[str, ...], int] = {}

    def __len__(self) -> int:
        return len(self._ended)

    def clear(self) -> None:
        """Forget everything, as a worker that starts."""
        self._ended.clear()

    def note(self, account: AccountId, device: str, session: str, now_ms: int) -> None:
        """
        Remember an ended session, or a revoked device when `session` is empty, or when both are
        that every session of the account that began by now is over.
        """
        key: tuple[str, ...] = ("s", session) if session else ("d", account, device)
        if not (session or device):
            key = ("a", account)
        self._ended[key] = max(now_ms, self._ended.pop(key, 0))
        while self._ended:
            oldest = next(iter(self._ended))
            if now_ms - self._ended[oldest] <= self._keep_ms:
                break
            del self._ended[oldest]

    def load(self, ended: Iterable[Ended]) -> None:
        """Remember what the store holds; repeating it changes nothing."""
        for entry in sorted(ended, key=lambda entry: entry.at_ms):
            self.note(entry.account, entry.device, entry.session, entry.at_ms)

    def is_ended(self, session: Session) -> bool:
        """True when it was ended, its device revoked, or its account signed out since it began."""
        signed_out_at_ms = self._ended.get(("a", session.account))
        return (
            ("s", session.session) in self._ended
            or self.is_revoked(session.account, session.device)
            or (
                signed_out_at_ms is not None
                and session.started_at_ms <= signed_out_at_ms + CLOCKS_MS
            )
        )

    def is_revoked(self, account: AccountId, device: DeviceId) -> bool:
        """True when this device was revoked."""
        return ("d", account, device) in self._ended
