"""
Command to service call.

Each command that waits is a task of its own, so that a slow one does not hold up the next; how
many there may be at once is bounded per connection by `protocol.Connection`. A Resume that finds
nothing new waits for nobody.
"""

import asyncio
from collections.abc import Iterable
from typing import Final, Protocol

from lien.conversations import Conversations
from lien.errors import LienError
from lien.fanout.audiences import Audiences
from lien.fanout.frames import prepare_frame
from lien.ids import AccountId, DeviceId
from lien.protocol.codec import encode
from lien.protocol.frames import (
    Accepted,
    Ack,
    Command,
    Entry,
    Gap,
    Hello,
    Ok,
    Ping,
    Reply,
    Reset,
    Resume,
    Resumed,
    Send,
    Typing,
)
from lien.telemetry import Metric, Telemetry

_STOP_SECONDS: Final = 5.0


class Asker(Protocol):
    """The connection a command came from. Every method is harmless once it is lost."""

    @property
    def account(self) -> AccountId: ...
    @property
    def device(self) -> DeviceId: ...

    def push(self, data: bytes) -> None:
        """Write prepared frames that must not be left out."""

    def answer(self, command: Command, reply: Reply) -> None:
        """Done."""

    def refuse(self, command: Command, error: LienError) -> None:
        """Not done."""


class Dispatcher:
    """One per worker; it owns the tasks."""

    def __init__(
        self, conversations: Conversations, audiences: Audiences, telemetry: Telemetry
    ) -> None:
        self._conversations = conversations
        self._audiences = audiences
        self._telemetry = telemetry
        self._tasks: set[asyncio.Task[None]] = set()

    def dispatch(self, asker: Asker, command: Command) -> None:
        """Do a command of an open connection and answer it, now or later."""
        if isinstance(command, Ping):
            asker.answer(command, Ok(command.ref))
            return
        if isinstance(command, Resume):
            states, others = self._audiences.settle(asker.account, command.cursors)
            if not others:
                asker.answer(command, Resumed(command.ref, tuple(states)))
                return
        task = asyncio.get_running_loop().create_task(self._run(asker, command), name="command")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Let what is under way finish, for a bounded time."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=_STOP_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _run(self, asker: Asker, command: Command) -> None:
        try:
            reply = await self._do(asker, command)
        except LienError as error:
            if isinstance(command, Send):
                self._telemetry.count(Metric.ENVELOPES_REFUSED)
            asker.refuse(command, error)
        # The outer edge of a background task: a bug is answered, and logged without its text.
        except Exception as error:
            self._telemetry.log("internal_error", error=type(error).__name__, reason="dispatch")
            asker.refuse(command, LienError())
        else:
            asker.answer(command, reply)

    async def _do(self, asker: Asker, command: Command) -> Reply:
        do = self._conversations
        match command:
            case Send(ref, header, sealed):
                accepted = await do.send(asker.account, asker.device, header, sealed)
                self._telemetry.count(Metric.ENVELOPES_ACCEPTED)
                return Accepted(ref, accepted.incarnation, accepted.offset, accepted.at_ms)
            case Resume(ref, cursors):
                await self._audiences.load(asker.account, cursors)
                states, others = self._audiences.settle(asker.account, cursors)
                if others:
                    resumption = await do.resume(asker.account, others)
                    asker.push(_join(resumption.pushes))
                    states += resumption.states
                return Resumed(ref, tuple(states))
            case Ack(ref, channel, incarnation, offset, level):
                await do.acknowledge(
                    asker.account, asker.device, channel, incarnation, offset, level
                )
                return Ok(ref)
            case Typing(ref, channel):
                await do.typing(asker.account, channel)
                return Ok(ref)
            case Hello() | Ping():
                raise TypeError("answered before")


def _join(pushes: Iterable[Entry | Gap | Reset]) -> bytes:
    return b"".join([prepare_frame(encode(push)) for push in pushes])
