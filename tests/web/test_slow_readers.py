"""A thousand devices that do not read, beside one that does: real sockets, real buffers."""

import asyncio
import fcntl
import socket
import struct
import termios

import uvloop
from websockets.asyncio.client import ClientConnection

from lien.crypto.envelope import Header, Kind, encode_header
from lien.fanout.gathering import TOGETHER_BYTES
from lien.fanout.outbox import HIGH_WATER_BYTES
from lien.ids import ChannelId, EnvelopeId, new_channel, new_id
from lien.protocol import frames
from lien.protocol.positions import Cursor
from lien.storage import keys
from lien.storage.embedded import EmbeddedValkey
from lien.storage.shards import shard_of
from lien.storage.valkey import Store, open_store
from lien.web.socket import DeviceConnection
from tests.fakes import FakeClock
from tests.web.doors import SignedIn
from tests.web.sockets import Server, ask, read, serving

SLOW = 1_000
MESSAGES = 120
SEALED = bytes(16_000)  # all of them are more than any buffer here
# What the kernel may hold for one reader (it doubles what SO_SNDBUF asks for).
KERNEL_BYTES = 256 * 1024
RESUMING = 10  # of the slow ones; the others would only repeat it


def test_who_does_not_read_costs_little_and_loses_nothing(
    valkey: EmbeddedValkey, clock: FakeClock
) -> None:
    """On the loop of the product: another one's transports keep copies of what waits."""

    async def scenario() -> None:
        store = await open_store(valkey.url, 4, free_bytes=0)
        await store.redis.flushall()
        async with serving(store, clock) as server:
            peers: list[ClientConnection] = []
            try:
                async with asyncio.timeout(100):
                    await write_to_who_does_not_read(server, peers)
            finally:
                for peer in peers:
                    peer.transport.abort()
        await store.close()

    uvloop.run(scenario())


async def write_to_who_does_not_read(server: Server, slow: list[ClientConnection]) -> None:
    people = [SignedIn(server.clock) for _ in range(SLOW)]
    channel = await a_conversation(server.store, [server.anne, *people])
    fast = await server.open()
    for start in range(0, SLOW, 50):
        opened = await asyncio.gather(*map(server.open, people[start : start + 50]))
        slow += map(hold_back, opened)
    before = resident_bytes()

    received = asyncio.create_task(read_entries(fast, MESSAGES))
    for _ in range(MESSAGES):
        await send(server, channel)
    offsets = await received

    assert offsets == list(range(1, MESSAGES + 1)), "who reads gets all of it, in order, once"
    stalled = [sink for sink in sinks(server) if sink._socket.outbox.is_stalled]
    assert len(stalled) == SLOW
    for sink in stalled:
        transport = sink._socket._transport
        assert transport.get_write_buffer_size() <= HIGH_WATER_BYTES + TOGETHER_BYTES
        assert unsent_bytes(transport.get_extra_info("socket")) <= KERNEL_BYTES
    # Buffers of different readers share the bytes of a frame.
    assert (resident_bytes() - before) / SLOW < 64 * 1024

    for peer in slow[:RESUMING]:
        assert await catch_up(peer, channel) == list(range(1, MESSAGES + 1))
    await fast.close()


async def a_conversation(store: Store, people: list[SignedIn]) -> ChannelId:
    """As a statement leaves it; one of so many members would be refused."""
    channel = new_channel()
    shard = shard_of(channel, store.shards)
    await store.pipe.call("HSET", keys.state(shard, channel), "epoch", 1, "version", 1)
    members = [text for each in people for text in (each.account, "m:1:1")]
    await store.pipe.call("HSET", keys.members(shard, channel), *members)
    return channel


def hold_back(peer: ClientConnection) -> ClientConnection:
    peer.transport.pause_reading()
    return peer


async def send(server: Server, channel: ChannelId) -> None:
    who = server.anne
    header = Header(channel, 1, who.account, who.device, EnvelopeId(new_id()), Kind.MESSAGE)
    await server.conversations.send(who.account, who.device, encode_header(header), SEALED)


async def read_entries(peer: ClientConnection, count: int) -> list[int]:
    offsets: list[int] = []
    while len(offsets) < count:
        event = await read(peer)
        assert isinstance(event, frames.Entry), event
        offsets.append(event.offset)
    return offsets


async def catch_up(peer: ClientConnection, channel: ChannelId) -> list[int]:
    """As a device does: what comes in order counts; when told that it is behind, it resumes."""
    offsets: list[int] = []
    peer.transport.resume_reading()
    while not isinstance(event := await read(peer), frames.Behind):
        assert isinstance(event, frames.Entry)
        offsets.append(event.offset)
    assert event.reason is frames.BehindReason.SLOW_READER
    while True:
        cursor = Cursor(channel, 1, offsets[-1])
        *entries, resumed = await ask(peer, frames.Resume(9, (cursor,)))
        offsets += [each.offset for each in entries if isinstance(each, frames.Entry)]
        assert isinstance(resumed, frames.Resumed)
        if resumed.states[0].next == resumed.states[0].head:
            return offsets


def sinks(server: Server) -> list[DeviceConnection]:
    found = [sink for each in server.hub._sinks.values() for sink in each]
    return [sink for sink in found if isinstance(sink, DeviceConnection)]


def unsent_bytes(sock: socket.socket) -> int:
    """What the kernel still holds of what was written (SIOCOUTQ, which is TIOCOUTQ)."""
    answer = fcntl.ioctl(sock.fileno(), termios.TIOCOUTQ, bytes(4))
    return int(struct.unpack("i", answer)[0])


def resident_bytes() -> int:
    with open("/proc/self/statm") as pages:
        return int(pages.read().split()[1]) * 4096
