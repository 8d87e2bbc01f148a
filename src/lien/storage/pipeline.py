"""
The store's hot path: commands of one loop turn leave in one write.

Law 1: a call is sent at most once. When the connection is lost, every call that was sent and
not answered fails with `StoreUnavailable`: its outcome is unknown, and only the caller, who has
the id that makes a repetition harmless, may repeat it.
Law 2: nothing waits without a bound: calls in number and bytes, answers in time.
Law 3: while there is no connection a call fails at once. Reconnecting goes on beside it.
"""

import asyncio
import secrets
import ssl
from collections import deque
from collections.abc import Callable
from typing import Any, Final, cast

import hiredis

from lien.storage.address import Address
from lien.storage.errors import ReplyRefused, ScriptMissing, StoreIsReplica, StoreUnavailable

MAX_PENDING_CALLS: Final = 10_000
MAX_PENDING_BYTES: Final = 64 * 1024 * 1024
CALL_TIMEOUT_SECONDS: Final = 5.0
_CONNECT_TIMEOUT_SECONDS: Final = 5.0
_BACKOFF_SECONDS: Final = (0.05, 2.0)  # first and longest; full jitter between

_JITTER: Final = secrets.SystemRandom()
# Its own annotation allows commands of one word only.
_pack: Final = cast(Callable[[tuple[Any, ...]], bytes], hiredis.pack_command)

# What the server says when it is not the moment: the call was not carried out, try again later.
_NOT_NOW: Final = ("LOADING", "MISCONF", "OOM", "READONLY", "BUSY", "MASTERDOWN", "NOREPLICAS")


class Pipe:
    """One connection to the store, for everything that happens per message."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._connection: _Connection | None = None
        self._reconnecting: asyncio.Task[None] | None = None
        self._is_closed = False

    async def connect(self) -> None:
        """
        Open the connection.

        Raises: StoreUnavailable.
        """
        self._connection = await self._open()

    def call(self, *arguments: str | bytes | int | float) -> asyncio.Future[Any]:
        """
        Send one command; the future holds its reply, as hiredis reads it (bytes, int, list).

        The future raises StoreUnavailable (lost, late, or not now) or ReplyRefused (a bug).
        """
        if self._connection is None:
            raise StoreUnavailable("the store is not reachable")
        return self._connection.send(_pack(arguments))

    @property
    def is_connected(self) -> bool:
        """False while reconnecting."""
        return self._connection is not None

    async def close(self) -> None:
        """Close for good; calls without an answer fail."""
        self._is_closed = True
        if self._reconnecting is not None:
            self._reconnecting.cancel()
            await asyncio.gather(self._reconnecting, return_exceptions=True)
        if self._connection is not None:
            connection, self._connection = self._connection, None
            await connection.close()

    async def _open(self) -> "_Connection":
        loop = asyncio.get_running_loop()
        address = self._address
        try:
            async with asyncio.timeout(_CONNECT_TIMEOUT_SECONDS):
                if address.path:
                    _, connection = await loop.create_unix_connection(
                        lambda: _Connection(self._lost), address.path
                    )
                else:
                    context = ssl.create_default_context() if address.is_tls else None
                    _, connection = await loop.create_connection(
                        lambda: _Connection(self._lost), address.host, address.port, ssl=context
                    )
                try:
                    await _introduce(connection, address)
                except BaseException:
                    connection.abort()
                    raise
                if connection.is_over:  # its end was told before anybody listened
                    raise StoreUnavailable("the connection to the store was lost")
        except (OSError, TimeoutError, ReplyRefused) as error:
            raise StoreUnavailable("the store cannot be reached") from error
        return connection

    def _lost(self, connection: "_Connection") -> None:
        if connection is not self._connection or self._is_closed:
            return
        self._connection = None
        self._reconnecting = asyncio.get_running_loop().create_task(
            self._reconnect(), name="store-reconnect"
        )

    async def _reconnect(self) -> None:
        first, longest = _BACKOFF_SECONDS
        delay = first
        while True:
            try:
                self._connection = await self._open()
            except StoreUnavailable:
                await asyncio.sleep(_JITTER.uniform(0, delay))
                delay = min(delay * 2, longest)
            else:
                return


async def _introduce(connection: "_Connection", address: Address) -> None:
    if address.password:
        user = (address.user,) if address.user else ()
        await connection.send(_pack(("AUTH", *user, address.password)))
    if address.database:
        await connection.send(_pack(("SELECT", address.database)))
    # After a failover the address may lead to a replica: what it takes would be lost.
    role = await connection.send(_pack(("ROLE",)))
    if role[0] != b"master":
        raise StoreIsReplica("the store is a read-only replica")


class _Connection(asyncio.Protocol):
    """Packed commands out, replies in, in order. Calls `lost` once when it ends."""

    def __init__(self, lost: Any) -> None:
        self._lost = lost
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._reader = hiredis.Reader()
        self._out: list[bytes] = []
        self._pending: deque[tuple[asyncio.Future[Any], float, int]] = deque()
        self._pending_bytes = 0
        self._watch: asyncio.TimerHandle | None = None
        self._ended: asyncio.Future[None] = self._loop.create_future()

    def send(self, packed: bytes) -> asyncio.Future[Any]:
        """Queue one packed command for the end of this loop turn."""
        if self.is_over:
            raise StoreUnavailable("the store is not reachable")
        size = len(packed)
        if (
            len(self._pending) >= MAX_PENDING_CALLS
            or self._pending_bytes + size > MAX_PENDING_BYTES
        ):
            raise StoreUnavailable("too many calls wait for the store")
        if not self._out:
            self._loop.call_soon(self._flush)
        self._out.append(packed)
        future: asyncio.Future[Any] = self._loop.create_future()
        self._pending.append((future, self._loop.time() + CALL_TIMEOUT_SECONDS, size))
        self._pending_bytes += size
        if self._watch is None:
            self._watch = self._loop.call_later(CALL_TIMEOUT_SECONDS, self._check_deadline)
        return future

    def _flush(self) -> None:
        out, self._out = self._out, []
        if self._transport is not None and out:
            self._transport.write(b"".join(out))

    def _check_deadline(self) -> None:
        # One timer for the oldest call: answers come in order, so no younger one is earlier.
        self._watch = None
        if not self._pending:
            return
        remaining = self._pending[0][1] - self._loop.time()
        if remaining <= 0:
            self.abort()
        else:
            self._watch = self._loop.call_later(remaining, self._check_deadline)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are not asyncio's by inheritance.
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._reader.feed(data)
        try:
            while (reply := self._reader.gets()) is not False:
                self._settle(reply)
        except (hiredis.ProtocolError, IndexError):  # not the store's language, or unasked
            self.abort()

    def _settle(self, reply: Any) -> None:
        future, _, size = self._pending.popleft()
        self._pending_bytes -= size
        if future.done():  # its caller was cancelled
            return
        if isinstance(reply, hiredis.ReplyError):
            future.set_exception(_failure(str(reply)))
        else:
            future.set_result(reply)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._out.clear()
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        pending, self._pending = self._pending, deque()
        for future, _, _ in pending:
            if not future.done():
                future.set_exception(
                    StoreUnavailable("the connection to the store was lost: outcome unknown")
                )
        if not self._ended.done():
            self._ended.set_result(None)
        self._lost(self)

    @property
    def is_over(self) -> bool:
        """True once nothing can be sent any more."""
        return self._transport is None or self._transport.is_closing()

    def abort(self) -> None:
        """End at once."""
        if self._transport is not None:
            self._transport.abort()

    async def close(self) -> None:
        """End at once and wait until it is over."""
        self.abort()
        if self._transport is not None:
            await self._ended


def _failure(text: str) -> Exception:
    code = text.partition(" ")[0]
    if code == "NOSCRIPT":
        return ScriptMissing(code)
    if code in _NOT_NOW:
        return StoreUnavailable(f"the store answers {code}")
    return ReplyRefused(code)
