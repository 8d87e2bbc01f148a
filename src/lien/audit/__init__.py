"""The trail: who did what to what, append-only and hash-chained. This is its public face."""

from lien.audit.errors import BadTrail
from lien.audit.models import (
    FIRST_MARK,
    Actor,
    Entry,
    Event,
    EventKind,
    EventPage,
    TrailMark,
)
from lien.audit.rules import format_mark, parse_mark
from lien.audit.service import Trail

__all__ = [
    "FIRST_MARK",
    "Actor",
    "BadTrail",
    "Entry",
    "Event",
    "EventKind",
    "EventPage",
    "Trail",
    "TrailMark",
    "format_mark",
    "parse_mark",
]
