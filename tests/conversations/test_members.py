"""Newcomers, removed members, inboxes."""

import msgpack
import pytest

from lien.conversations import (
    Conversations,
    NotAMember,
)
from lien.crypto.envelope import decode_header
from lien.ids import inbox_channel
from lien.protocol.frames import Entry, Gap, Level
from tests.conversations.asking import begin, read_all
from tests.conversations.people import (
    Town,
    a_statement,
    an_envelope,
)
from tests.fakes import FakeClock


async def test_a_newcomer_without_the_past_is_told_of_a_gap(
    conversations: Conversations, town: Town
) -> None:
    ana, ben, cyr = town.person(), town.person(), town.person()
    first = a_statement(ana, ben)
    await begin(conversations, ana, first)
    await conversations.send(ana.account, ana.device, *an_envelope(ana, first))
    second = a_statement(ana, ben, cyr, after=first, has_past=False)
    await begin(conversations, ana, second)

    pushes = await read_all(conversations, cyr, first.channel)

    assert pushes[0] == Gap(first.channel, 1, 1, 2)
    assert [push.offset for push in pushes[1:] if isinstance(push, Entry)] == [3]
    assert len(await read_all(conversations, ben, first.channel)) == 3


async def test_a_newcomer_with_the_past_reads_it_as_far_as_keys_reach(
    conversations: Conversations, town: Town
) -> None:
    ana, ben, cyr = town.person(), town.person(), town.person()
    first = a_statement(ana)
    await begin(conversations, ana, first)
    second = a_statement(ana, ben, after=first, has_past=False)
    await begin(conversations, ana, second)
    third = a_statement(ana, ben, cyr, after=second)
    await begin(conversations, ana, third)

    pushes = await read_all(conversations, cyr, first.channel)

    assert pushes[0] == Gap(first.channel, 1, 1, 1)
    assert [push.offset for push in pushes[1:] if isinstance(push, Entry)] == [2, 3]


async def test_a_removed_member_reads_nothing_more_and_is_told(
    conversations: Conversations, town: Town, clock: FakeClock
) -> None:
    ana, ben = town.person(), town.person()
    first = a_statement(ana, ben)
    await begin(conversations, ana, first)
    assert await conversations.list_channels(ben.account) == [first.channel]
    await begin(conversations, ana, a_statement(ana, after=first))

    assert await read_all(conversations, ben, first.channel) == ()
    clock.advance(days=1)
    assert await conversations.list_channels(ben.account) == []
    notices = await read_all(conversations, ben, inbox_channel(ben.account))
    assert [msgpack.unpackb(each.sealed) for each in notices if isinstance(each, Entry)] == [
        [1, "conversation", first.channel],
        [1, "removed", first.channel],
    ]


async def test_an_inbox_is_for_its_owner(conversations: Conversations, town: Town) -> None:
    ana, ben = town.person(), town.person()
    inbox = inbox_channel(ana.account)
    await conversations.notify(ana.account, ["chain", ana.account])

    [entry] = await read_all(conversations, ana, inbox)
    assert isinstance(entry, Entry)
    header = decode_header(entry.header)
    assert (header.account, header.device, header.channel) == (ana.account, None, inbox)
    assert await read_all(conversations, ben, inbox) == ()
    assert (await conversations.audience([inbox]))[inbox].accounts == {ana.account}
    await conversations.acknowledge(ana.account, ana.device, inbox, 1, 1, Level.DELIVERED)
    with pytest.raises(NotAMember):
        await conversations.acknowledge(ben.account, ben.device, inbox, 1, 1, Level.DELIVERED)
