"""
A Valkey Cluster as one store: a pipe for each primary, and every call to the one that has the key.

Law 1: which server has what is learned from the servers: all that answer are asked, and the one
that saw the latest election is believed. It is asked again when a connection is lost, when a
call was sent on (MOVED), and every two seconds.
Law 2: a call that a server refused because another one has the key is sent on; nothing was done,
so this is no repetition. Five times at most, for a Cluster that does not agree with itself.
Law 3: before a primary gets its first call on a new connection, its shards are told who it is
(see promotions.py): after an election that lost something, nothing is written as if it had not.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any, Final
from weakref import WeakKeyDictionary

from lien.storage import promotions
from lien.storage.address import Address
from lien.storage.connection import Sent, Waiter
from lien.storage.errors import StoreUnavailable
from lien.storage.pipeline import Argument, Pipe, Send, require_primary
from lien.storage.slots import SLOTS, Table, key_of, place_of, read_table, slot_of

_LOOK_SECONDS: Final = 2.0
_HURRY_SECONDS: Final = 0.1  # while a primary is missing
_ASK_SECONDS: Final = 1.0
_CONNECT_SECONDS: Final = 2.0
_MOST_HOPS: Final = 5


class Cluster:
    """The same calls as `Pipe`, for a store of several servers."""

    def __init__(self, address: Address, shards: int) -> None:
        self._seeds = [
            replace(address, host=host, port=port, seeds=())
            for host, port in ((address.host, address.port), *address.seeds)
        ]
        self._shards = shards
        self._pipes: dict[Address, Pipe] = {}
        self._owners: list[Address | None] = [None] * SLOTS
        self._table = Table(-1, (), frozenset())
        self._doubt = asyncio.Event()
        self._watching: asyncio.Task[None] | None = None
        self._hops: WeakKeyDictionary[Waiter, int] = WeakKeyDictionary()
        self._beside: set[asyncio.Task[None]] = set()

    async def connect(self) -> None:
        """
        Learn who has what and connect to every primary.

        Raises: StoreUnavailable.
        """
        table = await self.look()
        if not table.is_whole:
            raise StoreUnavailable("slots of the Cluster belong to nobody")
        for address in table.primaries:
            pipe = self._pipes[address] = self._make(address)
            await pipe.connect()
        self._install(table)
        self._watching = asyncio.create_task(self._watch(), name="store-cluster")

    def call(self, *arguments: Argument) -> asyncio.Future[Any]:
        """
        Send one command to the primary that has its key, one without a key to any.

        As `Pipe.call`; raises StoreUnavailable at once when that primary is away.
        """
        key = key_of(arguments)
        if key is None:
            return self._any().call(*arguments)
        return self._pipe_of(key).call(*arguments)

    def post(self, key: str, packed: bytes, waiter: Waiter) -> None:
        """As `Pipe.post`."""
        self._pipe_of(key).post(key, packed, waiter)

    def _pipe_of(self, key: str) -> Pipe:
        owner = self._owners[slot_of(key)]
        if owner is None:
            raise StoreUnavailable("this part of the store is not reachable")
        return self._pipes[owner]

    @property
    def is_connected(self) -> bool:
        """False while a primary is away."""
        return None not in self._owners and all(one.is_connected for one in self._pipes.values())

    def locate(self, key: str) -> Address:
        """
        The primary that has a key, as far as is known; whoever asks lost it, so look again.

        Raises: StoreUnavailable.
        """
        self._doubt.set()
        owner = self._owners[slot_of(key)]
        if owner is None:
            raise StoreUnavailable("this part of the store is not reachable")
        return owner

    async def close(self) -> None:
        """Close every connection; calls without an answer fail."""
        tasks = [*self._beside, *([self._watching] if self._watching else ())]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        pipes, self._pipes = self._pipes, {}
        self._owners = [None] * SLOTS
        for pipe in pipes.values():
            await pipe.close()

    async def look(self) -> Table:
        """
        Ask the servers who has what.

        Raises: StoreUnavailable if none answers.
        """
        known = {*self._seeds, *self._table.primaries, *self._table.others}
        is_sound = bool(self._pipes) and all(one.is_connected for one in self._pipes.values())
        asked = self._pipes.keys() if is_sound else known | self._pipes.keys()
        answers = await asyncio.gather(*(self._ask(one) for one in asked), return_exceptions=True)
        tables = [one for one in answers if isinstance(one, Table) and one.ranges]
        for answer in answers:
            if isinstance(answer, BaseException) and not isinstance(answer, StoreUnavailable):
                raise answer
        if not tables:
            cause = next((one for one in answers if isinstance(one, BaseException)), None)
            raise StoreUnavailable("no server of the Cluster answers") from (
                cause.__cause__ if cause else None
            )
        return max(tables, key=lambda one: (one.epoch, one.is_whole))

    async def _ask(self, address: Address) -> Table:
        pipe = self._pipes.get(address)
        if pipe is not None and pipe.is_connected:
            return await _read(address, pipe)
        pipe = Pipe(address, prepare=_nothing)
        try:
            async with asyncio.timeout(_ASK_SECONDS):
                await pipe.connect()
                return await _read(address, pipe)
        except TimeoutError as error:
            raise StoreUnavailable("a server of the Cluster does not answer") from error
        finally:
            await pipe.close()

    def _any(self) -> Pipe:
        for pipe in self._pipes.values():
            if pipe.is_connected:
                return pipe
        raise StoreUnavailable("the store is not reachable")

    def _make(self, address: Address) -> Pipe:
        def redirect(sent: Sent, text: str) -> None:
            self._redirect(address, sent, text)

        return Pipe(address, prepare=self._prepare, redirect=redirect, on_lost=self._doubt.set)

    async def _prepare(self, send: Send) -> None:
        await require_primary(send)
        await promotions.note_cluster_primary(send, self._shards)

    def _redirect(self, refusing: Address, sent: Sent, text: str) -> None:
        """`MOVED 3999 host:port`, or ASK the same for this one call."""
        code, _, place = text.split(" ", 2)
        host, _, port = place.rpartition(":")
        address = place_of(refusing, host, port)
        waiter = sent[0]
        hops = self._hops[waiter] = self._hops.get(waiter, 0) + 1
        if code == "MOVED":
            self._doubt.set()
        if address is None or hops > _MOST_HOPS:
            waiter.set_exception(StoreUnavailable("the Cluster does not agree with itself"))
        else:
            self._spawn(self._carry_on(address, sent, is_ask=code == "ASK"))

    async def _carry_on(self, address: Address, sent: Sent, *, is_ask: bool) -> None:
        waiter = sent[0]
        pipe = self._pipes.get(address)
        if pipe is None:
            pipe = self._pipes[address] = self._make(address)
            pipe.begin()
        try:
            await pipe.wait_connected(_CONNECT_SECONDS)
            if not waiter.done():
                pipe.carry_on(sent, *(("ASKING",) if is_ask else ()))
        except StoreUnavailable as error:
            if not waiter.done():
                waiter.set_exception(error)
        except asyncio.CancelledError:  # the store is being closed
            if not waiter.done():
                waiter.set_exception(StoreUnavailable("the store is not reachable"))
            raise

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    async def _watch(self) -> None:
        while True:
            seconds = _LOOK_SECONDS if self.is_connected else _HURRY_SECONDS
            try:
                async with asyncio.timeout(seconds):
                    await self._doubt.wait()
                await asyncio.sleep(_HURRY_SECONDS / 2)  # one look for many doubts
            except TimeoutError:
                pass
            self._doubt.clear()
            try:
                self._install(await self.look())
            # The outer edge of a background task: a Cluster that nobody looks at any more would
            # be lost with its next election.
            except Exception:
                await asyncio.sleep(_HURRY_SECONDS)

    def _install(self, table: Table) -> None:
        """Believe a table unless it is older than the one believed."""
        if table.epoch < self._table.epoch:
            return
        if table.ranges != self._table.ranges:
            for address in table.primaries - self._pipes.keys():
                self._pipes[address] = self._make(address)
                self._pipes[address].begin()
            owners: list[Address | None] = [None] * SLOTS
            for first, last, address in table.ranges:
                owners[first : last + 1] = [address] * (last - first + 1)
            self._owners = owners
        for address in self._pipes.keys() - table.primaries:
            # At once: what a deposed primary answers now is lost when it follows the new one.
            self._spawn(self._pipes.pop(address).close())
        self._table = table


async def _nothing(_: Send) -> None:
    """For connections that only ask: a replica knows who has what as well."""


async def _read(address: Address, pipe: Pipe) -> Table:
    try:
        async with asyncio.timeout(_ASK_SECONDS):
            slots, info = await asyncio.gather(
                pipe.call("CLUSTER", "SLOTS"), pipe.call("CLUSTER", "INFO")
            )
    except TimeoutError as error:
        raise StoreUnavailable("a server of the Cluster does not answer") from error
    return read_table(address, slots, info)
