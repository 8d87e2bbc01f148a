"""What a device that comes back is given."""

from typing import Any

from lien.conversations import (
    Conversations,
)
from lien.ids import inbox_channel, new_channel
from lien.protocol.frames import Entry, Gap, Reset
from lien.protocol.positions import ChannelState, Cursor
from lien.storage import keys
from lien.storage.shards import shard_of
from lien.storage.valkey import Store
from lien.telemetry import Metric, Telemetry
from tests.conversations.asking import begin, read_all
from tests.conversations.people import (
    Town,
    a_statement,
    an_envelope,
)


async def test_a_resume_stops_at_its_budget_and_says_where(
    conversations: Conversations, town: Town
) -> None:
    ana = town.person()
    made = a_statement(ana)
    await begin(conversations, ana, made)
    for _ in range(20):
        await conversations.send(ana.account, ana.device, *an_envelope(ana, made, "x" * 3000))

    after, seen = 0, []
    for _ in range(10):
        found = await conversations.resume(
            ana.account, [Cursor(made.channel, 1, after)], budget_bytes=16_000
        )
        [state] = found.states
        seen += [push.offset for push in found.pushes if isinstance(push, Entry)]
        assert state.head == 21
        assert state.next == seen[-1]
        after = state.next
        if after == state.head:
            break

    assert seen == list(range(1, 22))


async def test_one_large_entry_always_fits(conversations: Conversations, town: Town) -> None:
    ana = town.person()
    made = a_statement(ana)
    await begin(conversations, ana, made)

    found = await conversations.resume(ana.account, [Cursor(made.channel, 0, 0)], budget_bytes=1)

    assert len(found.pushes) == 1


async def test_many_channels_resume_together(conversations: Conversations, town: Town) -> None:
    ana = town.person()
    made = [a_statement(ana) for _ in range(20)]
    for each in made:
        await begin(conversations, ana, each)
        await conversations.send(ana.account, ana.device, *an_envelope(ana, each))

    found = await conversations.resume(
        ana.account,
        [Cursor(each.channel, 1, index % 3) for index, each in enumerate(made)]
        + [Cursor(new_channel(), 1, 1), Cursor(inbox_channel(ana.account), 0, 0)],
    )

    assert {state.channel for state in found.states} == {each.channel for each in made} | {
        inbox_channel(ana.account)
    }
    for index, each in enumerate(made):
        offsets = [
            push.offset
            for push in found.pushes
            if isinstance(push, Entry) and push.channel == each.channel
        ]
        assert offsets == list(range(index % 3 + 1, 3))


async def test_a_cursor_ahead_of_the_log_is_reset_and_counted(
    conversations: Conversations, town: Town, telemetry: Telemetry
) -> None:
    """The device holds more than the store: the store has lost something."""
    ana = town.person()
    made = a_statement(ana)
    await begin(conversations, ana, made)

    found = await conversations.resume(ana.account, [Cursor(made.channel, 1, 9)])

    assert found.pushes == (Reset(made.channel, 1, 1),)
    assert found.states == (ChannelState(made.channel, 1, 1, 1),)
    assert telemetry.counters[Metric.CURSORS_AHEAD] == 1


async def test_a_restored_store_resets_cursors_to_what_is_common(
    conversations: Conversations, town: Town, store: Store
) -> None:
    ana = town.person()
    made = a_statement(ana)
    await begin(conversations, ana, made)
    shard = shard_of(made.channel, store.shards)
    for incarnation in (2, 3):
        await store.redis.hset(keys.shard(shard), "incarnation", str(incarnation))
        quiet = await conversations.resume(ana.account, [Cursor(made.channel, 1, 1)])
        assert isinstance(quiet.pushes[0], Reset)
        await conversations.send(ana.account, ana.device, *an_envelope(ana, made))

    async def reset_of(incarnation: int, offset: int) -> object:
        cursor = Cursor(made.channel, incarnation, offset)
        return (await conversations.resume(ana.account, [cursor])).pushes

    # Incarnation 2 began after offset 1, incarnation 3 after offset 2.
    assert await reset_of(1, 3) == (Reset(made.channel, 3, 1),)
    assert await reset_of(2, 3) == (Reset(made.channel, 3, 2),)
    assert await reset_of(2, 1) == (Reset(made.channel, 3, 1),)
    assert await reset_of(4, 3) == (Reset(made.channel, 3, 0),)
    assert await reset_of(3, 3) == ()
    [entry] = (await conversations.resume(ana.account, [Cursor(made.channel, 3, 2)])).pushes
    assert isinstance(entry, Entry)
    assert (entry.incarnation, entry.offset) == (3, 3)


async def test_an_altered_entry_is_never_served(
    conversations: Conversations, town: Town, store: Store, telemetry: Telemetry
) -> None:
    """The store does not notice a flipped bit in its file."""
    ana = town.person()
    made = a_statement(ana)
    await begin(conversations, ana, made)
    for _ in range(2):
        await conversations.send(ana.account, ana.device, *an_envelope(ana, made))
    log = keys.log(shard_of(made.channel, store.shards), made.channel)
    entries: Any = await store.redis.xrange(log)
    await store.redis.delete(log)
    for entry_id, fields in entries:
        header = bytearray(fields[b"h"])
        header[10] ^= entry_id == b"2-0"
        await store.redis.xadd(log, {**fields, b"h": bytes(header)}, id=entry_id)

    pushes = await read_all(conversations, ana, made.channel)

    assert pushes[1] == Gap(made.channel, 1, 2, 2)
    assert isinstance(pushes[2], Entry)
    assert telemetry.counters[Metric.ENTRIES_DAMAGED] == 1
