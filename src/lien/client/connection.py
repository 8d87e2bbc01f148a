"""A device's life line: one socket at a time, what it pushes applied, what waits sent."""

import asyncio
import secrets
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Final

import httpx

from lien.client import sending
from lien.client.conversation import Conversation, Pending
from lien.client.device import Device
from lien.client.documents import reopen_received
from lien.client.errors import BadAnswer, ConnectionLost, ServerFailure, reading_answer
from lien.client.http import SESSION_COOKIE
from lien.client.retention import Bounds, forget_old, kept_days, read_bounds
from lien.client.socket import Socket
from lien.client.sync import Sync
from lien.errors import LienError
from lien.ids import ChannelId, SessionId, require_channel
from lien.protocol.codes import AfterClose, CloseCode, after_close
from lien.protocol.frames import Command

# Full jitter: 0 to 2 s first, then doubling to a minute, so that a restart is no stampede.
_FIRST_WAIT_SECONDS: Final = 2.0
_LONGEST_WAIT_SECONDS: Final = 60.0
_jitter: Final = secrets.SystemRandom()


class Connection:
    """Connects a device, again and again."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._socket: Socket | None = None
        self._sync: Sync | None = None
        self._running: asyncio.Task[None] | None = None
        self._flushing: asyncio.Task[None] | None = None
        self._changed = asyncio.Condition()

    @property
    def is_open(self) -> bool:
        return self._running is not None and not self._running.done()

    @property
    def close_code(self) -> int:
        """Why the last socket ended."""
        return self._socket.close_code if self._socket else CloseCode.GONE

    async def open(self, session: SessionId) -> None:
        """
        Open the socket, then catch up with everything and send what waits.

        Raises: ConnectionLost with the server's close code, ServerFailure, OSError.
        """
        await self.close()
        device = self._device
        await device.refresh_own()
        await reopen_received(device)
        await self._learn_channels()
        bounds = await read_bounds(device.http)
        self._forget_old(lambda _: bounds.longest_days)
        cookie = f"{SESSION_COOKIE}={device.http.cookies.get(SESSION_COOKIE, '')}"
        socket = await Socket.open(device.http.origin, cookie, session, device.keyring.key)
        self._socket = socket
        on_head = partial(self._forget_chosen, bounds)
        self._sync = Sync(device, socket, self._notify, self._flush, on_head)
        self._sync.want_all()
        self._running = asyncio.create_task(self._run(self._sync, socket), name="client-sync")
        self._flush()

    async def close(self) -> None:
        """Close the socket; what the device holds stays."""
        tasks = [task for task in (self._flushing, self._running) if task is not None]
        if self._socket is not None:
            await self._socket.close()
        self._running = self._flushing = self._sync = None
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def keep(self, session: SessionId) -> None:
        """
        Stay connected for as long as that needs no person.

        Raises: ConnectionLost with a close code that says to sign in (41xx) or to stop (42xx),
        ServerFailure when the session is over before a socket is open.
        """
        wait_seconds = _FIRST_WAIT_SECONDS
        while True:
            hint_seconds = 0.0
            try:
                if not self.is_open:
                    await self.open(session)
                wait_seconds = _FIRST_WAIT_SECONDS
                await self._until_lost()
            except ConnectionLost as lost:
                if after_close(lost.close_code) is not AfterClose.RESUME:
                    raise
                hint_seconds = lost.return_after_ms / 1000
            except ServerFailure as failure:
                if failure.answer not in sending.PASSING:
                    raise
            except (OSError, TimeoutError, httpx.TransportError, BadAnswer):
                pass  # the server is not there: once more, later
            await asyncio.sleep(hint_seconds + wait_seconds * _jitter.random())
            wait_seconds = min(wait_seconds * 2, _LONGEST_WAIT_SECONDS)

    async def until(self, is_true: Callable[[], bool], timeout_seconds: float) -> None:
        """
        Wait until what the device holds satisfies `is_true`.

        Raises: TimeoutError, ConnectionLost when the connection ends before.
        """
        async with asyncio.timeout(timeout_seconds), self._changed:
            while not is_true():
                if not self.is_open:
                    raise ConnectionLost(self.close_code)
                await self._changed.wait()

    @property
    def is_settled(self) -> bool:
        """Every channel was read up to its head."""
        return self._sync is not None and self._sync.is_settled

    async def ask(self, make: Callable[[int], Command]) -> None:
        """Send a command. Raises: ServerFailure, ConnectionLost."""
        if self._socket is None:
            raise ConnectionLost(CloseCode.GONE)
        await self._socket.ask(make)

    async def deliver(self, conversation: Conversation, pending: Pending) -> None:
        """Send an own message that was stored. Raises: as `sending.deliver`."""
        if self._socket is None:
            raise ConnectionLost(CloseCode.GONE)
        await sending.deliver(self._device, self._socket, conversation, pending)

    def want(self, channel: ChannelId) -> None:
        """Read a channel from where the device is, if connected."""
        if self._sync is not None:
            self._sync.want(channel)

    async def _learn_channels(self) -> None:
        device = self._device
        answer = await device.http.get("/api/conversations")
        with reading_answer():
            present = {require_channel(channel) for channel in answer["channels"]}
        for channel in list(device.channels):
            device.get(channel).is_gone = channel not in present
        for channel in present:
            await device.update(device.get(channel))

    async def _forget_chosen(self, bounds: Bounds) -> None:
        """The logs were read to their ends: what an admin chose is sure."""
        if self._forget_old(lambda conversation: kept_days(conversation, bounds)):
            await self._device.save()

    def _forget_old(self, days: Callable[[Conversation], int]) -> bool:
        """Drop what is older than `days` says of each conversation. Whether there was anything."""
        device = self._device
        conversations, now_ms = list(device.conversations.values()), device.http.now_ms()
        has_gone = [forget_old(one, now_ms, days(one)) for one in conversations]
        return any(has_gone)

    async def _run(self, sync: Sync, socket: Socket) -> None:
        try:
            await sync.run()
        except (ConnectionLost, ServerFailure, BadAnswer, httpx.TransportError):
            # What could not be asked for is asked for on the next connection. Whoever waits
            # learns of the end by `until`.
            pass
        finally:
            await socket.close()
            await self._notify()

    async def _until_lost(self) -> None:
        async with self._changed:
            while self.is_open:
                await self._changed.wait()
        raise ConnectionLost(self.close_code, self._socket.return_after_ms if self._socket else 0)

    def _flush(self) -> None:
        """Send what waits: of an earlier connection, or of a log that was rebuilt."""
        socket, before = self._socket, self._flushing
        if socket is not None:
            self._flushing = asyncio.create_task(
                self._send_all(socket, before), name="client-flush"
            )

    async def _send_all(self, socket: Socket, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await before
        for channel in list(self._device.channels):
            conversation = self._device.get(channel)
            for pending in list(conversation.outbox.values()):
                try:
                    await sending.deliver(self._device, socket, conversation, pending)
                except (ConnectionLost, httpx.TransportError):
                    return
                except LienError:
                    continue  # refused for good, or suspended: the next one

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()
