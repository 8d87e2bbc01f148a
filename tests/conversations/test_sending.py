"""Sending into a conversation, through the public face, on a real server."""

from dataclasses import replace
from pathlib import Path

import pytest

from lien.conversations import (
    Conversations,
    EnvelopeIdReused,
    NotAMember,
    Pace,
    StaleEpoch,
    TooManySends,
)
from lien.conversations.store import ConversationStore
from lien.crypto.envelope import BadEnvelope
from lien.protocol.frames import Entry, Level
from lien.protocol.positions import Cursor
from lien.storage.errors import StoreFull
from lien.storage.feeds import EntryAppended
from lien.storage.space import FreeSpace
from lien.storage.valkey import Store
from lien.telemetry import Telemetry
from tests.conversations.asking import begin, read_all, read_feed
from tests.conversations.conftest import RETENTION_MS
from tests.conversations.people import (
    Town,
    a_statement,
    an_envelope,
)
from tests.fakes import FakeClock


async def test_a_sent_envelope_is_in_the_log_of_every_member(
    conversations: Conversations, town: Town
) -> None:
    ana, ben = town.person(), town.person()
    made = a_statement(ana, ben)
    await begin(conversations, ana, made)
    header, sealed = an_envelope(ana, made)

    accepted = await conversations.send(ana.account, ana.device, header, sealed)

    for person in (ana, ben):
        statement, entry = await read_all(conversations, person, made.channel)
        assert isinstance(statement, Entry)
        assert statement.sealed == made.signed.signature + made.signed.data
        assert entry == Entry(made.channel, 1, 2, accepted.at_ms, header, sealed)


async def test_a_retry_gets_the_same_answer_and_nobody_reads_it_twice(
    conversations: Conversations, town: Town, clock: FakeClock
) -> None:
    ana, ben = town.person(), town.person()
    made = a_statement(ana, ben)
    await begin(conversations, ana, made)
    header, sealed = an_envelope(ana, made)
    first = await conversations.send(ana.account, ana.device, header, sealed)

    # Also when the phone was in a drawer for four weeks, and when the clock went back.
    for days in (0, 28, -35):
        clock.advance(days=days)
        again = await conversations.send(ana.account, ana.device, header, sealed)
        assert again[:3] == first[:3]

    assert len(await read_all(conversations, ben, made.channel)) == 2


async def test_an_envelope_id_is_for_one_content(conversations: Conversations, town: Town) -> None:
    ana, ben = town.person(), town.person()
    made = a_statement(ana, ben)
    await begin(conversations, ana, made)
    header, sealed = an_envelope(ana, made)
    await conversations.send(ana.account, ana.device, header, sealed)

    with pytest.raises(EnvelopeIdReused):
        await conversations.send(ana.account, ana.device, header, sealed + b"x")


async def test_an_outsider_learns_nothing(conversations: Conversations, town: Town) -> None:
    """Absent and forbidden are answered alike."""
    ana, ben, eve = town.person(), town.person(), town.person()
    made, absent = a_statement(ana, ben), a_statement(eve)
    await begin(conversations, ana, made)

    texts = set()
    for target in (made, absent):
        for attempt in (
            conversations.send(eve.account, eve.device, *an_envelope(eve, target)),
            conversations.read_epochs(eve.account, target.channel, 0),
            conversations.acknowledge(eve.account, eve.device, target.channel, 1, 1, Level.READ),
            conversations.typing(eve.account, target.channel),
        ):
            with pytest.raises(NotAMember) as refused:
                await attempt
            texts.add(str(refused.value))
        found = await conversations.resume(eve.account, [Cursor(target.channel, 0, 0)])
        assert (found.pushes, found.states) == ((), ())
    assert len(texts) == 1


async def test_nobody_sends_for_another(conversations: Conversations, town: Town) -> None:
    ana, ben = town.person(), town.person()
    made = a_statement(ana, ben)
    await begin(conversations, ana, made)

    with pytest.raises(BadEnvelope):
        await conversations.send(ben.account, ben.device, *an_envelope(ana, made))
    with pytest.raises(BadEnvelope):
        await conversations.send(ana.account, ben.device, *an_envelope(ana, made))


async def test_an_old_epoch_is_refused(conversations: Conversations, town: Town) -> None:
    ana, ben = town.person(), town.person()
    first = a_statement(ana, ben)
    await begin(conversations, ana, first)
    second = a_statement(ana, ben, after=first)
    await begin(conversations, ana, second)

    with pytest.raises(StaleEpoch):
        await conversations.send(ana.account, ana.device, *an_envelope(ana, first))
    await conversations.send(ana.account, ana.device, *an_envelope(ana, second))


async def test_the_feed_tells_what_the_log_holds(
    conversations: Conversations, town: Town, store: Store
) -> None:
    ana, ben = town.person(), town.person()
    made = a_statement(ana, ben)
    await begin(conversations, ana, made)
    header, sealed = an_envelope(ana, made)
    accepted = await conversations.send(ana.account, ana.device, header, sealed)

    feed = await read_feed(store, made.channel)

    audience = (await conversations.audience([made.channel]))[made.channel]
    assert isinstance(feed[1], EntryAppended)
    assert feed[1] == EntryAppended(
        feed[1].number,
        made.channel,
        audience.version,
        1,
        accepted.offset,
        accepted.at_ms,
        header,
        sealed,
    )
    assert audience.accounts == {ana.account, ben.account}
    assert audience.head == 2


async def test_a_full_disk_stops_writing_while_reading_goes_on(
    conversations: Conversations,
    town: Town,
    store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A store that runs out of disk ends; refusing in time leaves an operator time to act."""
    ana = town.person()
    made = a_statement(ana)
    await begin(conversations, ana, made)
    monkeypatch.setattr("lien.storage.space._FREE_SHARE", 1.1)
    full = replace(store, space=FreeSpace(tmp_path, free_bytes=10**18))
    crowded = Conversations(
        ConversationStore(full, RETENTION_MS), town, FakeClock(), Telemetry(write=lambda line: None)
    )

    with pytest.raises(StoreFull):
        await crowded.send(ana.account, ana.device, *an_envelope(ana, made))
    with pytest.raises(StoreFull):
        await begin(crowded, ana, a_statement(ana))
    assert len(await read_all(crowded, ana, made.channel)) == 1


async def test_a_conversation_that_is_flooded_is_slowed_and_by_its_members_only(
    conversation_store: ConversationStore, town: Town, clock: FakeClock, telemetry: Telemetry
) -> None:
    conversations = Conversations(conversation_store, town, clock, telemetry, channel_pace=Pace(1))
    ana, ben, eve = town.person(), town.person(), town.person()
    made, other = a_statement(ana, ben), a_statement(ana)
    for each in (made, other):
        await begin(conversations, ana, each)
    for _ in range(13):
        with pytest.raises(NotAMember):
            await conversations.send(eve.account, eve.device, *an_envelope(eve, made))
    for member in [ana, ben] * 6:
        await conversations.send(member.account, member.device, *an_envelope(member, made))
    one_more = an_envelope(ben, made)

    with pytest.raises(TooManySends) as refused:
        await conversations.send(ben.account, ben.device, *one_more)

    await conversations.send(ana.account, ana.device, *an_envelope(ana, other))
    clock.advance(ms=refused.value.retry_after_ms)
    accepted = await conversations.send(ben.account, ben.device, *one_more)
    assert accepted.offset == 14, "a statement, twelve, then this one"


async def test_an_account_that_floods_is_slowed_and_nothing_of_it_is_stored(
    conversation_store: ConversationStore, town: Town, clock: FakeClock, telemetry: Telemetry
) -> None:
    conversations = Conversations(conversation_store, town, clock, telemetry, Pace(1))
    ana, ben = town.person(), town.person()
    made = a_statement(ana, ben)
    await begin(conversations, ana, made)
    for _ in range(12):
        await conversations.send(ana.account, ana.device, *an_envelope(ana, made))
    one_more = an_envelope(ana, made)

    with pytest.raises(TooManySends) as refused:
        await conversations.send(ana.account, ana.device, *one_more)

    await conversations.send(ben.account, ben.device, *an_envelope(ben, made))
    clock.advance(ms=refused.value.retry_after_ms)
    accepted = await conversations.send(ana.account, ana.device, *one_more)
    assert accepted.offset == 15, "a statement, twelve, Ben's, then this one"
