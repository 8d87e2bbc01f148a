"""
Structured logs through an allow-list, and counters named by an enum.

A log line is one JSON object: an event name and fields. Only the field names below exist; any
other is dropped and counted, so that no identifier or content reaches a log by accident.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

from lien.clock import Clock, SystemClock

# Numbers, enumerations and our own words only: never a person, an id, an address or a path.
ALLOWED_FIELDS: Final = frozenset(
    """attempt bytes close_code code connections count duration_ms error exit_code family
    method port reason route shard signal status version worker workers""".split()
)


class Metric(StrEnum):
    """Every counter of the process, documented in docs/operations.md."""

    # An enumeration's own is a call in Python, several times a message.
    __hash__ = str.__hash__

    LOG_FIELDS_DROPPED = "log_fields_dropped"
    CONNECTIONS_OPENED = "connections_opened"
    CONNECTIONS_CLOSED = "connections_closed"
    CONNECTIONS_DEFERRED = "connections_deferred"
    ENVELOPES_ACCEPTED = "envelopes_accepted"
    ENVELOPES_REFUSED = "envelopes_refused"
    DELIVERIES = "deliveries"
    FELL_BEHIND = "fell_behind"
    FEED_GAPS = "feed_gaps"
    FRAMES_REFUSED = "frames_refused"
    CURSORS_AHEAD = "cursors_ahead"
    ENTRIES_DAMAGED = "entries_damaged"
    PUSHES_TAKEN = "pushes_taken"
    PUSHES_GONE = "pushes_gone"
    PUSHES_FAILED = "pushes_failed"
    BLOBS_COMPLETED = "blobs_completed"
    BLOB_PARTS_DAMAGED = "blob_parts_damaged"
    DOCUMENTS_DELIVERED = "documents_delivered"
    GATEWAY_TAKEN = "gateway_taken"
    GATEWAY_REPLAYED = "gateway_replayed"
    GATEWAY_QUARANTINED = "gateway_quarantined"
    GATEWAY_UNREADABLE = "gateway_unreadable"
    GATEWAY_DELIVERED = "gateway_delivered"
    GATEWAY_HELD = "gateway_held"
    GATEWAY_REFUSED = "gateway_refused"
    GATEWAY_GIVEN_UP = "gateway_given_up"


class Telemetry:
    """The log and the counters of one process."""

    def __init__(
        self, write: Callable[[str], object] | None = None, clock: Clock | None = None
    ) -> None:
        self.counters: Counter[Metric] = Counter()
        self._write = write or sys.stderr.write
        self._clock = clock or SystemClock()

    def count(self, metric: Metric, by: int = 1) -> None:
        """Add to a counter."""
        self.counters[metric] += by

    def log(self, event: str, **values: str | int | float | bool) -> None:
        """Write one fact: `event` is a constant of the code, `values` are allowed fields."""
        kept = {name: value for name, value in values.items() if name in ALLOWED_FIELDS}
        self.counters[Metric.LOG_FIELDS_DROPPED] += len(values) - len(kept)
        self._write_line(event, kept)

    def report(self) -> None:
        """Write the counters since the start of this process, as one fact for who draws them."""
        self._write_line("counters", {metric.value: self.counters[metric] for metric in Metric})

    def _write_line(self, event: str, values: Mapping[str, str | int | float | bool]) -> None:
        self._write(json.dumps({"at_ms": self._clock.now_ms(), "event": event, **values}) + "\n")
