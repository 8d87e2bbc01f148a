"""
Command to service call.

What happens per message (Send, Ack, Typing) is handed to the store and answered when it has
answered, without a task: a call goes down, a call comes back. A Resume that finds something new
reads for a while, in a task of its own. How many commands there may be at once is bounded per
connection by `protocol.Connection`.
"""

import asyncio
from collections.abc import Iterable
from functools import partial
from typing import Any, Final, Protocol

from lien.conversations import Accepted, Conversations
from lien.errors import LienError
from lien.fanout.audiences import Audiences
from lien.fanout.delivery import Delivery
from lien.fanout.frames import prepare_frame
from lien.ids import AccountId, DeviceId
from lien.protocol.codec import encode
from lien.protocol.frames import (
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
from lien.protocol.positions import ChannelState, Cursor, Position
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

    def accept(self, ref: int, accepted: Accepted) -> None:
        """A Send is done."""

    def answer(self, command: Command, reply: Reply) -> None:
        """Done."""

    def refuse(self, command: Command, error: LienError) -> None:
        """Not done."""


class Dispatcher:
    """One per worker; it owns the tasks."""

    def __init__(
        self,
        conversations: Conversations,
        audiences: Audiences,
        delivery: Delivery,
        telemetry: Telemetry,
    ) -> None:
        self._conversations = conversations
        self._audiences = audiences
        self._delivery = delivery
        self._telemetry = telemetry
        self._tasks: set[asyncio.Task[None]] = set()
        # Commands the store has not answered, and what waits for none to be left.
        self._posted = 0
        self._settled: asyncio.Future[None] | None = None

    def dispatch(self, asker: Asker, command: Command) -> None:
        """Do a command of an open connection and answer it, now or later."""
        do = self._conversations
        if isinstance(command, Send):  # class patterns cost half of what is done here
            told = partial(self._appended, asker, command)
            self._post(asker, command, do.post, asker.device, command.header, command.sealed, told)
            return
        match command:
            case Ack(_, channel, incarnation, offset, level):
                told = partial(self._noted, asker, command)
                position = Position(incarnation, offset)
                self._post(
                    asker, command, do.post_ack, asker.device, channel, position, level, told
                )
            case Ping(ref):
                asker.answer(command, Ok(ref))
            case Typing(_, channel):
                told = partial(self._noted, asker, command)
                self._post(asker, command, do.post_typing, channel, told)
            case Resume(ref, cursors):
                frames, states, others = self._audiences.settle(asker.account, cursors)
                if frames:
                    asker.push(b"".join(frames))
                if others:
                    self._begin(asker, command, states, others)
                else:
                    asker.answer(command, Resumed(ref, tuple(states)))
            case Hello():
                raise TypeError("answered before")

    async def stop(self) -> None:
        """Let what is under way finish, for a bounded time."""
        if self._posted:
            self._settled = asyncio.get_running_loop().create_future()
            await asyncio.wait({self._settled}, timeout=_STOP_SECONDS)
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=_STOP_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    # Answered by the store

    def _post(self, asker: Asker, command: Command, post: Any, *arguments: Any) -> None:
        self._posted += 1
        try:
            post(asker.account, *arguments)
        # Refused at once; a bug is answered too.
        except Exception as error:
            self._settle()
            self._refuse(asker, command, error)

    def _appended(self, asker: Asker, command: Send, outcome: Any) -> None:
        self._settle()
        if type(outcome) is Accepted:
            self._telemetry.count(Metric.ENVELOPES_ACCEPTED)
            asker.accept(command.ref, outcome)
            incarnation, offset, at_ms, channel, version = outcome
            if channel is not None:
                place = (channel, version, incarnation, offset, at_ms)
                self._delivery.show(*place, command.header, command.sealed)
        else:
            self._refuse(asker, command, outcome)

    def _noted(self, asker: Asker, command: Ack | Typing, outcome: Any) -> None:
        self._settle()
        if outcome is None:
            asker.answer(command, Ok(command.ref))
        else:
            self._refuse(asker, command, outcome)

    def _settle(self) -> None:
        self._posted -= 1
        if self._posted == 0 and self._settled is not None and not self._settled.done():
            self._settled.set_result(None)

    def _refuse(self, asker: Asker, command: Command, error: Any) -> None:
        if isinstance(command, Send):
            self._telemetry.count(Metric.ENVELOPES_REFUSED)
        if not isinstance(error, LienError):
            # The outer edge: a bug is answered, and logged without its text.
            self._telemetry.log("internal_error", error=type(error).__name__, reason="dispatch")
            error = LienError()
        asker.refuse(command, error)

    # A task of its own

    def _begin(
        self, asker: Asker, command: Resume, states: list[ChannelState], others: list[Cursor]
    ) -> None:
        work = self._run(asker, command, states, others)
        task = asyncio.get_running_loop().create_task(work, name="command")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(
        self, asker: Asker, command: Resume, states: list[ChannelState], others: list[Cursor]
    ) -> None:
        try:
            reply = await self._resume(asker, command.ref, states, others)
        except Exception as error:
            self._refuse(asker, command, error)
        else:
            asker.answer(command, reply)

    async def _resume(
        self, asker: Asker, ref: int, states: list[ChannelState], cursors: list[Cursor]
    ) -> Resumed:
        await self._audiences.load(asker.account, cursors)
        frames, settled, others = self._audiences.settle(asker.account, cursors)
        asker.push(b"".join(frames))
        states += settled
        if others:
            resumption = await self._conversations.resume(asker.account, others)
            asker.push(_join(resumption.pushes))
            states += resumption.states
        return Resumed(ref, tuple(states))


def _join(pushes: Iterable[Entry | Gap | Reset]) -> bytes:
    return b"".join([prepare_frame(encode(push)) for push in pushes])
