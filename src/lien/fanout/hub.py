"""
Account to connections on this worker.

The hub knows who is here, nothing about channels: the relay tells it whom a frame is for. It
never waits, and a slow device is let go instead of waited for.
"""

from collections.abc import Callable, Collection, Iterable
from typing import Final, Protocol

from lien.ids import AccountId, DeviceId, SessionId
from lien.protocol.codes import CloseCode
from lien.protocol.limits import MAX_SOCKETS_PER_ACCOUNT
from lien.telemetry import Metric, Telemetry

NOBODY: Final[tuple["Sink", ...]] = ()
# Large conversations whose connections are remembered, about 4 KiB each.
_GROUPS: Final = 256


class Outlet(Protocol):
    """A connection's way out. Never waits."""

    @property
    def offer(self) -> Callable[[bytes], object]:
        """Write a prepared frame, or leave it out and answer False."""


class Sink(Protocol):
    """One open connection as the hub sees it."""

    @property
    def account(self) -> AccountId: ...
    @property
    def device(self) -> DeviceId: ...
    @property
    def session(self) -> SessionId: ...

    @property
    def outbox(self) -> Outlet: ...

    def close(self, code: CloseCode) -> None:
        """End the connection."""


class Hub:
    """Register a connection when it opens, unregister it when it is lost."""

    def __init__(self, telemetry: Telemetry) -> None:
        self._sinks: dict[AccountId, tuple[Sink, ...]] = {}
        # Of large conversations, until anybody comes or goes.
        self._groups: dict[frozenset[AccountId], tuple[Outlet, ...]] = {}
        self._telemetry = telemetry
        self.count = 0

    def register(self, sink: Sink) -> bool:
        """
        False when the account has as many connections here as it may have.

        An older one of the same device makes place: a phone that changed networks has left it
        behind, and nothing tells the server before two pings were missed.
        """
        others = self._sinks.get(sink.account, NOBODY)
        if len(others) >= MAX_SOCKETS_PER_ACCOUNT:
            left_behind = next((other for other in others if other.device == sink.device), None)
            if left_behind is None:
                return False
            self.unregister(left_behind)
            left_behind.close(CloseCode.GONE)
        self._sinks[sink.account] = (*self._sinks.get(sink.account, NOBODY), sink)
        self._groups.clear()
        self.count += 1
        return True

    def unregister(self, sink: Sink) -> None:
        """Forget a connection, if it is here."""
        before = self._sinks.get(sink.account, NOBODY)
        after = tuple(other for other in before if other is not sink)
        self._groups.clear()
        self.count -= len(before) - len(after)
        if after:
            self._sinks[sink.account] = after
        else:
            self._sinks.pop(sink.account, None)

    def has_any(self, accounts: frozenset[AccountId]) -> bool:
        """Whether any of these accounts has a connection here."""
        return not self._sinks.keys().isdisjoint(accounts)

    def deliver(self, accounts: Iterable[AccountId], frame: bytes) -> int:
        """
        Offer one frame, built once, to every connection here of these accounts; to how many.
        """
        return self._offer(self._find(accounts), frame)

    def deliver_to_many(self, accounts: frozenset[AccountId], frame: bytes) -> int:
        """The same for a large conversation, whose connections are looked for once."""
        outboxes = self._groups.get(accounts)
        if outboxes is None:
            if len(self._groups) >= _GROUPS:
                self._groups.clear()
            outboxes = self._groups[accounts] = tuple(self._find(accounts))
        return self._offer(outboxes, frame)

    def deliver_to_all(self, frame: bytes) -> None:
        """Offer one frame to every connection here."""
        self.deliver(tuple(self._sinks), frame)

    def _find(self, accounts: Iterable[AccountId]) -> list[Outlet]:
        find = self._sinks.get
        return [sink.outbox for account in accounts for sink in find(account, NOBODY)]

    def _offer(self, outboxes: Collection[Outlet], frame: bytes) -> int:
        left_out = 0
        for outbox in outboxes:
            offer = outbox.offer  # a call of an attribute costs more than both
            if offer(frame) is False:
                left_out += 1
        self._telemetry.count(Metric.DELIVERIES, len(outboxes) - left_out)
        if left_out:
            self._telemetry.count(Metric.FELL_BEHIND, left_out)
        return len(outboxes)

    def close_account(self, account: AccountId, code: CloseCode) -> None:
        """End every connection of an account."""
        for sink in self._sinks.get(account, NOBODY):
            sink.close(code)

    def close_device(self, account: AccountId, device: DeviceId, code: CloseCode) -> None:
        """End every connection of one device."""
        for sink in self._sinks.get(account, NOBODY):
            if sink.device == device:
                sink.close(code)

    def close_session(self, account: AccountId, session: SessionId, code: CloseCode) -> None:
        """End every connection of one session."""
        for sink in self._sinks.get(account, NOBODY):
            if sink.session == session:
                sink.close(code)
