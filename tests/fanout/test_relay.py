"""From a real feed to connections: order, gaps, controls, and a relay that does not give up."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping

import pytest

from lien.fanout.audiences import Audiences
from lien.fanout.delivery import Delivery
from lien.fanout.frames import prepare_frame
from lien.fanout.hub import Hub
from lien.fanout.relay import Relay
from lien.ids import AccountId, ChannelId
from lien.protocol.codec import encode
from lien.protocol.codes import CloseCode
from lien.protocol.frames import Behind, BehindReason, Entry, Level, Receipt, Typed
from lien.storage import keys
from lien.storage.errors import StoreUnavailable
from lien.storage.feeds import Control
from lien.storage.valkey import Store
from lien.telemetry import Metric, Telemetry
from tests.fanout.conftest import until
from tests.fanout.fakes import FakeSink
from tests.fanout.test_audiences import Members

CHANNEL = ChannelId("cAAECAwQFBgcICQoLDA0ODw")
ANNE = "EBESExQVFhcYGRobHB0eHw"
BRUNO = "ICEiIyQlJicoKSorLC0uLw"
GAP = prepare_frame(encode(Behind(BehindReason.FEED_GAP)))
Fields = dict[str | bytes, str | bytes | int | float]


def an_entry(offset: int, sealed: bytes = b"sealed", channel: str = CHANNEL) -> Fields:
    return {"k": f"m {channel} 1 1 {offset} 7", "h": b"h", "s": sealed}


def frame(offset: int, sealed: bytes = b"sealed") -> bytes:
    return prepare_frame(encode(Entry(CHANNEL, 1, offset, 7, b"h", sealed)))


class Bench:
    """A relay over shard 0, with the members of the one conversation connected."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.telemetry = Telemetry(write=lambda _: None)
        self.hub = Hub(self.telemetry)
        self.anne, self.bruno = FakeSink(ANNE), FakeSink(BRUNO)
        self.stranger = FakeSink("stranger")
        for sink in (self.anne, self.bruno, self.stranger):
            self.hub.register(sink)
        self.controls: list[Control] = []
        self.failures = 0
        audiences = Audiences(self.load)
        self.delivery = Delivery(self.hub, audiences)
        self.relay = Relay(
            store, self.hub, audiences, self.delivery, self.controls.append, self.telemetry
        )
        self.number = 0

    async def load(self, channels: Collection[ChannelId]) -> Mapping[ChannelId, Members]:
        if self.failures:
            self.failures -= 1
            raise StoreUnavailable("away")
        members = frozenset((AccountId(ANNE), AccountId(BRUNO)))
        return {channel: Members(1, members) for channel in channels}

    async def publish(self, *entries: Fields, skip: int = 0) -> None:
        """Append to the feed as the scripts do, in one step."""
        self.number += skip
        async with self.store.redis.pipeline() as pipe:
            for entry in entries:
                self.number += 1
                pipe.xadd(keys.feed(0), entry, id=f"{self.number}-0")  # type: ignore[arg-type]
            pipe.hset(keys.shard(0), "feed", str(self.number))
            await pipe.execute()


@pytest.fixture
async def bench(store: Store) -> AsyncIterator[Bench]:
    bench = Bench(store)
    await bench.publish(an_entry(1))
    await bench.relay.start()
    yield bench
    await bench.relay.stop()


async def test_entries_reach_the_members_in_order_and_only_what_is_new(bench: Bench) -> None:
    await bench.publish(an_entry(2), an_entry(3))
    await bench.publish(an_entry(4))
    await until(lambda: b"".join(bench.anne.frames).endswith(frame(4)))

    assert b"".join(bench.anne.frames) == frame(2) + frame(3) + frame(4)
    assert bench.bruno.frames == bench.anne.frames
    assert bench.stranger.frames == []


async def test_frames_read_together_are_written_together_up_to_a_bound(bench: Bench) -> None:
    large = bytes(30_000)
    await bench.publish(*(an_entry(offset, large) for offset in range(2, 7)))
    await until(lambda: len(b"".join(bench.anne.frames)) > 150_000)

    assert [len(written) // 30_000 for written in bench.anne.frames] == [2, 2, 1]


async def test_receipts_and_typing_are_pushed(bench: Bench) -> None:
    await bench.publish(
        {"k": "r", "c": CHANNEL, "v": 1, "a": BRUNO, "l": 2, "o": 1},
        {"k": "t", "c": CHANNEL, "v": 1, "a": BRUNO},
        {"k": "?", "c": CHANNEL},
    )
    receipt = encode(Receipt(CHANNEL, AccountId(BRUNO), Level.READ, 1))
    typed = encode(Typed(CHANNEL, AccountId(BRUNO)))

    await until(lambda: bench.anne.frames)

    assert b"".join(bench.anne.frames) == prepare_frame(receipt) + prepare_frame(typed)


async def test_an_inbox_entry_goes_to_its_owner(bench: Bench) -> None:
    await bench.publish(an_entry(1, channel=f"i{ANNE}"))
    await until(lambda: bench.anne.frames)
    assert bench.bruno.frames == []


@pytest.mark.parametrize(
    ("device", "session", "closed"),
    [
        ("phone", "", (CloseCode.REVOKED, CloseCode.REVOKED)),
        ("tablet", "", (None, None)),
        ("", "evening", (None, CloseCode.REVOKED)),
        ("", "", (CloseCode.REVOKED, CloseCode.REVOKED)),
    ],
)
async def test_a_control_entry_closes_and_is_reported(
    bench: Bench, device: str, session: str, closed: tuple[CloseCode | None, CloseCode | None]
) -> None:
    later = FakeSink(ANNE, "phone", "evening")
    bench.hub.register(later)

    await bench.publish({"k": "x", "a": ANNE, "d": device, "s": session, "n": 4200})
    await until(lambda: bench.controls)

    assert (bench.anne.closed, later.closed) == closed
    assert bench.bruno.closed is None
    assert bench.controls[0].account == ANNE


async def test_a_gap_in_the_feed_is_told_to_everyone(bench: Bench) -> None:
    await bench.publish(an_entry(5), skip=3)
    await until(lambda: len(bench.anne.frames) == 2)

    assert bench.anne.frames == [GAP, frame(5)]
    assert bench.stranger.frames == [GAP]
    assert bench.telemetry.counters[Metric.FEED_GAPS] == 1


async def test_nothing_is_lost_while_the_members_cannot_be_read(bench: Bench) -> None:
    bench.failures = 2
    await bench.publish(an_entry(2))
    await until(lambda: bench.anne.frames)
    assert bench.anne.frames == [frame(2)]


async def test_a_relay_that_met_a_bug_starts_over_and_says_so(bench: Bench) -> None:
    """An entry nobody can read must not silence its shard for ever."""
    await bench.publish({"k": f"m {CHANNEL}"})
    await until(lambda: GAP in bench.anne.frames)
    await bench.publish(an_entry(2))
    await until(lambda: frame(2) in bench.anne.frames)


async def test_stopping_leaves_no_task(bench: Bench) -> None:
    await bench.relay.stop()
    assert not [task for task in asyncio.all_tasks() if task.get_name().startswith("relay")]
