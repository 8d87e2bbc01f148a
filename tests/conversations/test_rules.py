"""Decisions about conversations, without a store."""

import pytest

from lien.conversations import rules
from lien.conversations.errors import OldGeneration
from lien.conversations.models import Channel, Start, StoredEntry
from lien.crypto.envelope import BadEnvelope, Header, Kind
from lien.crypto.statement import BadStatement
from lien.ids import EnvelopeId, inbox_channel, new_channel, new_id
from lien.protocol.frames import Entry, Gap
from lien.protocol.positions import Cursor
from tests.conversations.people import Person, a_statement

CHANNEL = new_channel()


def a_channel(
    incarnation: int = 1, head: int = 10, since: int = 1, starts: dict[int, int] | None = None
) -> Channel:
    return Channel(incarnation, head, since, starts or {}, 1, False, b"")


def an_entry(offset: int, size: int = 1) -> StoredEntry:
    return StoredEntry(offset, 0, b"h", b"s" * size)


def a_header(person: Person, kind: Kind = Kind.MESSAGE, *, inbox: bool = False) -> Header:
    channel = inbox_channel(person.account) if inbox else CHANNEL
    return Header(channel, 1, person.account, person.device, EnvelopeId(new_id()), kind)


def test_a_device_sends_its_own_messages_into_conversations() -> None:
    ana, ben = Person(), Person()

    rules.require_own_message(a_header(ana), ana.account, ana.device)

    for header, account, device in (
        (a_header(ana), ben.account, ana.device),
        (a_header(ana), ana.account, ben.device),
        (a_header(ana, Kind.STATEMENT), ana.account, ana.device),
        (a_header(ana, inbox=True), ana.account, ana.device),
    ):
        with pytest.raises(BadEnvelope):
            rules.require_own_message(header, account, device)


def test_a_statement_is_its_authors() -> None:
    ana, ben = Person(), Person()
    statement = a_statement(ana, ben).statement

    rules.require_own_statement(statement, ana.account, ana.device)

    for account, device in ((ben.account, ben.device), (ana.account, ben.device)):
        with pytest.raises(BadStatement):
            rules.require_own_statement(statement, account, device)


def test_every_generation_is_the_present_one() -> None:
    ana, ben = Person(), Person()
    statement = a_statement(ana, ben).statement

    rules.require_current(statement, {ana.account: 1, ben.account: 1})

    for generations in ({ana.account: 1, ben.account: 2}, {ana.account: 1, ben.account: 0}, {}):
        with pytest.raises(OldGeneration):
            rules.require_current(statement, generations)


@pytest.mark.parametrize(
    ("channel", "cursor", "start"),
    [
        (a_channel(), (0, 0), Start(0)),
        (a_channel(), (0, 9), Start(0)),
        (a_channel(), (1, 4), Start(4)),
        (a_channel(), (1, 10), Start(10)),
        # Ahead of the log.
        (a_channel(), (1, 11), Start(10, is_reset=True, is_ahead=True)),
        (a_channel(), (2, 5), Start(0, is_reset=True, is_ahead=True)),
        # Another stream: what is common ends where the first later one began.
        (a_channel(3, 10, 1, {2: 4, 3: 7}), (1, 9), Start(4, is_reset=True)),
        (a_channel(3, 10, 1, {2: 4, 3: 7}), (2, 9), Start(7, is_reset=True)),
        (a_channel(3, 10, 1, {2: 7, 3: 4}), (1, 9), Start(4, is_reset=True)),
        (a_channel(3, 10, 1, {2: 4, 3: 7}), (1, 2), Start(2, is_reset=True)),
        # Nothing of the older stream is known: the channel was born in this one.
        (a_channel(2, 10, 1, {}), (1, 9), Start(0, is_reset=True)),
    ],
)
def test_where_a_resume_begins(channel: Channel, cursor: tuple[int, int], start: Start) -> None:
    assert rules.start_of(channel, Cursor(CHANNEL, *cursor)) == start


@pytest.mark.parametrize(
    ("since", "after", "gap"),
    [(1, 0, None), (5, 0, (1, 4)), (5, 2, (3, 4)), (5, 4, None), (5, 9, None), (12, 0, (1, 10))],
)
def test_what_is_before_the_membership_is_a_gap(
    since: int, after: int, gap: tuple[int, int] | None
) -> None:
    expected = Gap(CHANNEL, 1, *gap) if gap else None
    assert rules.hidden_gap(CHANNEL, a_channel(since=since), after) == expected


def test_every_missing_stretch_is_said() -> None:
    pushes = rules.pushes_of(CHANNEL, 1, 2, 9, [an_entry(4), an_entry(5), an_entry(7)])

    assert pushes == [
        Gap(CHANNEL, 1, 3, 3),
        Entry(CHANNEL, 1, 4, 0, b"h", b"s"),
        Entry(CHANNEL, 1, 5, 0, b"h", b"s"),
        Gap(CHANNEL, 1, 6, 6),
        Entry(CHANNEL, 1, 7, 0, b"h", b"s"),
        Gap(CHANNEL, 1, 8, 9),
    ]
    assert rules.pushes_of(CHANNEL, 1, 2, 2, []) == []


def test_a_large_entry_costs_more_than_a_gap() -> None:
    entry, gap = rules.pushes_of(CHANNEL, 1, 0, 2, [an_entry(1, 1000)])

    assert rules.cost(entry) > 1000 > rules.cost(gap)


def test_the_same_notice_of_the_same_cause_has_the_same_id() -> None:
    ana, ben = Person(), Person()
    notice = ["conversation", CHANNEL]

    first = rules.notice_id(ana.account, notice, b"1")

    assert rules.notice_id(ana.account, notice, b"1") == first
    others = [
        rules.notice_id(ana.account, notice, b"2"),
        rules.notice_id(ben.account, notice, b"1"),
        rules.notice_id(ana.account, ["removed", CHANNEL], b"1"),
    ]
    assert first not in others


def test_who_is_new_and_who_is_gone() -> None:
    ana, ben, cyr = Person(), Person(), Person()
    first = a_statement(ana, ben)
    second = a_statement(ana, cyr, after=first)

    assert rules.changes(None, first.statement) == ({ana.account, ben.account}, set())
    assert rules.changes(first.statement, second.statement) == ({cyr.account}, {ben.account})
