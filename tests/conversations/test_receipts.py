"""Receipts and typing: small, and never more than needed."""

import pytest

from lien.conversations import Conversations, NotAMember
from lien.protocol.frames import Level
from lien.protocol.limits import MAX_RECEIPT_MEMBERS
from lien.storage import keys
from lien.storage.feeds import ReceiptMoved, TypingSeen
from lien.storage.shards import shard_of
from lien.storage.valkey import Store
from tests.conversations.asking import begin, read_all, read_feed
from tests.conversations.people import (
    Town,
    a_statement,
    an_envelope,
)


async def test_receipts_are_told_only_when_they_rise(
    conversations: Conversations, town: Town, store: Store
) -> None:
    ana, ben = town.person(), town.person()
    made = a_statement(ana, ben)
    await begin(conversations, ana, made)
    await conversations.send(ana.account, ana.device, *an_envelope(ana, made))

    for incarnation, offset, level in (
        (1, 1, Level.DELIVERED),
        (1, 1, Level.DELIVERED),  # again
        (1, 2, Level.READ),
        (1, 2, Level.DELIVERED),  # what is read was delivered
        (1, 1, Level.READ),  # an older device of the same person
        (1, 9, Level.READ),  # beyond the end
        (2, 2, Level.READ),  # of another stream
    ):
        await conversations.acknowledge(
            ben.account, ben.device, made.channel, incarnation, offset, level
        )

    receipts = [
        (each.account, each.level, each.offset)
        for each in await read_feed(store, made.channel)
        if isinstance(each, ReceiptMoved)
    ]
    assert receipts == [(ben.account, 1, 1), (ben.account, 2, 2)]
    cursors = keys.cursors(shard_of(made.channel, store.shards), made.channel)
    assert await store.redis.hget(cursors, ben.device) == b"1:2"


async def test_receipts_of_a_large_conversation_are_kept_and_not_told(
    conversations: Conversations, town: Town, store: Store
) -> None:
    """Everyone telling everyone costs the square of the members."""
    ana, *others = (town.person() for _ in range(MAX_RECEIPT_MEMBERS + 1))
    made = a_statement(ana, *others)
    await begin(conversations, ana, made)

    ben = others[0]
    await conversations.acknowledge(ben.account, ben.device, made.channel, 1, 1, Level.READ)

    feed = await read_feed(store, made.channel)
    assert not any(isinstance(each, ReceiptMoved) for each in feed)
    kept = await conversations.list_receipts(ana.account, made.channel)
    assert {each.account for each in kept} == {ben.account}


async def test_who_was_away_reads_receipts_as_they_stand(
    conversations: Conversations, town: Town
) -> None:
    ana, ben, eve = town.person(), town.person(), town.person()
    made = a_statement(ana, ben)
    await begin(conversations, ana, made)
    assert await conversations.list_receipts(ana.account, made.channel) == []
    await conversations.acknowledge(ben.account, ben.device, made.channel, 1, 1, Level.READ)

    receipts = await conversations.list_receipts(ana.account, made.channel)

    assert {(each.account, each.level, each.offset) for each in receipts} == {
        (ben.account, Level.DELIVERED, 1),
        (ben.account, Level.READ, 1),
    }
    with pytest.raises(NotAMember):
        await conversations.list_receipts(eve.account, made.channel)


async def test_typing_is_told_and_not_kept(
    conversations: Conversations, town: Town, store: Store
) -> None:
    ana = town.person()
    made = a_statement(ana)
    await begin(conversations, ana, made)

    await conversations.typing(ana.account, made.channel)

    feed = await read_feed(store, made.channel)
    assert isinstance(feed[-1], TypingSeen)
    assert len(await read_all(conversations, ana, made.channel)) == 1
