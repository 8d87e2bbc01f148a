"""
Own messages: stored first, then sent, until the log shows them back.

A retry carries the same envelope id and the same bytes. Only after `stale_epoch`, which says that
nothing was stored, is the content sealed again, under the same id and a newer key.
"""

import asyncio
import secrets
from typing import Final

from lien.client.conversation import Conversation, Pending
from lien.client.device import Device
from lien.client.epochs import Change
from lien.client.errors import ServerFailure
from lien.client.socket import Socket
from lien.crypto.contents import (
    URGENT,
    Availability,
    Delete,
    Edit,
    Media,
    Reaction,
    Said,
    Text,
)
from lien.crypto.envelope import Content, Header, Kind, seal_envelope
from lien.errors import Conflict
from lien.ids import EnvelopeId, new_id
from lien.protocol.frames import Send

PASSING: Final = frozenset(
    {"too_many", "too_many_sends", "overloaded", "store_unavailable", "internal"}
)
_FIRST_WAIT_SECONDS: Final = 0.2
_LONGEST_WAIT_SECONDS: Final = 10.0
_MAX_WAITS: Final = 20  # about two minutes; then the next connection tries again
_MAX_ROTATIONS: Final = 5
# Nobody's phone rings for these: who sees them, sees them when they look.
_QUIET: Final = (Availability, Delete, Edit, Reaction)
_jitter: Final = secrets.SystemRandom()


async def prepare(device: Device, conversation: Conversation, said: Said) -> Pending:
    """
    Seal what is said for the present epoch and store it in the outbox.

    Raises: BadEnvelope when it is too long, and as `Epochs.begin`.
    """
    device.require_sound(conversation)
    if device.epochs.needs_rotation(conversation):
        await rotate(device, conversation)
    statement = conversation.statement
    if statement is None:
        raise Conflict("the conversation has not begun")
    counter = conversation.sent_count + 1
    content = Content.of(said, counter, statement.hash)
    header = Header(
        conversation.channel,
        statement.epoch,
        device.account,
        device.keyring.device,
        EnvelopeId(new_id()),
        kind_of(said),
    )
    pending = _seal(device, conversation, header, content)
    conversation.sent_count = counter
    conversation.outbox[pending.key] = pending
    await device.save()
    return pending


async def deliver(
    device: Device, socket: Socket, conversation: Conversation, pending: Pending
) -> None:
    """
    Send until it is accepted.

    Raises: ServerFailure when it never will be (it leaves the outbox) or the server is busy for
    minutes (it stays), ConnectionLost when the outcome is unknown (it stays, and is sent again on
    the next connection).
    """
    wait_seconds = _FIRST_WAIT_SECONDS
    rotations = waits = 0
    while not pending.is_accepted:
        try:
            await socket.ask(lambda ref: Send(ref, pending.data, pending.sealed))
        except ServerFailure as failure:
            if failure.answer == "stale_epoch" and rotations < _MAX_ROTATIONS:
                rotations += 1
                await _seal_again(device, conversation, pending)
                continue
            if failure.answer in PASSING:
                waits += 1
                if waits > _MAX_WAITS:
                    raise
                hint_seconds = failure.retry_after_ms / 1000
                await asyncio.sleep(max(hint_seconds, wait_seconds * _jitter.random()))
                wait_seconds = min(wait_seconds * 2, _LONGEST_WAIT_SECONDS)
                continue
            if failure.answer != "envelope_id_reused":
                conversation.outbox.pop(pending.key, None)
                await device.save()
                raise
            # Stored under an earlier key before this device learnt of it: the log will show it.
        pending.is_accepted = True


async def rotate(device: Device, conversation: Conversation) -> None:
    """
    Make sure the newest epoch may be sent in: read it, and begin the next one if needed.

    Raises: as `Epochs.begin`.
    """
    await device.update(conversation)
    device.require_sound(conversation)
    if device.epochs.needs_rotation(conversation):
        await device.epochs.begin(conversation, Change())


async def _seal_again(device: Device, conversation: Conversation, pending: Pending) -> None:
    before = pending.header.epoch
    await rotate(device, conversation)
    if conversation.epoch == before:
        # The server knows of a reason that the epochs' page did not tell yet.
        await device.epochs.begin(conversation, Change())
    statement = conversation.statement
    if statement is None:
        raise Conflict("the conversation has not begun")
    old = pending.header
    header = Header(old.channel, statement.epoch, old.account, old.device, old.envelope, old.kind)
    content = Content(
        pending.content.type, pending.content.body, pending.content.counter, statement.hash
    )
    fresh = _seal(device, conversation, header, content)
    pending.header, pending.content = fresh.header, fresh.content
    pending.data, pending.sealed = fresh.data, fresh.sealed
    await device.save()


def _seal(device: Device, conversation: Conversation, header: Header, content: Content) -> Pending:
    key = conversation.keys.get(header.epoch)
    if key is None:
        raise Conflict("this device has no key of the present epoch")
    data, sealed = seal_envelope(header, content, key, device.keyring.key)
    return Pending(header, content, data, sealed)


def kind_of(said: Said) -> Kind:
    """What the server is told of it: whether devices may be woken."""
    if isinstance(said, _QUIET):
        return Kind.QUIET
    is_urgent = isinstance(said, Text | Media) and said.intent.kind == URGENT
    return Kind.URGENT if is_urgent else Kind.MESSAGE
