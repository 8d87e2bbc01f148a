"""
Which sessions and devices are over although their tokens still verify; one per worker, in memory.

Filled from the store at start, then by the control entries of the feed. A token lives four
hours at most, so nothing older needs to be remembered: the set is bounded by what is ended in
that time.
"""

from collections.abc import Iterable

from lien.accounts.models import Ended
from lien.ids import AccountId, DeviceId, SessionId


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
        Remember an ended session, or a revoked device when `session` is empty, or that every
        device of the account is out when both are.
        """
        key = ("s", session) if session else ("d", account, device)
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

    def is_ended(self, session: SessionId, account: AccountId, device: DeviceId) -> bool:
        """True when this session was ended or this device revoked."""
        return ("s", session) in self._ended or self.is_revoked(account, device)

    def is_revoked(self, account: AccountId, device: DeviceId) -> bool:
        """True when this device was revoked, or every device of its account."""
        return ("d", account, device) in self._ended or ("d", account, "") in self._ended
