"""The chain of the trail, without a store."""

from dataclasses import replace

import pytest

from lien.audit import FIRST_MARK, Actor, BadTrail, Event, EventKind, TrailMark, rules
from lien.errors import Malformed
from lien.ids import AccountId, new_id

OWNER = AccountId(new_id())
EVENTS = [
    Event(EventKind.ACCOUNT_CREATED, OWNER, OWNER, new_id(), "psc"),
    Event(EventKind.SIGNED_IN, OWNER, OWNER, new_id(), "provider"),
    Event(EventKind.DIRECTORY_IMPORTED, Actor.OPERATOR, note="2026-11-23"),
]


def test_an_entry_reads_as_it_was_written() -> None:
    entries = rules.link(EVENTS, FIRST_MARK, 5)

    assert [rules.read_entry(one.number, one.data, one.hash) for one in entries] == entries
    assert rules.follow(entries, FIRST_MARK) == TrailMark(3, entries[-1].hash)


def test_a_changed_or_missing_entry_is_found() -> None:
    one, two, three = rules.link(EVENTS, FIRST_MARK, 5)
    changed = replace(two, data=two.data.replace(b"provider", b"passkey!"))

    with pytest.raises(BadTrail, match="entry 2"):
        rules.follow([one, changed, three], FIRST_MARK)
    with pytest.raises(BadTrail, match="entry 2"):
        rules.follow([one, three], FIRST_MARK)
    with pytest.raises(BadTrail, match="entry 1"):
        rules.follow(rules.link(EVENTS, TrailMark(0, b"\1" * 32), 5), FIRST_MARK)


@pytest.mark.parametrize("data", [b"", b"\x90", b"\x93\1\1\1", b"\xc1", b"\x01"])
def test_what_is_no_entry_is_refused(data: bytes) -> None:
    with pytest.raises(BadTrail):
        rules.read_entry(1, data, bytes(32))


def test_an_unknown_kind_is_refused() -> None:
    [entry] = rules.link(EVENTS[:1], FIRST_MARK, 5)
    with pytest.raises(BadTrail):
        rules.read_entry(1, entry.data.replace(b"account_created", b"account_cremate"), entry.hash)


def test_a_mark_is_one_word() -> None:
    mark = TrailMark(42, bytes(range(32)))

    assert rules.parse_mark(rules.format_mark(mark)) == mark
    for text in ("", "42", ":AAAA", "42:AAAA", "x:" + "A" * 43):
        with pytest.raises(Malformed):
            rules.parse_mark(text)
