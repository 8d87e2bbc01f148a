"""
The store is destroyed and an older copy of it restored: the ends hold the truth.

What was written after the backup is not in the store any more. Devices have it; the new
incarnation makes them step back to what is common and offer their own envelopes again.
"""

import asyncio
import shutil

from lien.client import Client
from lien.ids import ChannelId
from lien.protocol.codes import CloseCode
from tests.crash.deployment import PEOPLE
from tests.crash.traffic import stored_messages
from tests.running import RunningServer, deployed


async def say(clients: list[Client], channel: ChannelId, word: str) -> None:
    for client in clients:
        for number in range(5):
            await client.send_text(channel, f"{word} {number}")


async def all_have(clients: list[Client], channel: ChannelId, count: int) -> None:
    """Wait until everyone holds the same, at least `count` of it, and owes nothing."""
    async with asyncio.timeout(30):
        while True:
            held = [client.messages(channel) for client in clients]
            is_sent = all(not client.device.get(channel).outbox for client in clients)
            keys = [[message.key for message in messages] for messages in held]
            if is_sent and keys[0] == keys[1] and len(keys[0]) >= count:
                return
            await asyncio.sleep(0.05)


async def reconnect(clients: list[Client]) -> None:
    for client in clients:
        await client.disconnect()
        await client.connect()


async def begin(server: RunningServer) -> tuple[list[Client], ChannelId]:
    clients = [await Client.enrol(server.origin, rpps) for rpps in PEOPLE[:2]]
    for client in clients:
        await client.connect()
    channel = await clients[0].open_direct(clients[1].account)
    await clients[1].until(lambda: channel in clients[1].channels)
    await clients[1].settle()
    return clients, channel


async def test_what_was_lost_with_the_store_comes_back_from_the_devices() -> None:
    with deployed(workers=2) as server:
        clients, channel = await begin(server)
        folder, backup = server.data_dir / "valkey", server.data_dir / "backup"
        await say(clients, channel, "before")
        await all_have(clients, channel, 10)
        await asyncio.to_thread(server.stop)  # the clients answer its goodbye meanwhile
        assert {client.close_code for client in clients} == {CloseCode.RESTART}
        shutil.copytree(folder, backup)
        await asyncio.to_thread(server.start)
        await reconnect(clients)
        await say(clients, channel, "after")
        await all_have(clients, channel, 20)
        held = [message.text for message in clients[0].messages(channel)]

        await asyncio.to_thread(server.stop)
        shutil.rmtree(folder)
        shutil.copytree(backup, folder)
        server.run("store", "new-incarnation")
        await asyncio.to_thread(server.start)
        assert len(await stored_messages(server, channel)) == 10
        await reconnect(clients)
        await all_have(clients, channel, 20)

        stored = await stored_messages(server, channel)
        assert len(stored) == len(set(stored)) == 20
        for client in clients:
            messages = client.messages(channel)
            assert [message.key for message in messages] == stored
            assert sorted(str(message.text) for message in messages) == sorted(map(str, held))
            await client.close()
