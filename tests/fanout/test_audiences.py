"""The cache is never older than the entry it is asked for, nor than what was delivered here."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from lien.fanout.audiences import Audiences
from lien.ids import AccountId, ChannelId
from lien.protocol.positions import ChannelState, Cursor

ONE, TWO, THREE = ChannelId("c1"), ChannelId("c2"), ChannelId("c3")


@dataclass(frozen=True)
class Members:
    version: int
    accounts: frozenset[AccountId]
    incarnation: int = 1
    head: int = 7


class Loader:
    """Answers with a version of its own, and remembers what it was asked."""

    def __init__(self) -> None:
        self.version = 1
        self.asked: list[set[ChannelId]] = []

    async def __call__(self, channels: Collection[ChannelId]) -> Mapping[ChannelId, Members]:
        self.asked.append(set(channels))
        who = frozenset((AccountId(f"member {self.version}"),))
        return {channel: Members(self.version, who) for channel in channels if channel != "c?"}


async def test_missing_audiences_are_loaded_in_one_call_and_once() -> None:
    load = Loader()
    audiences = Audiences(load)

    first = await audiences.find({ONE: 1, TWO: 1})
    again = await audiences.find({ONE: 1, TWO: 1})

    assert first == again == {ONE: {"member 1"}, TWO: {"member 1"}}
    assert load.asked == [{ONE, TWO}]


async def test_a_newer_membership_is_loaded_and_an_older_entry_goes_to_todays_members() -> None:
    load = Loader()
    audiences = Audiences(load)
    await audiences.find({ONE: 1})
    load.version = 2

    assert await audiences.find({ONE: 2}) == {ONE: {"member 2"}}
    assert await audiences.find({ONE: 1}) == {ONE: {"member 2"}}
    assert len(load.asked) == 2


async def test_an_inbox_is_its_owners_and_an_unknown_channel_nobodys() -> None:
    load = Loader()
    audiences = Audiences(load)

    found = await audiences.find({ChannelId("ianne"): 0, ChannelId("c?"): 1})

    assert found == {"ianne": {"anne"}}
    assert load.asked == [{"c?"}]


async def test_the_least_recently_used_is_forgotten() -> None:
    load = Loader()
    audiences = Audiences(load, capacity=2)
    await audiences.find({ONE: 1})
    await audiences.find({TWO: 1})
    await audiences.find({ONE: 1})
    await audiences.find({THREE: 1})
    load.asked.clear()

    await audiences.find({ONE: 1})
    await audiences.find({TWO: 1})

    assert load.asked == [{TWO}]


ANNE = AccountId("member 1")
AT_END = Cursor(ONE, 1, 7)


async def test_who_is_at_the_end_lacks_nothing_and_the_store_is_asked_once() -> None:
    load = Loader()
    audiences = Audiences(load)
    behind, rebuilt = Cursor(TWO, 1, 6), Cursor(THREE, 2, 7)

    assert audiences.settle(ANNE, [AT_END]) == ([], [], [AT_END])
    await audiences.load(ANNE, [AT_END, behind, rebuilt])
    await audiences.load(ANNE, [AT_END, behind, rebuilt])

    assert audiences.settle(ANNE, [AT_END, behind, rebuilt]) == (
        [],
        [ChannelState(ONE, 1, 7, 7)],
        [behind, rebuilt],
    )
    assert load.asked == [{ONE, TWO, THREE}]


async def test_an_entry_moves_the_end() -> None:
    audiences = Audiences(Loader())
    await audiences.load(ANNE, [AT_END])
    audiences.note(ONE, 1, 8)
    audiences.note(ONE, 1, 6)  # late
    audiences.note(TWO, 1, 9)  # not known here

    assert audiences.settle(ANNE, [AT_END]) == ([], [], [AT_END])
    assert audiences.settle(ANNE, [Cursor(ONE, 1, 8)]) == ([], [ChannelState(ONE, 1, 8, 8)], [])


async def test_an_entry_that_comes_while_its_channel_is_loaded_is_not_missed() -> None:
    loaded = asyncio.Event()

    async def load(channels: Collection[ChannelId]) -> Mapping[ChannelId, Members]:
        await loaded.wait()
        return {channel: Members(1, frozenset((ANNE,))) for channel in channels}

    audiences = Audiences(load)
    loading = [asyncio.create_task(audiences.load(ANNE, [AT_END])) for _ in range(2)]
    await asyncio.sleep(0)
    audiences.note(ONE, 1, 8)
    loaded.set()
    await asyncio.gather(*loading)

    assert audiences.settle(ANNE, [AT_END]) == ([], [], [AT_END])


async def test_what_was_missed_is_forgotten_also_while_it_is_loaded() -> None:
    loaded = asyncio.Event()

    async def load(channels: Collection[ChannelId]) -> Mapping[ChannelId, Members]:
        await loaded.wait()
        return {channel: Members(1, frozenset((ANNE,))) for channel in channels}

    audiences = Audiences(load)
    loading = asyncio.create_task(audiences.load(ANNE, [AT_END]))
    await asyncio.sleep(0)
    audiences.forget()
    loaded.set()
    await loading

    assert audiences.settle(ANNE, [AT_END]) == ([], [], [AT_END])


async def test_nobody_learns_or_fills_the_cache_with_what_is_not_theirs() -> None:
    load = Loader()
    audiences = Audiences(load)
    stranger, inbox = AccountId("stranger"), Cursor(ChannelId("ianne"), 0, 0)

    await audiences.load(stranger, [AT_END, inbox])
    assert audiences.settle(stranger, [AT_END, inbox]) == ([], [], [AT_END, inbox])
    assert load.asked == [{ONE}]

    await audiences.load(ANNE, [AT_END])
    assert audiences.settle(stranger, [AT_END]) == ([], [], [AT_END])


async def test_who_never_read_what_is_empty_lacks_nothing() -> None:
    async def load(channels: Collection[ChannelId]) -> Mapping[ChannelId, Members]:
        return {channel: Members(0, frozenset((ANNE,)), 3, 0) for channel in channels}

    audiences = Audiences(load)
    never = Cursor(ONE, 0, 0)
    await audiences.load(ANNE, [never])
    assert audiences.settle(ANNE, [never]) == ([], [ChannelState(ONE, 3, 0, 0)], [])


async def test_a_group_that_comes_back_together_is_asked_for_a_few_times_only() -> None:
    gate = asyncio.Event()
    load = Loader()

    async def slow(channels: Collection[ChannelId]) -> Mapping[ChannelId, Members]:
        await gate.wait()
        return await load(channels)

    audiences = Audiences(slow)
    member = AccountId("member 1")
    cursors = [Cursor(ONE, 1, 7), Cursor(TWO, 1, 7)]
    everyone = [asyncio.create_task(audiences.load(member, cursors)) for _ in range(500)]
    await asyncio.sleep(0)
    gate.set()
    await asyncio.gather(*everyone)

    assert len(load.asked) <= 8
    assert audiences.settle(member, cursors)[2] == []
