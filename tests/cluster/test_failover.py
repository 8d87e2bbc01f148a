"""A primary dies while people write: a pause, and nothing acknowledged is lost in the end."""

import asyncio
import shutil
import signal
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from lien.client import Client, ConnectionLost, ServerFailure
from lien.crypto.envelope import decode_header
from lien.ids import ChannelId
from lien.storage import keys
from lien.storage.shards import shard_of
from tests.cluster.nodes import Node, Nodes, formed, until
from tests.crash.deployment import EXTRACT
from tests.crash.test_restore import all_have, begin, say
from tests.crash.traffic import Traffic, stored_messages
from tests.running import RunningServer

SHARDS = 8
ROOT = Path(__file__).parents[2]

# Loaded by every process of the server that it is for, before anything else.
UNNOTICED = """
import lien.storage.promotions as promotions

async def note_nothing(send, shards):
    pass

promotions.note_cluster_primary = note_nothing
"""


@contextmanager
def deployed(workers: int, **settings: str) -> Iterator[tuple[RunningServer, Nodes]]:
    """`lien serve` on three primaries with a replica each."""
    folder = Path(tempfile.mkdtemp(prefix="lien-failover-"))
    with formed(replicas=1) as nodes:
        settings["LIEN_VALKEY_URL"] = nodes.url
        server = RunningServer(folder / "data", workers=workers, **settings)
        try:
            server.run("init")
            server.run("directory", "import", str(EXTRACT))
            server.start()
            yield server, nodes
        finally:
            server.stop()
            shutil.rmtree(folder)


def incarnation(node: Node, shard: int) -> int:
    return int(node.ask("HGET", keys.shard(shard), "incarnation") or 1)


def log_of(channel: ChannelId) -> str:
    return keys.log(shard_of(channel, SHARDS), channel)


async def test_elections_under_load_are_pauses() -> None:
    """One because the primary froze; then one because the new primary died, back to the first."""
    with deployed(workers=2) as (server, nodes):
        traffic = Traffic(server)
        try:
            await traffic.begin()
            await traffic.more(200)
            frozen, elected = nodes.owner_of(log_of(traffic.channel))
            shard = shard_of(traffic.channel, SHARDS)
            frozen.send(signal.SIGSTOP)
            await asyncio.to_thread(until, lambda: elected.is_primary)
            await traffic.more(200)
            first = incarnation(elected, shard)
            assert first > 1

            frozen.send(signal.SIGCONT)
            await asyncio.to_thread(until, lambda: frozen.follows(elected))
            elected.kill()
            await asyncio.to_thread(until, lambda: frozen.is_primary)
            await traffic.more(200)
            await traffic.finish()

            stored = await traffic.stored()
            assert set(traffic.acknowledged) - set(stored) == set()
            assert len(stored) == len(set(stored))
            for client in traffic.clients:
                assert traffic.held(client) == stored
                assert {one.problem for one in client.messages(traffic.channel)} == {""}
            assert incarnation(frozen, shard) > first
        finally:
            await traffic.close()


async def elect_lagging(clients: list[Client], channel: ChannelId, nodes: Nodes) -> Node:
    """Ten messages that the replica has, ten that it misses; then it is elected."""
    primary, replica = nodes.owner_of(log_of(channel))
    await say(clients, channel, "before")
    await all_have(clients, channel, 10)
    kept = primary.ask("XLEN", log_of(channel))
    replica.ask("READONLY")
    await asyncio.to_thread(until, lambda: replica.ask("XLEN", log_of(channel)) == kept)

    # The replica hears nothing more, and finds nothing more on its connection.
    replica.send(signal.SIGSTOP)
    primary.ask("CLIENT", "KILL", "TYPE", "replica")
    await say(clients, channel, "after")
    await all_have(clients, channel, 20)
    assert primary.ask("XLEN", log_of(channel)) == kept + 10
    primary.kill()
    replica.send(signal.SIGCONT)
    assert replica.ask("XLEN", log_of(channel)) == kept, "the loss that is to be repaired"
    await asyncio.to_thread(until, lambda: replica.is_primary)
    return replica


async def test_what_a_lagging_replica_lacks_comes_back_from_the_devices() -> None:
    with deployed(workers=1) as (server, nodes):
        clients, channel = await begin(server)
        elected = await elect_lagging(clients, channel, nodes)

        # Not by opening the store here, which would notice the election in the server's place.
        entries = 21  # a statement and the messages
        await asyncio.to_thread(until, lambda: elected.ask("XLEN", log_of(channel)) == entries)
        await all_have(clients, channel, 20)
        stored = await stored_messages(server, channel)
        assert len(stored) == len(set(stored)) == 20
        for client in clients:
            assert [message.key for message in client.messages(channel)] == stored
            assert client.is_connected, "nobody had to connect again"
            await client.close()


async def test_an_election_that_nobody_notices_is_a_loss(tmp_path: Path) -> None:
    """The test above can fail: the same without the comparison."""
    (tmp_path / "sitecustomize.py").write_text(UNNOTICED)
    with deployed(workers=1, PYTHONPATH=f"{tmp_path}:{ROOT / 'src'}") as (server, nodes):
        clients, channel = await begin(server)
        elected = await elect_lagging(clients, channel, nodes)

        async with asyncio.timeout(20):
            while not await is_taken(clients[0], channel):
                await asyncio.sleep(0.1)
        await asyncio.sleep(1)
        after = {
            one.key for one in clients[0].messages(channel) if str(one.text).startswith("after")
        }
        there = senders(elected.ask("XRANGE", log_of(channel), "-", "+"))
        assert len(after) == 10
        assert after.isdisjoint(there)
        for client in clients:
            await client.close()


async def is_taken(client: Client, channel: ChannelId) -> bool:
    """True when the elected primary takes a message."""
    try:
        await client.send_text(channel, "again")
    except (ConnectionLost, ServerFailure):
        return False
    return True


def senders(entries: Sequence[tuple[bytes, Mapping[bytes, bytes]]]) -> set[tuple[object, object]]:
    headers = [decode_header(fields[b"h"]) for _, fields in entries]
    return {(header.device, header.envelope) for header in headers}
