"""
From pushes to what the device holds: in order, once, stored before it is acknowledged.

Law 1: an Entry is applied only if it is the cursor's next. A lower one is a repeat; a higher one
       means something is missing, and the channel is resumed.
Law 2: open, keep with the cursor, store, then acknowledge.
Law 3: what does not open is kept as a problem and never stops what comes after it.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from lien.client.conversation import NOWHERE, Conversation, Message
from lien.client.device import Device
from lien.client.documents import read_document, reopen_received
from lien.client.errors import BadAnswer, ServerFailure
from lien.client.notices import read_notice
from lien.client.reading import read_message
from lien.client.socket import Socket
from lien.crypto.envelope import BadEnvelope, Kind, decode_header
from lien.ids import ChannelId, inbox_channel, inbox_owner
from lien.protocol.frames import (
    Ack,
    Behind,
    Entry,
    Gap,
    Level,
    Push,
    Receipt,
    Reset,
    Resume,
    Resumed,
)
from lien.protocol.limits import MAX_CURSORS
from lien.protocol.positions import Position

_GONE: Final = frozenset({"not_a_member", "not_found"})


class Sync:
    """Applies one socket's pushes to one device."""

    def __init__(
        self,
        device: Device,
        socket: Socket,
        on_change: Callable[[], Awaitable[None]],
        on_reset: Callable[[], None],
        on_head: Callable[[], Awaitable[None]],
    ) -> None:
        self._device = device
        self._socket = socket
        self._on_change = on_change
        self._on_reset = on_reset
        self._on_head = on_head
        self._wanted: set[ChannelId] = set()
        self._targets: dict[ChannelId, Position] = {}
        self._asked: dict[ChannelId, Position] = {}
        self._dirty: set[ChannelId] = set()
        # What was sealed to these was tried before: see `Connection.open`.
        self._secrets = set(device.keyring.secrets)
        self.is_settled = False

    def want(self, channel: ChannelId) -> None:
        """Resume a channel when its turn comes."""
        self._wanted.add(channel)
        self.is_settled = False
        self._socket.wake()

    def want_all(self) -> None:
        """Resume everything."""
        self._wanted.update(self._device.channels, [inbox_channel(self._device.account)])
        self.is_settled = False
        self._socket.wake()

    async def run(self) -> None:
        """
        Until the connection is over.

        Raises: ConnectionLost when it ends amid a question.
        """
        socket = self._socket
        while not (socket.is_over and socket.pushes.empty()):
            if socket.pushes.empty():
                await self._settle()
            push = await socket.pushes.get()
            if push is not None:
                await self._apply(push)

    async def _settle(self) -> None:
        """Nothing waits to be applied: store, acknowledge, ask for what is missing."""
        if self._socket.has_left_out:
            self._socket.has_left_out = False
            self.want_all()
        await self._open_what_waited()
        if self._dirty:
            await self._device.save()
            await self._on_change()
            for channel in sorted(self._dirty):
                await self._acknowledge(channel)
            self._dirty.clear()
        self._look_behind()
        if self._wanted:
            await self._resume()
        elif not self._targets:
            was_settled, self.is_settled = self.is_settled, True
            if not was_settled:
                await self._on_head()
            await self._on_change()

    async def _open_what_waited(self) -> None:
        """A secret came, by whatever way: what was sealed to it opens now."""
        device, secrets = self._device, set(self._device.keyring.secrets)
        if secrets == self._secrets:
            return
        self._secrets = secrets
        if await reopen_received(device):
            self._dirty.add(inbox_channel(device.account))
        for channel in list(device.channels):
            conversation = device.get(channel)
            if device.epochs.lacks_keys(conversation):
                await device.update(conversation)
                self._dirty.add(channel)

    def _look_behind(self) -> None:
        """Channels whose Resume did not reach their head yet are asked for again."""
        for channel, target in self._targets.items():
            conversation = self._device.get(channel)
            cursor = conversation.cursor
            if target.offset == 0 or cursor >= target or conversation.is_gone:
                continue
            if cursor == self._asked.get(channel):
                raise BadAnswer("a Resume pushed nothing of what it said there is")
            self._wanted.add(channel)
        self._targets.clear()

    async def _resume(self) -> None:
        chosen = sorted(self._wanted)[:MAX_CURSORS]
        self._wanted.difference_update(chosen)
        cursors = tuple(self._device.get(channel).wire_cursor for channel in chosen)
        self._asked = {cursor.channel: Position(*cursor[1:]) for cursor in cursors}
        answer = await self._socket.ask(lambda ref: Resume(ref, cursors))
        if isinstance(answer, Resumed):
            for state in answer.states:
                self._targets[state.channel] = Position(state.incarnation, state.head)
        # The pushes came before the answer; when they are applied, `_settle` looks again.
        self._socket.wake()

    async def _acknowledge(self, channel: ChannelId) -> None:
        position = self._device.get(channel).cursor
        if position == NOWHERE or inbox_owner(channel) is not None:
            return
        try:
            await self._socket.ask(lambda ref: Ack(ref, channel, *position, Level.DELIVERED))
        except ServerFailure as failure:
            if failure.answer not in _GONE:
                raise

    async def _apply(self, push: Push) -> None:
        match push:
            case Entry():
                await self._apply_entry(push)
            case Gap():
                self._skip(push)
            case Reset(channel, incarnation, offset):
                self._device.get(channel).reset(
                    Position(incarnation, offset), self._device.keyring.device
                )
                self._dirty.add(channel)
                self.want(channel)
                self._on_reset()
            case Receipt(channel, account, level, offset):
                levels = self._device.get(channel).receipts.setdefault(account, {})
                levels[level] = max(levels.get(level, 0), offset)
                await self._on_change()
            case Behind():
                self.want_all()
            case _:
                # Typing is not kept; a Drain is followed by the end of the connection.
                return

    def _skip(self, gap: Gap) -> None:
        conversation = self._device.get(gap.channel)
        if _is_next(conversation, gap.incarnation, gap.from_offset):
            conversation.cursor = Position(gap.incarnation, gap.to_offset)
            self._dirty.add(gap.channel)

    async def _apply_entry(self, entry: Entry) -> None:
        conversation = self._device.get(entry.channel)
        if not _is_next(conversation, entry.incarnation, entry.offset):
            at = Position(entry.incarnation, entry.offset)
            if at > conversation.cursor:
                self._wanted.add(entry.channel)
            return
        if inbox_owner(entry.channel) is not None:
            await self._apply_inbox(entry)
        else:
            await self._apply_message(conversation, entry)
        conversation.cursor = Position(entry.incarnation, entry.offset)
        self._dirty.add(entry.channel)

    async def _apply_message(self, conversation: Conversation, entry: Entry) -> None:
        try:
            header = decode_header(entry.header)
            if header.channel != entry.channel or header.kind is Kind.NOTICE:
                raise BadEnvelope("a header of another channel or kind")
        except BadEnvelope:
            return  # not something any member wrote
        if header.epoch > conversation.epoch:
            await self._device.update(conversation)
        if header.kind is Kind.STATEMENT:
            if conversation.find_statement(header.epoch) is not None:
                conversation.log_epoch = max(conversation.log_epoch, header.epoch)
            return
        message = Message(
            header,
            entry.at_ms,
            Position(entry.incarnation, entry.offset),
            sealed=entry.sealed,
            is_late=header.epoch < conversation.log_epoch,
        )
        own = self._device.keyring.device
        await read_message(self._device.contacts, own, conversation, message)
        if message.problem == "":
            conversation.outbox.pop(message.key, None)
        conversation.keep(message)

    async def _apply_inbox(self, entry: Entry) -> None:
        received = await read_document(self._device, entry)
        if received is not None:
            self._device.documents.setdefault(received.delivery, received)
            return
        for channel in await read_notice(self._device, entry):
            self._wanted.add(channel)


def _is_next(conversation: Conversation, incarnation: int, offset: int) -> bool:
    if conversation.cursor == NOWHERE:
        return offset == 1
    return conversation.cursor == Position(incarnation, offset - 1)
