"""
The store's hot path: commands of one loop turn leave in one write.

Law 1: a call is sent at most once. When the connection is lost, every call that was sent and
not answered fails with `StoreUnavailable`: its outcome is unknown, and only the caller, who has
the id that makes a repetition harmless, may repeat it.
Law 2: nothing waits without a bound: calls in number and bytes, answers in time.
Law 3: while there is no connection a call fails at once. Reconnecting goes on beside it.
Law 4: a server that is not the one to write to any more is left, and looked for again. Its
refusal (READONLY, MOVED, ASK) says that nothing was done, so a call may follow it elsewhere.
"""

import asyncio
import secrets
import ssl
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, Protocol

from lien.storage.address import Address
from lien.storage.connection import Connection, Sent, Waiter, pack
from lien.storage.errors import ReplyRefused, StoreIsReplica, StoreUnavailable

_CONNECT_TIMEOUT_SECONDS: Final = 5.0
_BACKOFF_SECONDS: Final = (0.05, 2.0)  # first and longest; full jitter between

_JITTER: Final = secrets.SystemRandom()

Argument = str | bytes | int | float
Send = Callable[..., "asyncio.Future[Any]"]


class Calling(Protocol):
    """The store, whether it is one server or several."""

    @property
    def is_connected(self) -> bool: ...

    def call(self, *arguments: Argument) -> "asyncio.Future[Any]": ...

    def post(self, key: str, packed: bytes, waiter: Waiter) -> None: ...

    async def close(self) -> None: ...


async def require_primary(send: Send) -> None:
    """
    After a failover an address may lead to a replica: what it takes would be lost.

    Raises: StoreIsReplica.
    """
    role = await send("ROLE")
    if role[0] != b"master":
        raise StoreIsReplica("the store is a read-only replica")


class _Together:
    """The replies to several calls, for one who waits for all of them."""

    __slots__ = ("_left", "_replies", "future")

    def __init__(self, count: int) -> None:
        self.future: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()
        self._replies: list[Any] = [None] * count
        self._left = count

    def note(self, index: int, reply: Any) -> None:
        self._replies[index] = reply
        self._left -= 1
        if not self._left:
            self.future.set_result(self._replies)


class _Part:
    """Waits for one of them."""

    __slots__ = ("_index", "_whole")

    def __init__(self, whole: _Together, index: int) -> None:
        self._whole = whole
        self._index = index

    def done(self) -> bool:
        return self._whole.future.done()

    def set_result(self, result: Any) -> None:
        self._whole.note(self._index, result)

    def set_exception(self, exception: Exception) -> None:
        self._whole.future.set_exception(exception)


async def ask_each(pipe: Calling, command: str, keys: Sequence[str]) -> list[Any]:
    """
    One question about each key, for a fifth of what as many futures cost; the replies in order.

    Raises: StoreUnavailable.
    """
    if not keys:
        return []
    whole = _Together(len(keys))
    try:
        for index, key in enumerate(keys):
            pipe.post(key, pack((command, key)), _Part(whole, index))
        return await whole.future
    finally:
        whole.future.cancel()  # nobody waits for the others when one has failed


class Pipe:
    """One connection to a server, for everything that happens per message."""

    def __init__(
        self,
        address: Address | Callable[[], Address],
        *,
        prepare: Callable[[Send], Awaitable[None]] = require_primary,
        redirect: Callable[[Sent, str], None] | None = None,
        on_lost: Callable[[], None] | None = None,
    ) -> None:
        """
        `address` may be a function, asked at each connection; `prepare` sees each connection
        before any call does; `redirect` carries a call on to the server that a refusal names,
        without it the call fails and the address is looked for again.
        """
        self._locate = address if callable(address) else lambda: address
        self._prepare = prepare
        self._redirect = redirect
        self._on_lost = on_lost
        self._connection: Connection | None = None
        self._reconnecting: asyncio.Task[None] | None = None
        self._is_closed = False

    async def connect(self) -> None:
        """
        Open the connection.

        Raises: StoreUnavailable.
        """
        self._connection = await self._open()

    def begin(self) -> None:
        """Connect beside the caller, for as long as it takes."""
        self._reconnecting = asyncio.get_running_loop().create_task(
            self._reconnect(), name="store-reconnect"
        )

    async def wait_connected(self, seconds: float) -> None:
        """Return when there is a connection, or when this was long enough."""
        if self._connection is None and self._reconnecting is not None:
            await asyncio.wait({self._reconnecting}, timeout=seconds)

    def call(self, *arguments: Argument) -> asyncio.Future[Any]:
        """
        Send one command; the future holds its reply, as hiredis reads it (bytes, int, list).

        The future raises StoreUnavailable (lost, late, or not now) or ReplyRefused (a bug).
        """
        if self._connection is None:
            raise StoreUnavailable("the store is not reachable")
        return self._connection.send(pack(arguments))

    def post(self, key: str, packed: bytes, waiter: Waiter) -> None:
        """
        Send one packed command whose first key is `key`; `waiter` is told as a future would be.

        Raises: StoreUnavailable.
        """
        if self._connection is None:
            raise StoreUnavailable("the store is not reachable")
        self._connection.post(packed, waiter)

    def carry_on(self, sent: Sent, *first: str) -> None:
        """
        Send a call that another server refused, right behind the command `first` if any.

        Raises: StoreUnavailable.
        """
        if self._connection is None:
            raise StoreUnavailable("the store is not reachable")
        waiter, _, packed = sent
        if first:
            self._connection.send(pack(first)).cancel()  # nobody waits for its answer
        self._connection.post(packed, waiter)

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

    async def _open(self) -> Connection:
        loop = asyncio.get_running_loop()
        try:
            address = self._locate()
            async with asyncio.timeout(_CONNECT_TIMEOUT_SECONDS):
                if address.path:
                    _, connection = await loop.create_unix_connection(
                        lambda: Connection(self._lost), address.path
                    )
                else:
                    context = ssl.create_default_context() if address.is_tls else None
                    _, connection = await loop.create_connection(
                        lambda: Connection(self._lost), address.host, address.port, ssl=context
                    )
                try:
                    await _introduce(connection, address)
                    await self._prepare(lambda *arguments: connection.send(pack(arguments)))
                except BaseException:
                    connection.abort()
                    raise
                if connection.is_over:  # its end was told before anybody listened
                    raise StoreUnavailable("the connection to the store was lost")
                connection.begin(self._redirect)
        except (OSError, TimeoutError, ReplyRefused) as error:
            raise StoreUnavailable("the store cannot be reached") from error
        return connection

    def _lost(self, connection: Connection) -> None:
        if connection is not self._connection or self._is_closed:
            return
        self._connection = None
        self.begin()
        if self._on_lost is not None:
            self._on_lost()

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


async def _introduce(connection: Connection, address: Address) -> None:
    if address.password:
        user = (address.user,) if address.user else ()
        await connection.send(pack(("AUTH", *user, address.password)))
    if address.database:
        await connection.send(pack(("SELECT", address.database)))
