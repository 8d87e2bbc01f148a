"""Leaving and coming back: what it costs the store, and who has gone without a word."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from websockets.asyncio.client import ClientConnection

from lien.crypto.envelope import Header, Kind, encode_header
from lien.fanout.wheel import TURN_SECONDS
from lien.ids import ChannelId, EnvelopeId, inbox_channel, new_channel, new_id
from lien.protocol import frames
from lien.protocol.limits import MAX_MISSED_PINGS
from lien.protocol.positions import ChannelState, Cursor
from lien.storage import keys
from lien.storage.incarnations import begin_incarnation
from lien.storage.shards import shard_of
from lien.storage.valkey import Store
from tests.fakes import FakeClock
from tests.fanout.conftest import until
from tests.web.sockets import Server, ask, read, serving


@pytest.fixture
async def server(store: Store, clock: FakeClock) -> AsyncIterator[Server]:
    async with serving(store, clock) as made:
        yield made


async def scripts_run(store: Store) -> int:
    """How many scripts the store has run so far: every resume is one or more."""
    found = await store.pipe.call("INFO", "commandstats")
    return sum(int(calls) for calls in re.findall(rb"cmdstat_eval(?:sha)?:calls=(\d+)", found))


async def questions(store: Store) -> int:
    """How many scripts and reads of logs there were."""
    found = await store.pipe.call("INFO", "commandstats")
    reads = re.findall(rb"cmdstat_xrange:calls=(\d+)", found)
    return await scripts_run(store) + sum(int(calls) for calls in reads)


async def resume(peer: ClientConnection, cursor: Cursor) -> list[object]:
    return list(await ask(peer, frames.Resume(9, (cursor,))))


async def test_who_lacks_nothing_costs_the_store_nothing(server: Server) -> None:
    """The first to come back reads the channel's end; from then on the feed keeps it."""
    inbox = inbox_channel(server.anne.account)
    await server.conversations.notify(server.anne.account, ["conversation", new_channel()])
    first = await server.open()
    await resume(first, Cursor(inbox, 1, 1))
    before = await scripts_run(server.store)

    async def come_back(offset: int) -> list[object]:
        peer = await server.open()
        heard = await resume(peer, Cursor(inbox, 1, offset))
        await peer.close()
        return heard

    for _ in range(3):
        assert await come_back(1) == [frames.Resumed(9, (ChannelState(inbox, 1, 1, 1),))]
    assert await scripts_run(server.store) == before

    await server.conversations.notify(server.anne.account, ["conversation", new_channel()])
    assert isinstance(await read(first), frames.Entry)
    entry, resumed = await come_back(1)
    assert isinstance(entry, frames.Entry)
    assert (entry.offset, resumed) == (2, frames.Resumed(9, (ChannelState(inbox, 1, 2, 2),)))
    await first.close()


async def fifty_conversations(server: Server) -> list[ChannelId]:
    """As a statement would leave them: Anne is a member, the first epoch is there."""
    channels = [new_channel() for _ in range(50)]
    for channel in channels:
        shard = shard_of(channel, server.store.shards)
        await server.store.pipe.call(
            "HSET", keys.members(shard, channel), server.anne.account, "admin:1:1"
        )
        await server.store.pipe.call("HSET", keys.state(shard, channel), "epoch", 1, "version", 1)
        await write(server, channel)
    return channels


async def write(server: Server, channel: ChannelId) -> None:
    anne = server.anne
    header = Header(channel, 1, anne.account, anne.device, EnvelopeId(new_id()), Kind.MESSAGE)
    await server.conversations.send(anne.account, anne.device, encode_header(header), b"x" * 500)


async def test_of_fifty_conversations_those_that_moved_are_answered_from_memory(
    server: Server,
) -> None:
    channels = await fifty_conversations(server)
    cursors = tuple(Cursor(channel, 1, 1) for channel in channels)
    first = await server.open()
    await ask(first, frames.Resume(1, cursors))
    moved = channels[7], channels[20], channels[33]
    for channel in moved:
        await write(server, channel)
    for _ in moved:
        assert isinstance(await read(first), frames.Entry)
    before = await questions(server.store)

    second = await server.open()
    *entries, resumed = await ask(second, frames.Resume(9, cursors))

    assert {entry.channel for entry in entries if isinstance(entry, frames.Entry)} == set(moved)
    assert len(entries) == 3
    assert isinstance(resumed, frames.Resumed)
    assert {state.channel: state.next for state in resumed.states} == {
        channel: 2 if channel in moved else 1 for channel in channels
    }
    assert await questions(server.store) == before
    await first.close()
    await second.close()


async def test_what_memory_answers_is_what_the_log_answers(
    server: Server, clock: FakeClock
) -> None:
    """A worker that has just started remembers nothing: it reads the log."""
    channel, *_ = await fifty_conversations(server)
    first = await server.open()
    await ask(first, frames.Resume(1, (Cursor(channel, 1, 1),)))
    for _ in range(5):
        await write(server, channel)
    for _ in range(5):
        assert isinstance(await read(first), frames.Entry)
    second = await server.open()
    async with serving(server.store, clock) as fresh:
        fresh.anne = server.anne
        other = await fresh.open()
        for offset in range(1, 8):  # the last is ahead of the log
            cursor = Cursor(channel, 1, offset)
            assert await resume(second, cursor) == await resume(other, cursor)
        await other.close()
    await first.close()
    await second.close()


async def test_a_restored_store_is_noticed_by_who_comes_back(server: Server) -> None:
    """Nobody is told from memory that nothing is new in a log that was rebuilt."""
    inbox = inbox_channel(server.anne.account)
    await server.conversations.notify(server.anne.account, ["conversation", new_channel()])
    peer = await server.open()
    await resume(peer, Cursor(inbox, 1, 1))

    await begin_incarnation(server.store)

    assert await read(peer) == frames.Behind(frames.BehindReason.FEED_GAP)
    while not isinstance(heard := await read_or_ask(peer, Cursor(inbox, 1, 1)), frames.Reset):
        assert heard == frames.Behind(frames.BehindReason.FEED_GAP)  # one for each shard
    assert (heard.incarnation, heard.offset) == (2, 1)
    await peer.close()


async def read_or_ask(peer: ClientConnection, cursor: Cursor) -> object:
    with suppress(TimeoutError):
        async with asyncio.timeout(0.2):
            return await read(peer)
    return (await resume(peer, cursor))[0]


@asynccontextmanager
async def a_frozen_network(port: int) -> AsyncIterator[tuple[int, asyncio.Event]]:
    """A proxy that stops forwarding, and closes nothing, once the event is set."""
    frozen = asyncio.Event()
    writers: list[asyncio.StreamWriter] = []

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            if frozen.is_set():
                continue
            writer.write(data)

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
        writers.extend((writer, far_writer))
        with suppress(ConnectionError):
            await asyncio.gather(forward(reader, far_writer), forward(far_reader, writer))

    proxy = await asyncio.start_server(accept, "127.0.0.1")
    try:
        yield proxy.sockets[0].getsockname()[1], frozen
    finally:
        proxy.close()
        for each in writers:
            each.transport.abort()
        await asyncio.sleep(0)


async def test_who_left_without_a_word_is_let_go_and_comes_back(server: Server) -> None:
    """A phone in a lift: nothing is closed, nothing is answered. The others notice nothing."""
    inbox = inbox_channel(server.anne.account)
    here = await server.open()
    real_port = server.port
    async with a_frozen_network(real_port) as (server.port, frozen):
        there = [await server.open() for _ in range(3)]
        server.port = real_port
        assert server.hub.count == 4
        frozen.set()
        for _ in range(MAX_MISSED_PINGS + 1):
            for _ in range(TURN_SECONDS):
                server.wheel.tick()
            await asyncio.wait_for(await here.ping(), 5)  # which also lets its own pong arrive

        await until(lambda: server.hub.count == 1)

        await server.conversations.notify(server.anne.account, ["conversation", new_channel()])
        assert isinstance(await read(here), frames.Entry)
        again = await server.open()
        entry, _ = await resume(again, Cursor(inbox, 1, 0))
        assert isinstance(entry, frames.Entry)
        await again.close()
        for peer in there:
            peer.transport.abort()
    await here.close()
