"""
A phone's network, which can be cut for real, or made bad: a SOCKS5 proxy (RFC 1928) of its own.

The browser's own offline switch leaves open sockets of workers alone; a lift or a cyclone does not.
"""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Self

from playwright.async_api import ProxySettings

from tests.e2e.pace import SEGMENT_BYTES, Pace

_SEGMENTS = 8  # under way at once in one connection and direction


class Network:
    """
    Carries one phone's traffic to this machine, until it is cut.

    `bytes` counts what was carried, both ways, without the headers of TCP and IP.
    """

    def __init__(self) -> None:
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_cut = False
        self._up: Pace | None = None
        self._down: Pace | None = None
        self.port = 0
        self.bytes = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *error: object) -> None:
        assert self._server is not None
        self._server.close()
        await self.cut()

    @property
    def proxy(self) -> ProxySettings:
        """For `Browser.new_context`; Chromium would otherwise go to localhost directly."""
        return {"server": f"socks5://127.0.0.1:{self.port}", "bypass": "<-loopback>"}

    async def cut(self) -> None:
        """End everything under way and refuse what comes."""
        self._is_cut = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def restore(self) -> None:
        """The network is back."""
        self._is_cut = False

    async def quiet(self) -> None:
        """Wait until what was begun is over: a second without a byte."""
        before = -1
        while before != self.bytes:
            before = self.bytes
            await asyncio.sleep(1)

    def worsen(self) -> None:
        """From now on it is slow, far away and loses much, also where it is in use."""
        self._up, self._down = Pace(1), Pace(2)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        with contextlib.suppress(
            OSError, asyncio.IncompleteReadError, asyncio.CancelledError, ExceptionGroup
        ):
            if not self._is_cut:
                await self._carry(reader, writer)
        writer.transport.abort()
        self._tasks.discard(task)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _, methods = await reader.readexactly(2)
        await reader.readexactly(methods)
        writer.write(b"\x05\x00")
        _, _, _, kind = await reader.readexactly(4)
        if kind == 3:  # a name
            await reader.readexactly((await reader.readexactly(1))[0])
        else:
            await reader.readexactly(4 if kind == 1 else 16)
        port = int.from_bytes(await reader.readexactly(2))
        # Whatever the name, tests go to this machine only.
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"\x05\x00\x00\x01" + bytes(6))
        try:
            await asyncio.gather(
                self._pump(reader, far_writer, lambda: self._up),
                self._pump(far_reader, writer, lambda: self._down),
            )
        finally:
            far_writer.transport.abort()

    async def _pump(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        pace: Callable[[], Pace | None],
    ) -> None:
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(_SEGMENTS)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_deliver(under_way, writer))
            while data := await reader.read(SEGMENT_BYTES if pace() else 65_536):
                self.bytes += len(data)
                now = pace()
                await under_way.put((0.0 if now is None else now.due(len(data)), data))
            await under_way.put((0.0, b""))


async def _deliver(
    under_way: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter
) -> None:
    """In order, none before its time."""
    loop = asyncio.get_running_loop()
    while True:
        due, data = await under_way.get()
        await asyncio.sleep(max(0.0, due - loop.time()))
        if not data:
            break
        writer.write(data)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()
