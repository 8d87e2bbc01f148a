"""
One connection to a server of the store: packed commands out, replies in, in order.

Bounded in calls, in bytes and in time; when it ends, whoever waits is told that the outcome of
the call is unknown.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any, Final, Protocol, cast

import hiredis

from lien.storage.errors import ReplyRefused, ScriptMissing, StoreElsewhere, StoreUnavailable

MAX_PENDING_CALLS: Final = 10_000
MAX_PENDING_BYTES: Final = 64 * 1024 * 1024
CALL_TIMEOUT_SECONDS: Final = 5.0

# Its own annotation allows commands of one word only.
pack: Final = cast(Callable[[tuple[Any, ...]], bytes], hiredis.pack_command)

# What the server says when it is not the moment: the call was not carried out, try again later.
_NOT_NOW: Final = (
    *("LOADING", "MISCONF", "OOM", "READONLY", "BUSY", "MASTERDOWN", "NOREPLICAS"),
    *("CLUSTERDOWN", "TRYAGAIN", "UNBLOCKED"),
)
# What it says when another server is the one to ask.
_ELSEWHERE: Final = ("MOVED", "ASK")
# After these, the server behind the connection is not the one to write to.
_DEPOSED: Final = ("READONLY", "UNBLOCKED")


class Waiter(Protocol):
    """
    Who waits for an answer: a future, or something lighter that is called at once.

    A call costs a task and two turns of the loop less that way; what is called must not raise.
    """

    def done(self) -> bool:
        """True when nobody waits any more."""

    def set_result(self, result: Any, /) -> None:
        """The answer."""

    def set_exception(self, exception: Exception, /) -> None:
        """There is none."""


# A call without an answer yet: who waits, deadline and bytes. A plain tuple, because a named
# one costs a tenth of a call.
Sent = tuple[Waiter, float, bytes]
Lost = Callable[["Connection"], None]


class Connection(asyncio.Protocol):
    """Packed commands out, replies in, in order. Calls `lost` once when it ends."""

    def __init__(self, lost: Lost) -> None:
        self._lost = lost
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._reader = hiredis.Reader()
        self._out: list[bytes] = []
        self._pending: deque[Sent] = deque()
        self._pending_bytes = 0
        self._watch: asyncio.TimerHandle | None = None
        self._ended: asyncio.Future[None] = self._loop.create_future()
        self._redirect: Callable[[Sent, str], None] | None = None
        self._has_begun = False

    def begin(self, redirect: Callable[[Sent, str], None] | None) -> None:
        """From now on this server is taken for the one to write to."""
        self._redirect = redirect
        self._has_begun = True

    def send(self, packed: bytes) -> asyncio.Future[Any]:
        """
        Queue one packed command for the end of this loop turn.

        Raises: StoreUnavailable.
        """
        future: asyncio.Future[Any] = self._loop.create_future()
        self.post(packed, future)
        return future

    def post(self, packed: bytes, waiter: Waiter) -> None:
        """
        `send` for who waits otherwise than by a future.

        Raises: StoreUnavailable.
        """
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
        self._pending.append((waiter, self._loop.time() + CALL_TIMEOUT_SECONDS, packed))
        self._pending_bytes += size
        if self._watch is None:
            self._watch = self._loop.call_later(CALL_TIMEOUT_SECONDS, self._check_deadline)

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
        sent = self._pending.popleft()
        waiter = sent[0]
        self._pending_bytes -= len(sent[2])
        if waiter.done():  # its caller was cancelled
            return
        if isinstance(reply, hiredis.ReplyError):
            self._refuse(sent, str(reply))
        else:
            waiter.set_result(reply)

    def _refuse(self, sent: Sent, text: str) -> None:
        code = text.partition(" ")[0]
        if code in _ELSEWHERE and self._redirect is not None:
            self._redirect(sent, text)
            return
        sent[0].set_exception(_failure(code))
        if self._has_begun and code in _ELSEWHERE + _DEPOSED:
            self.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._out.clear()
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        pending, self._pending = self._pending, deque()
        for waiter, *_ in pending:
            if not waiter.done():
                waiter.set_exception(
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


def _failure(code: str) -> Exception:
    if code == "NOSCRIPT":
        return ScriptMissing(code)
    if code in _ELSEWHERE:
        return StoreElsewhere(f"the store answers {code}")
    if code in _NOT_NOW:
        return StoreUnavailable(f"the store answers {code}")
    return ReplyRefused(code)
