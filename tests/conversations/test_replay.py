"""
Resume equals replay: after any sequence of sends, drops and reconnects, what a device holds
equals what a fresh device gets by reading from the start. The most valuable test of the suite.
"""

import asyncio

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lien.conversations import Conversations
from lien.conversations.store import ConversationStore
from lien.ids import ChannelId
from lien.protocol.frames import Entry, Gap, Reset
from lien.protocol.positions import Cursor
from lien.storage import keys
from lien.storage.embedded import EmbeddedValkey
from lien.storage.shards import shard_of
from lien.storage.valkey import Store, open_store
from lien.telemetry import Telemetry
from tests.conftest import SHARDS
from tests.conversations.asking import begin
from tests.conversations.conftest import RETENTION_MS
from tests.conversations.people import Made, Person, Town, a_statement, an_envelope
from tests.fakes import FakeClock


class Phone:
    """A device by the rules of docs/protocol.md, and nothing more."""

    def __init__(self, channel: ChannelId) -> None:
        self.channel = channel
        self.cursor = Cursor(channel, 0, 0)
        self.held: dict[int, tuple[bytes, bytes]] = {}

    def apply(self, push: Entry | Gap | Reset) -> None:
        _, incarnation, offset = self.cursor
        match push:
            case Reset():
                self.held = {at: what for at, what in self.held.items() if at <= push.offset}
                self.cursor = Cursor(self.channel, push.incarnation, push.offset)
            case Entry() if self._is_next(push.incarnation, push.offset):
                self.held[push.offset] = (push.header, push.sealed)
                self.cursor = Cursor(self.channel, push.incarnation, push.offset)
            case Gap() if self._is_next(push.incarnation, push.from_offset):
                self.cursor = Cursor(self.channel, push.incarnation, push.to_offset)
            case Entry() if push.offset <= offset and push.incarnation == incarnation:
                # A repeat shows what is held already.
                assert self.held.get(push.offset) in (None, (push.header, push.sealed))

    def _is_next(self, incarnation: int, offset: int) -> bool:
        is_same_stream = self.cursor.incarnation in (0, incarnation)
        return is_same_stream and offset == self.cursor.offset + 1


class World:
    """One conversation of two, two devices each, and everything that may happen to them."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.town = Town()
        self.people = [self.town.person(), self.town.person()]
        self.conversations = Conversations(
            ConversationStore(store, RETENTION_MS),
            self.town,
            FakeClock(),
            Telemetry(write=lambda line: None),
        )
        self.made: Made = a_statement(*self.people)
        self.phones = [(person, Phone(self.made.channel)) for person in self.people * 2]

    async def begin(self) -> None:
        await begin(self.conversations, self.people[0], self.made)

    async def send(self, sender: int, size: int, reached: int) -> None:
        """Send; each phone gets the live push only if its bit of `reached` is set."""
        person = self.people[sender % 2]
        header, sealed = an_envelope(person, self.made, "x" * size)
        accepted = await self.conversations.send(person.account, person.device, header, sealed)
        push = Entry(
            self.made.channel,
            accepted.incarnation,
            accepted.offset,
            accepted.at_ms,
            header,
            sealed,
        )
        for index, (_, phone) in enumerate(self.phones):
            if reached & (1 << index):
                phone.apply(push)

    async def renew(self) -> None:
        self.made = a_statement(self.people[0], self.people[1], after=self.made)
        await begin(self.conversations, self.people[0], self.made)

    async def restore(self) -> None:
        """What `lien store new-incarnation` does, with nothing lost."""
        shard = keys.shard(shard_of(self.made.channel, SHARDS))
        await self.store.redis.hset(
            shard, "incarnation", int(await self.store.redis.hget(shard, "incarnation") or 1) + 1
        )

    async def resume(self, person: Person, phone: Phone, budget: int) -> bool:
        """One Resume; True when the phone is at the head."""
        found = await self.conversations.resume(person.account, [phone.cursor], budget)
        for push in found.pushes:
            phone.apply(push)
        [state] = found.states
        assert phone.cursor.offset == state.next
        return state.next == state.head

    async def replayed(self, person: Person) -> Phone:
        """A fresh device of the person that has read everything."""
        fresh = Phone(self.made.channel)
        while not await self.resume(person, fresh, 1_000_000):
            pass
        return fresh


STEPS = st.one_of(
    st.tuples(
        st.just("send"), st.integers(0, 1), st.sampled_from([5, 300, 9_000]), st.integers(0, 15)
    ),
    st.tuples(st.just("resume"), st.integers(0, 3), st.sampled_from([1, 3_000, 262_144])),
    st.tuples(st.just("renew")),
    st.tuples(st.just("restore")),
)


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(STEPS, max_size=25))
def test_resume_equals_replay(valkey: EmbeddedValkey, steps: list[tuple[object, ...]]) -> None:
    asyncio.run(live(valkey, steps))


async def live(valkey: EmbeddedValkey, steps: list[tuple[object, ...]]) -> None:
    store = await open_store(valkey.url, SHARDS, free_bytes=0)
    try:
        await store.redis.flushall()
        await compare(World(store), steps)
    finally:
        await store.close()


async def compare(world: World, steps: list[tuple[object, ...]]) -> None:
    await world.begin()
    for step in steps:
        match step:
            case ("send", int(sender), int(size), int(reached)):
                await world.send(sender, size, reached)
            case ("resume", int(index), int(budget)):
                await world.resume(*world.phones[index], budget)
            case ("renew",):
                await world.renew()
            case _:
                await world.restore()

    for person, phone in world.phones:
        while not await world.resume(person, phone, 4_000):
            pass
        fresh = await world.replayed(person)
        assert phone.held == fresh.held
        assert sorted(phone.held) == list(range(1, phone.cursor.offset + 1))
