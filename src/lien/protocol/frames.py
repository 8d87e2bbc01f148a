"""
Every frame of `lien.v1`: one frozen class each, named and ordered as in docs/protocol.md.

Commands come from the device, replies carry the command's `ref`, pushes come unasked.
A frame holds values that were checked by the codec; it does nothing itself.
"""

from dataclasses import dataclass, field
from enum import IntEnum

from lien.ids import AccountId, ChannelId, DeviceId
from lien.protocol.positions import ChannelState, Cursor


class Level(IntEnum):
    """How far a device, or the person, has come with an entry."""

    DELIVERED = 1
    READ = 2


class BehindReason(IntEnum):
    """Why pushes were left out."""

    SLOW_READER = 1
    FEED_GAP = 2


# Commands


@dataclass(frozen=True, slots=True)
class Hello:
    """The device key's proof over the Challenge; nothing works before it."""

    ref: int
    proof: bytes = field(repr=False)
    client: str


@dataclass(frozen=True, slots=True)
class Send:
    """Append one envelope. Its id, in the header, makes a retry harmless."""

    ref: int
    header: bytes = field(repr=False)
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Resume:
    """Ask for everything after these cursors."""

    ref: int
    cursors: tuple[Cursor, ...]


@dataclass(frozen=True, slots=True)
class Ack:
    """The device stored everything up to this offset (or the person has read it)."""

    ref: int
    channel: ChannelId
    incarnation: int
    offset: int
    level: Level


@dataclass(frozen=True, slots=True)
class Typing:
    """The person is writing."""

    ref: int
    channel: ChannelId


@dataclass(frozen=True, slots=True)
class Ping:
    """Is the server there? For devices, whose pages cannot send a WebSocket ping."""

    ref: int


# Replies


@dataclass(frozen=True, slots=True)
class Ok:
    """Done."""

    ref: int


@dataclass(frozen=True, slots=True)
class Welcome:
    """The proof was right; the connection is open until the session ends."""

    ref: int
    account: AccountId
    device: DeviceId
    server_at_ms: int
    session_ends_at_ms: int


@dataclass(frozen=True, slots=True)
class Accepted:
    """The envelope is durable, at this position."""

    ref: int
    incarnation: int
    offset: int
    at_ms: int


@dataclass(frozen=True, slots=True)
class Resumed:
    """All of the Resume that could be read was pushed before this; see `ChannelState`."""

    ref: int
    states: tuple[ChannelState, ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """The command was not done; `code` is an error code of docs/protocol.md."""

    ref: int
    code: str
    retry_after_ms: int


# Pushes


@dataclass(frozen=True, slots=True)
class Challenge:
    """The server's first words; Hello signs the nonce."""

    nonce: bytes = field(repr=False)
    server_at_ms: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a channel's log."""

    channel: ChannelId
    incarnation: int
    offset: int
    at_ms: int
    header: bytes = field(repr=False)
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Receipt:
    """An account's devices have everything up to this offset."""

    channel: ChannelId
    account: AccountId
    level: Level
    offset: int


@dataclass(frozen=True, slots=True)
class Typed:
    """Someone is writing."""

    channel: ChannelId
    account: AccountId


@dataclass(frozen=True, slots=True)
class Gap:
    """Both ends included: not there, or not for this account. The cursor moves past them."""

    channel: ChannelId
    incarnation: int
    from_offset: int
    to_offset: int


@dataclass(frozen=True, slots=True)
class Reset:
    """The log was rebuilt; what the device holds above `offset` may be gone there."""

    channel: ChannelId
    incarnation: int
    offset: int


@dataclass(frozen=True, slots=True)
class Behind:
    """Some pushes were left out: resume every channel."""

    reason: BehindReason


@dataclass(frozen=True, slots=True)
class Drain:
    """This worker stops; reconnect within that time."""

    within_ms: int


Command = Hello | Send | Resume | Ack | Typing | Ping
Reply = Ok | Welcome | Accepted | Resumed | Failed
Push = Challenge | Entry | Receipt | Typed | Gap | Reset | Behind | Drain
Event = Reply | Push
Frame = Command | Event
