"""What stands in for the outside world in tests. Never for code of ours."""


class FakeClock:
    """Time that moves when told."""

    def __init__(self, at_ms: int = 1_790_000_000_000) -> None:
        self.at_ms = at_ms
        self._start_ms = at_ms

    def now_ms(self) -> int:
        return self.at_ms

    def monotonic_ms(self) -> int:
        return self.at_ms - self._start_ms

    def advance(self, *, ms: int = 0, seconds: float = 0, days: float = 0) -> None:
        """Let time pass."""
        self.at_ms += ms + int(seconds * 1_000) + int(days * 86_400_000)
