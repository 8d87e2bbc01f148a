"""Many frames, few writes, one order."""

import asyncio

from lien.fanout.gathering import LARGE, TOGETHER_BYTES, Gathering
from lien.fanout.hub import Hub
from lien.ids import AccountId, ChannelId
from lien.telemetry import Telemetry
from tests.fanout.conftest import until
from tests.fanout.fakes import FakeSink

CHANNEL, OTHER = ChannelId("c1"), ChannelId("c2")
FEW = frozenset((AccountId("anne"),))
MANY = FEW | {AccountId(f"member {number}") for number in range(LARGE)}


def a_gathering() -> tuple[Gathering, FakeSink]:
    hub, anne = Hub(Telemetry()), FakeSink("anne")
    hub.register(anne)
    return Gathering(hub), anne


async def test_a_few_wait_for_nothing() -> None:
    gathering, anne = a_gathering()
    gathering.deliver(CHANNEL, FEW, [b"1", b"2"])
    gathering.deliver(CHANNEL, FEW, [b"3"])
    assert anne.frames == [b"12", b"3"]


async def test_frames_for_many_are_held_a_moment_and_written_once() -> None:
    gathering, anne = a_gathering()
    gathering.deliver(CHANNEL, MANY, [b"1"])
    gathering.deliver(OTHER, MANY, [b"x"])
    gathering.deliver(CHANNEL, MANY, [b"2", b"3"])
    assert anne.frames == []

    await until(lambda: anne.frames)

    assert anne.frames == [b"123", b"x"]
    gathering.deliver(CHANNEL, MANY, [b"4"])
    await until(lambda: anne.frames[-1] == b"4")


async def test_what_is_held_is_bounded() -> None:
    gathering, anne = a_gathering()
    frame = bytes(TOGETHER_BYTES // 3)
    gathering.deliver(CHANNEL, MANY, [frame] * 7)
    assert anne.frames == [frame * 3, frame * 3]
    gathering.flush()
    assert anne.frames[2:] == [frame]


async def test_a_large_conversation_that_became_small_keeps_its_order() -> None:
    gathering, anne = a_gathering()
    gathering.deliver(CHANNEL, MANY, [b"1"])
    gathering.deliver(CHANNEL, FEW, [b"2"])
    assert anne.frames == [b"12"]


async def test_flushing_leaves_nothing_behind() -> None:
    gathering, anne = a_gathering()
    gathering.deliver(CHANNEL, MANY, [b"1"])
    gathering.flush()
    gathering.flush()
    await asyncio.sleep(0.02)
    assert anne.frames == [b"1"]
