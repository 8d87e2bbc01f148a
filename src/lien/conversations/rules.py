"""Decisions about conversations: pure."""

import hashlib
from collections.abc import Mapping, Sequence, Set
from typing import Final

import msgpack

from lien.conversations.errors import OldGeneration
from lien.conversations.models import Channel, Start, StoredEntry
from lien.crypto.envelope import BadEnvelope, Header, Kind
from lien.crypto.statement import BadStatement, Statement
from lien.ids import (
    AccountId,
    ChannelId,
    DeviceId,
    EnvelopeId,
    b64encode,
    inbox_channel,
    inbox_owner,
)
from lien.protocol.frames import Entry, Gap
from lien.protocol.positions import Cursor

RESUME_BYTES: Final = 256 * 1024
_MESSAGES: Final = (Kind.MESSAGE, Kind.URGENT, Kind.QUIET)
# What a frame costs beyond header and sealed bytes: type, ref, channel, three integers.
_FRAME_BYTES: Final = 64


def require_own_message(header: Header, account: AccountId, device: DeviceId) -> None:
    """
    A device sends messages of its own into conversations; the rest is written by the server.

    Raises: BadEnvelope.
    """
    if (header.account, header.device) != (account, device):
        raise BadEnvelope("the header names another sender")
    if header.kind not in _MESSAGES or inbox_owner(header.channel) is not None:
        raise BadEnvelope("a device sends messages into conversations only")


def require_own_statement(statement: Statement, account: AccountId, device: DeviceId) -> None:
    """
    A statement is brought by its author.

    Raises: BadStatement.
    """
    if (statement.author, statement.author_device) != (account, device):
        raise BadStatement("the author is not the caller")


def require_current(statement: Statement, generations: Mapping[AccountId, int]) -> None:
    """
    Every key is sealed to the member's present secret; nobody seals to an account that departed.

    Raises: OldGeneration.
    """
    for member in statement.members:
        if member.generation != generations.get(member.account):
            raise OldGeneration("a member's secret was rotated, or the account departed")


def start_of(channel: Channel, cursor: Cursor) -> Start:
    """Where to begin for a device that has `cursor`, and what to tell it first."""
    if cursor.incarnation == 0:
        return Start(0)
    if cursor.incarnation > channel.incarnation:
        # A store that was restored without being told so. Nothing is known to be common.
        return Start(0, is_reset=True, is_ahead=True)
    if cursor.incarnation < channel.incarnation:
        # What is common with an older stream ends where the first one after it began.
        later = [start for number, start in channel.starts.items() if number > cursor.incarnation]
        # A device that was behind that point goes on from where it was.
        return Start(min([*later, cursor.offset] if later else [0]), is_reset=True)
    if cursor.offset > channel.head:
        return Start(channel.head, is_reset=True, is_ahead=True)
    return Start(cursor.offset)


def hidden_gap(channel_id: ChannelId, channel: Channel, after: int) -> Gap | None:
    """What lies between `after` and the first entry the account may read."""
    if after + 1 >= channel.since:
        return None
    last = min(channel.since - 1, channel.head)
    return Gap(channel_id, channel.incarnation, after + 1, last) if last > after else None


def pushes_of(
    channel_id: ChannelId, incarnation: int, after: int, until: int, entries: Sequence[StoredEntry]
) -> list[Entry | Gap]:
    """Entries between `after` and `until` as pushes, each missing stretch said by a Gap."""
    pushes: list[Entry | Gap] = []
    for entry in entries:
        if entry.offset > after + 1:
            pushes.append(Gap(channel_id, incarnation, after + 1, entry.offset - 1))
        pushes.append(
            Entry(channel_id, incarnation, entry.offset, entry.at_ms, entry.header, entry.sealed)
        )
        after = entry.offset
    if after < until:
        pushes.append(Gap(channel_id, incarnation, after + 1, until))
    return pushes


def cost(push: Entry | Gap) -> int:
    """Roughly the bytes of one push on the wire."""
    match push:
        case Entry():
            return len(push.header) + len(push.sealed) + _FRAME_BYTES
        case Gap():
            return _FRAME_BYTES


def statement_header(statement: Statement) -> Header:
    """The header of the entry that shows a statement; its id follows from the statement."""
    return Header(
        statement.channel,
        statement.epoch,
        statement.author,
        statement.author_device,
        EnvelopeId(b64encode(statement.hash[:16])),
        Kind.STATEMENT,
    )


def notice_header(account: AccountId, envelope: EnvelopeId) -> Header:
    """The header of a notice in the account's inbox."""
    return Header(inbox_channel(account), 0, account, None, envelope, Kind.NOTICE)


def notice_id(account: AccountId, notice: Sequence[object], cause: bytes) -> EnvelopeId:
    """The same id for the same notice of the same cause, so that a retry writes nothing."""
    packed = msgpack.packb([account, list(notice), cause], use_bin_type=True)
    return EnvelopeId(b64encode(hashlib.sha256(packed).digest()[:16]))


def encode_notice(notice: Sequence[object]) -> bytes:
    """A notice as docs/protocol.md says."""
    return bytes(msgpack.packb([1, *notice], use_bin_type=True))


def changes(
    previous: Statement | None, statement: Statement
) -> tuple[Set[AccountId], Set[AccountId]]:
    """Who is new and who is gone."""
    before = previous.accounts if previous else frozenset()
    return statement.accounts - before, before - statement.accounts
