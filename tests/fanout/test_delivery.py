"""What a worker appended is delivered at once, and by the feed once: never twice, never early."""

import asyncio
from collections.abc import Collection, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lien.fanout.audiences import Audiences
from lien.fanout.delivery import Delivery
from lien.fanout.frames import prepare_frame
from lien.fanout.hub import Hub
from lien.ids import AccountId, ChannelId
from lien.protocol.codec import encode
from lien.protocol.frames import Entry
from lien.protocol.positions import Cursor
from lien.storage.feeds import EntryAppended
from lien.telemetry import Telemetry
from tests.fanout.fakes import FakeSink
from tests.fanout.test_audiences import Members

CHANNEL = ChannelId("cAAECAwQFBgcICQoLDA0ODw")
ANNE = AccountId("EBESExQVFhcYGRobHB0eHw")
EVERYONE = frozenset((ANNE,))


async def load(channels: Collection[ChannelId]) -> Mapping[ChannelId, Members]:
    return {channel: Members(1, EVERYONE, head=0) for channel in channels}


def frame(offset: int) -> bytes:
    return prepare_frame(encode(Entry(CHANNEL, 1, offset, 7, b"h", b"sealed")))


class Worker:
    """Audiences, hub and delivery with one device connected: Anne's."""

    def __init__(self) -> None:
        self.audiences = Audiences(load)
        hub = Hub(Telemetry(write=lambda _: None))
        self.anne = FakeSink(ANNE)
        hub.register(self.anne)
        self.delivery = Delivery(hub, self.audiences)
        asyncio.run(self.audiences.load(ANNE, [Cursor(CHANNEL, 1, 0)]))

    def show(self, offset: int, version: int = 1, incarnation: int = 1) -> None:
        """The store has answered an append of this worker."""
        self.delivery.show(CHANNEL, version, incarnation, offset, 7, b"h", b"sealed")

    def feed(self, *offsets: int) -> None:
        """The feed brings them, as the relay hands them over."""
        batch = [EntryAppended(each, CHANNEL, 1, 1, each, 7, b"h", b"sealed") for each in offsets]
        for each in offsets:
            self.audiences.note(CHANNEL, 1, each)
        self.delivery.relay(CHANNEL, EVERYONE, batch)

    @property
    def read(self) -> bytes:
        return b"".join(self.anne.frames)


@pytest.fixture
def worker() -> Worker:
    return Worker()


def test_what_follows_a_delivered_entry_does_not_wait_for_the_feed(worker: Worker) -> None:
    worker.feed(1)
    worker.show(2)
    worker.show(3)

    assert worker.read == frame(1) + frame(2) + frame(3)
    worker.feed(2, 3, 4)
    assert worker.read == frame(1) + frame(2) + frame(3) + frame(4)


@pytest.mark.parametrize(
    ("offset", "version", "incarnation"),
    [
        (3, 1, 1),  # another worker's entry is in between
        (1, 1, 1),  # it was delivered before
        (2, 2, 1),  # who receives it is not known yet
        (2, 0, 1),  # a repetition: the log says what it is
        (2, 1, 2),  # another stream: what is common with the old one is for the log to say
    ],
)
def test_what_does_not_follow_is_left_to_the_feed(
    worker: Worker, offset: int, version: int, incarnation: int
) -> None:
    worker.feed(1)
    worker.show(offset, version, incarnation)
    assert worker.read == frame(1)


def test_the_first_entry_and_the_first_after_a_gap_wait_for_the_feed(worker: Worker) -> None:
    worker.show(1)
    assert worker.read == b""
    worker.feed(1)
    worker.audiences.forget()
    worker.show(2)
    assert worker.read == frame(1)


@given(st.lists(st.booleans(), max_size=12), st.data())
def test_in_whatever_turn_answers_and_feed_come_each_entry_is_delivered_once_in_order(
    is_ours: list[bool], data: st.DataObject
) -> None:
    """Answers come in order, each before or after the feed has brought the same entry."""
    worker, last = Worker(), len(is_ours)
    answers = [offset for offset, ours in enumerate(is_ours, 1) if ours]
    reached = 0
    while reached < last or answers:
        if answers and (reached == last or data.draw(st.booleans())):
            worker.show(answers.pop(0))
        else:
            count = data.draw(st.integers(1, last - reached))
            worker.feed(*range(reached + 1, reached + count + 1))
            reached += count

    assert worker.read == b"".join(frame(offset) for offset in range(1, last + 1))
