"""The cache is never older than the entry it is asked for."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from lien.fanout.audiences import Audiences
from lien.ids import AccountId, ChannelId

ONE, TWO, THREE = ChannelId("c1"), ChannelId("c2"), ChannelId("c3")


@dataclass(frozen=True)
class Members:
    version: int
    accounts: frozenset[AccountId]


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
