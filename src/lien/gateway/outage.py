"""How long to leave a server alone that is away, or that will not have this gateway."""

import secrets
from typing import Final

import httpx

from lien.client.errors import BadAnswer, ServerFailure
from lien.clock import Clock
from lien.gateway.spool import Spool
from lien.telemetry import Telemetry

# What `note` understands; anything else is a bug.
FAILURES: Final = (ServerFailure, BadAnswer, httpx.TransportError)
LONGEST_WAIT_MS: Final = 60_000
_FIRST_WAIT_MS: Final = 1_000
# The server's word on this gateway: nothing but waiting helps, and somebody who reads the status.
_OUT: Final = frozenset({"gateway_revoked", "gateway_unknown"})
# Its word on itself. Every other refusal is about one document.
_BUSY: Final = frozenset({"too_many", "overloaded", "store_unavailable", "internal"})
UNREACHABLE: Final = "server_unreachable"
_jitter: Final = secrets.SystemRandom()


def is_about_everything(failure: ServerFailure) -> bool:
    """True for a refusal that the next document would meet too."""
    return failure.answer in _OUT or failure.answer in _BUSY


class Outage:
    """Full jitter, doubling to a minute: the hospitals of a region do not come back as one."""

    def __init__(self, spool: Spool, clock: Clock, telemetry: Telemetry) -> None:
        self._spool = spool
        self._clock = clock
        self._telemetry = telemetry
        self._failures = 0
        self._ends_at_ms = 0
        self._may_be_noted = True  # by the process before this one

    def left_ms(self) -> int:
        """How long to wait still."""
        return max(0, self._ends_at_ms - self._clock.now_ms())

    def note(self, error: Exception) -> int:
        """The server failed: how long to wait. Written where the status is read from."""
        code = error.answer if isinstance(error, ServerFailure) else UNREACHABLE
        asked = error.retry_after_ms if isinstance(error, ServerFailure) else 0
        self._failures += 1
        longest = min(LONGEST_WAIT_MS, _FIRST_WAIT_MS << min(self._failures, 10))
        wait_ms = max(asked, LONGEST_WAIT_MS if code in _OUT else _jitter.randint(100, longest))
        now_ms = self._clock.now_ms()
        self._ends_at_ms = now_ms + wait_ms
        self._telemetry.log("gateway_waits", code=code, duration_ms=wait_ms)
        facts = {"server_error": code}
        if self._failures == 1:
            facts["server_error_since_ms"] = str(now_ms)
        self._spool.upkeep.set_facts(**facts)
        return wait_ms

    def end(self) -> None:
        """The server answered."""
        if self._failures or self._may_be_noted:
            self._failures, self._may_be_noted = 0, False
            self._spool.upkeep.set_facts(server_error="", server_error_since_ms="0")
