"""People who write all the time while their server is being killed, with real encryption."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Awaitable, Callable

import httpx

from lien.client import Client, ConnectionLost, ServerFailure
from lien.crypto.envelope import Kind, decode_header
from lien.ids import ChannelId, DeviceId, EnvelopeId
from lien.storage import keys
from lien.storage.embedded import url_of
from lien.storage.shards import shard_of
from lien.storage.valkey import open_store
from tests.crash.deployment import PEOPLE
from tests.running import RunningServer

# Several envelopes of one person are on their way at any moment.
IN_FLIGHT = 4

Sent = tuple[DeviceId, EnvelopeId]


class Traffic:
    """Four people in one group, connected whenever the server is there."""

    def __init__(self, server: RunningServer) -> None:
        self.server = server
        self.clients: list[Client] = []
        self.acknowledged: list[Sent] = []
        self.channel = ChannelId("")
        self._is_over = False
        self._tasks: list[asyncio.Task[None]] = []
        self._moved = asyncio.Event()

    async def begin(self) -> None:
        """Sign everyone in, begin the group, start to write."""
        self.clients = [await Client.enrol(self.server.origin, rpps) for rpps in PEOPLE]
        for client in self.clients:
            await client.connect()
        first, *others = self.clients
        self.channel = await first.create_group("Équipe", [each.account for each in others])
        for client in self.clients:
            await client.until(lambda each=client: self.channel in each.channels)  # type: ignore[misc]
            await client.settle()
            self._tasks.append(asyncio.create_task(self._stay_connected(client)))
            self._tasks += [
                asyncio.create_task(self._write(client, number)) for number in range(IN_FLIGHT)
            ]

    async def more(self, count: int) -> None:
        """Wait until `count` more envelopes are acknowledged."""
        wanted = len(self.acknowledged) + count
        async with asyncio.timeout(180):
            while len(self.acknowledged) < wanted:
                self._moved.clear()
                await self._moved.wait()
                self._raise_failures()

    async def finish(self) -> None:
        """Write no more; wait until every outbox is empty and everyone has read everything."""
        self._is_over = True
        async with asyncio.timeout(180):
            while any(self._waiting(client) for client in self.clients):
                await asyncio.sleep(0.05)
            while len({self._end_of(client) for client in self.clients}) > 1:
                await asyncio.sleep(0.05)
        self._raise_failures()

    async def close(self) -> None:
        self._is_over = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for client in self.clients:
            await client.close()

    def held(self, client: Client) -> list[Sent]:
        """What one person sees, in order."""
        return [message.key for message in client.messages(self.channel)]

    async def stored(self) -> list[Sent]:
        """The log itself, past every client that might hide a repetition."""
        return await stored_messages(self.server, self.channel)

    async def repeated(self) -> list[Sent]:
        """Envelopes that are in the log more than once."""
        return [sent for sent, count in Counter(await self.stored()).items() if count > 1]

    def _raise_failures(self) -> None:
        for task in self._tasks:
            if task.done() and not task.cancelled():
                task.result()

    def _waiting(self, client: Client) -> int:
        return len(client.device.get(self.channel).outbox)

    def _end_of(self, client: Client) -> object:
        return client.device.get(self.channel).cursor

    async def _stay_connected(self, client: Client) -> None:
        while True:
            if not client.is_connected:
                with contextlib.suppress(ConnectionLost, httpx.TransportError, OSError):
                    await _unless_unavailable(client.connect)
            await asyncio.sleep(0.05)

    async def _write(self, client: Client, writer: int) -> None:
        number = 0
        while not self._is_over:
            if not client.is_connected:
                await asyncio.sleep(0.02)
                continue
            number += 1
            try:
                envelope = await client.send_text(self.channel, f"{writer}-{number}")
            except (ConnectionLost, httpx.TransportError):
                await asyncio.sleep(0.02)  # it waits in the outbox
                continue
            except ServerFailure as failure:
                if failure.answer != "store_unavailable":
                    raise
                await asyncio.sleep(0.02)  # a new epoch came first, and nobody could begin it
                continue
            self.acknowledged.append((client.device.keyring.device, envelope))
            self._moved.set()


async def stored_messages(server: RunningServer, channel: ChannelId) -> list[Sent]:
    """Sender and id of every message in the log, in order."""
    url = server.environment.get("LIEN_VALKEY_URL") or url_of(server.data_dir)
    store = await open_store(url, 8)
    try:
        log = keys.log(shard_of(channel, 8), channel)
        found = await store.pipe.call("XRANGE", log, "-", "+")
    finally:
        await store.close()
    headers = [decode_header(entry[1][3]) for entry in found]
    return [
        (header.device, header.envelope)
        for header in headers
        if header.kind is Kind.MESSAGE and header.device is not None
    ]


async def _unless_unavailable(attempt: Callable[[], Awaitable[None]]) -> None:
    try:
        await attempt()
    except ServerFailure as failure:
        if failure.answer not in ("store_unavailable", "overloaded", "internal"):
            raise
