"""What is older than the retention goes, and is said to be gone."""

import pytest

from lien.conversations import Conversations, NotAMember
from lien.conversations.errors import NotAnAdmin
from lien.conversations.store import ConversationStore
from lien.protocol.frames import Entry, Gap
from lien.storage import keys
from lien.storage.valkey import Store
from lien.telemetry import Telemetry
from tests.conversations.asking import begin, read_all
from tests.conversations.conftest import RETENTION_MS
from tests.conversations.people import (
    Town,
    a_statement,
    an_envelope,
)
from tests.fakes import FakeClock

DAY_MS = 86_400_000


async def test_old_entries_go_and_are_said_to_be_gone(
    conversations: Conversations, town: Town, clock: FakeClock, store: Store
) -> None:
    ana = town.person()
    first = a_statement(ana)
    await begin(conversations, ana, first)
    header, sealed = an_envelope(ana, first)
    await conversations.send(ana.account, ana.device, header, sealed)
    clock.advance(days=20)
    second = a_statement(ana, after=first)
    await begin(conversations, ana, second)
    await conversations.send(ana.account, ana.device, *an_envelope(ana, second))
    clock.advance(days=11)

    assert await conversations.sweep() == 3  # a notice too

    pushes = await read_all(conversations, ana, first.channel)
    assert pushes[0] == Gap(first.channel, 1, 1, 2)
    assert [push.offset for push in pushes[1:] if isinstance(push, Entry)] == [3, 4]
    page = await conversations.read_epochs(ana.account, first.channel, 0)
    assert [epoch.sealed_key is None for epoch in page.epochs] == [True, False]
    # Its entry is gone, but a retry is still known as one.
    accepted = await conversations.send(ana.account, ana.device, header, sealed)
    assert accepted.offset == 2


async def test_an_empty_log_goes_on_counting(
    conversations: Conversations, town: Town, clock: FakeClock
) -> None:
    ana = town.person()
    made = a_statement(ana)
    await begin(conversations, ana, made)
    clock.advance(days=31)

    assert await conversations.sweep() == 2  # the statement and the notice

    assert await read_all(conversations, ana, made.channel) == (Gap(made.channel, 1, 1, 1),)
    accepted = await conversations.send(ana.account, ana.device, *an_envelope(ana, made))
    assert accepted.offset == 2


async def test_a_clock_that_jumps_ahead_erases_an_hour_at_most(
    conversations: Conversations, town: Town, clock: FakeClock, store: Store
) -> None:
    ana = town.person()
    made = a_statement(ana)
    await begin(conversations, ana, made)
    await conversations.sweep()
    clock.advance(days=40)

    assert await conversations.sweep() == 0  # another worker has just swept
    for shard in range(store.shards):
        await store.redis.hset(keys.shard(shard), "swept", "0")
    assert await conversations.sweep() == 0

    clock.advance(days=-40)
    assert len(await read_all(conversations, ana, made.channel)) == 1


async def test_an_admin_chooses_less_and_nobody_more(
    conversations: Conversations, town: Town, clock: FakeClock
) -> None:
    ana, ben = town.person(), town.person()
    made = a_statement(ana, ben)
    await begin(conversations, ana, made)
    channel = made.channel
    with pytest.raises(NotAnAdmin):
        await conversations.set_retention(ben.account, channel, 7)
    with pytest.raises(NotAMember):
        await conversations.set_retention(town.person().account, channel, 7)
    await conversations.set_retention(ana.account, channel, 7)
    await conversations.send(ana.account, ana.device, *an_envelope(ana, made))
    clock.advance(days=8)
    header, sealed = an_envelope(ana, made)
    await conversations.send(ana.account, ana.device, header, sealed)

    assert await conversations.sweep() == 2  # the statement and the first message, not the notices

    pushes = await read_all(conversations, ana, channel)
    assert [push.offset for push in pushes if isinstance(push, Entry)] == [3]


async def test_a_choice_beyond_the_deployments_is_the_deployments(
    conversations: Conversations, town: Town, clock: FakeClock
) -> None:
    ana = town.person()
    made = a_statement(ana)
    await begin(conversations, ana, made)
    await conversations.set_retention(ana.account, made.channel, 366)
    clock.advance(days=31)

    assert await conversations.sweep() == 2


async def test_a_choice_below_the_least_is_the_least(
    store: Store, town: Town, clock: FakeClock, telemetry: Telemetry
) -> None:
    kept = ConversationStore(store, RETENTION_MS, least_ms=7 * DAY_MS)
    conversations = Conversations(kept, town, clock, telemetry)
    ana = town.person()
    made = a_statement(ana)
    await begin(conversations, ana, made)
    await conversations.set_retention(ana.account, made.channel, 1)
    clock.advance(days=2)
    await conversations.send(ana.account, ana.device, *an_envelope(ana, made))
    clock.advance(days=6)
    assert await conversations.sweep() == 1  # the statement, not the message of six days ago
