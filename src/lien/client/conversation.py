"""What a device knows of one channel: statements, keys, its cursor, its messages."""

import asyncio
from dataclasses import dataclass, field
from typing import Final

from lien.crypto.envelope import Content, Header, encode_header
from lien.crypto.statement import SignedStatement, Statement
from lien.ids import AccountId, ChannelId, DeviceId, EnvelopeId
from lien.protocol.frames import Level
from lien.protocol.positions import Cursor, Position

NOWHERE: Final = Position(0, 0)

# A device chooses its envelope ids: two devices may choose the same.
MessageKey = tuple[DeviceId, EnvelopeId]


@dataclass(slots=True)
class Message:
    """
    One message. `position` is None when its log was rebuilt and it has not come back yet.

    `problem` is an error code, or `no_key`, `not_a_member`, `stale_epoch`, `split_view`; then
    `content` is only there if it opened. Who needs `sealed` again keeps it, see `reading`.
    """

    header: Header
    at_ms: int
    position: Position | None
    content: Content | None = field(default=None, repr=False)
    problem: str = ""
    sealed: bytes = field(default=b"", repr=False)
    is_late: bool = False  # the log had shown a newer epoch before it

    @property
    def key(self) -> MessageKey:
        return _key_of(self.header)

    @property
    def text(self) -> str | None:
        return self.content.text if self.content else None


@dataclass(slots=True)
class Pending:
    """An own message that the log has not shown back. A retry carries the same bytes."""

    header: Header
    content: Content = field(repr=False)
    data: bytes = field(repr=False)
    sealed: bytes = field(repr=False)
    is_accepted: bool = False

    @property
    def key(self) -> MessageKey:
        return _key_of(self.header)


@dataclass(slots=True)
class Conversation:
    """All of one channel; an inbox has a cursor and nothing else."""

    channel: ChannelId
    cursor: Position = NOWHERE
    statements: list[tuple[SignedStatement, Statement]] = field(default_factory=list, repr=False)
    keys: dict[int, bytes] = field(default_factory=dict, repr=False)
    is_stale: bool = False
    is_gone: bool = False  # this account is no longer a member
    refused: str = ""  # the code of a chain or statement that was refused: nothing is sent
    sent_count: int = 0
    log_epoch: int = 0  # of the last statement that the log has shown
    counters: dict[DeviceId, int] = field(default_factory=dict, repr=False)
    messages: dict[MessageKey, Message] = field(default_factory=dict, repr=False)
    outbox: dict[MessageKey, Pending] = field(default_factory=dict, repr=False)
    receipts: dict[AccountId, dict[Level, int]] = field(default_factory=dict, repr=False)
    # Epochs are read and begun by one task at a time.
    lock: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False, compare=False)

    @property
    def statement(self) -> Statement | None:
        """The present epoch's, as far as known."""
        return self.statements[-1][1] if self.statements else None

    @property
    def epoch(self) -> int:
        return self.statements[-1][1].epoch if self.statements else 0

    @property
    def wire_cursor(self) -> Cursor:
        return Cursor(self.channel, *self.cursor)

    def find_statement(self, epoch: int) -> Statement | None:
        """Epochs are known without a hole, from the first one that was shown."""
        if not self.statements:
            return None
        place = epoch - self.statements[0][1].epoch
        return self.statements[place][1] if 0 <= place < len(self.statements) else None

    def ordered(self) -> list[Message]:
        """Messages in the order of the log; those without a position are left out."""
        placed = [one for one in self.messages.values() if one.position is not None]
        return sorted(placed, key=lambda one: one.position or NOWHERE)

    def keep(self, message: Message) -> bool:
        """Keep a message once; one that comes again only takes its new position."""
        known = self.messages.get(message.key)
        if known is None:
            self.messages[message.key] = message
            return True
        known.position = message.position
        return False

    def reset(self, to: Position, own: DeviceId) -> None:
        """The log was rebuilt after `to`: positions above are void, own messages go out again."""
        for key, message in self.messages.items():
            if message.position is None or message.position.offset <= to.offset:
                continue
            message.position = None
            if message.header.device == own and message.content is not None and message.sealed:
                data = encode_header(message.header)
                self.outbox[key] = Pending(message.header, message.content, data, message.sealed)
        for pending in self.outbox.values():
            pending.is_accepted = False
        self.cursor = to


def _key_of(header: Header) -> MessageKey:
    if header.device is None:
        raise ValueError("a notice is no message")
    return header.device, header.envelope
