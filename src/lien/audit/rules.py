"""
How an entry is written, and what makes the entries one chain. Pure.

    data = msgpack([1, number, at_ms, kind, actor, account, subject, note])
    hash = SHA-256(hash of the entry before ‖ data), 32 zero bytes before the first
"""

from collections.abc import Iterable, Sequence
from typing import Final, cast

import msgpack

from lien.audit.errors import BadTrail
from lien.audit.models import Actor, Entry, Event, EventKind, TrailMark
from lien.crypto.suite import hash32
from lien.errors import Malformed
from lien.ids import AccountId, b64decode, b64encode

_VERSION: Final = 1
_SHAPE: Final = (int, int, int, str, str, str, str, str)
_ACTORS: Final = frozenset(Actor)


def link(events: Sequence[Event], after: TrailMark, at_ms: int) -> list[Entry]:
    """The entries that follow `after`."""
    entries = []
    for event in events:
        number = after.number + 1
        fields = [event.kind.value, str(event.actor), event.account or "", event.subject]
        data = cast(bytes, msgpack.packb([_VERSION, number, at_ms, *fields, event.note]))
        after = TrailMark(number, hash32(after.hash + data))
        entries.append(Entry(number, at_ms, event, data, after.hash))
    return entries


def read_entry(number: int, data: bytes, digest: bytes) -> Entry:
    """
    An entry as it was stored.

    Raises: BadTrail.
    """
    try:
        fields = msgpack.unpackb(data)
        if [type(each) for each in fields] != list(_SHAPE) or fields[:2] != [_VERSION, number]:
            raise BadTrail("an entry of the trail is not one of ours")
        at_ms, kind, actor, account, subject, note = fields[2:]
        by = Actor(actor) if actor in _ACTORS else AccountId(actor)
        event = Event(EventKind(kind), by, AccountId(account) or None, subject, note)
    except (ValueError, TypeError, msgpack.UnpackException) as error:
        raise BadTrail("an entry of the trail cannot be read") from error
    return Entry(number, at_ms, event, data, digest)


def follow(entries: Iterable[Entry], after: TrailMark) -> TrailMark:
    """
    Check entries that follow `after`; where they lead.

    Raises: BadTrail.
    """
    for entry in entries:
        if entry.number != after.number + 1:
            raise BadTrail(f"entry {after.number + 1} of the trail is missing")
        if hash32(after.hash + entry.data) != entry.hash:
            raise BadTrail(f"entry {entry.number} of the trail was changed")
        after = TrailMark(entry.number, entry.hash)
    return after


def format_mark(mark: TrailMark) -> str:
    """A place in the trail as one word, to be kept elsewhere."""
    return f"{mark.number}:{b64encode(mark.hash)}"


def parse_mark(text: str) -> TrailMark:
    """
    The inverse of `format_mark`.

    Raises: Malformed.
    """
    number, _, digest = text.partition(":")
    value = b64decode(digest)
    if not (number.isascii() and number.isdigit() and len(number) < 17) or len(value) != 32:
        raise Malformed("a mark of the trail is like 42:3q2-7w…")
    return TrailMark(int(number), value)
