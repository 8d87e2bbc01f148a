"""What conversations are made of, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from lien.crypto.statement import SignedStatement
from lien.ids import AccountId, ChannelId
from lien.protocol.frames import Entry, Gap, Reset
from lien.protocol.positions import ChannelState


class Accepted(NamedTuple):
    """
    An envelope is durable at this position.

    One that a device has just had written, and for the first time, says where and for the members
    as of which `version`.
    """

    incarnation: int
    offset: int
    at_ms: int
    channel: ChannelId | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Audience:
    """Who receives a channel as of `version` of its membership, and where it ends."""

    version: int
    accounts: frozenset[AccountId]
    incarnation: int
    head: int


@dataclass(frozen=True, slots=True)
class Channel:
    """
    Where a channel stands, as one account may see it.

    `since` is the first offset the account may read. `starts` holds, for each incarnation after
    the first that is known, the offset after which it begins.
    """

    incarnation: int
    head: int
    since: int
    starts: Mapping[int, int]
    epoch: int
    is_stale: bool
    statement_hash: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """One entry of a log, its checksum verified."""

    offset: int
    at_ms: int
    header: bytes = field(repr=False)
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class StoredEpoch:
    """A statement that was accepted, and where it is in the log."""

    number: int
    signed: SignedStatement
    offset: int


@dataclass(frozen=True, slots=True)
class Epoch:
    """A statement for one of its readers; `sealed_key` is theirs, None when they have none."""

    statement: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    offset: int
    sealed_key: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class EpochPage:
    """Some epochs in order, the number of the current one and whether a new one is needed."""

    epochs: tuple[Epoch, ...]
    epoch: int
    is_stale: bool


@dataclass(frozen=True, slots=True)
class Start:
    """
    Where a Resume begins in one channel: after offset `after`.

    `is_reset`: the device's position is of another stream, and `after` is what it may keep.
    `is_ahead`: the device holds more than the store: the store has lost something.
    """

    after: int
    is_reset: bool = False
    is_ahead: bool = False


Push = Entry | Gap | Reset


@dataclass(frozen=True, slots=True)
class Resumption:
    """What a Resume pushes, then says."""

    pushes: tuple[Push, ...]
    states: tuple[ChannelState, ...]


@dataclass(frozen=True, slots=True)
class Begun:
    """A statement to be stored, with everything that goes with it."""

    channel: ChannelId
    epoch: int
    previous_hash: bytes
    header: bytes
    signed: SignedStatement
    has_past: bool
    # The author left the members: they know the key, so that nothing may be sealed with it.
    is_leaving: bool
    # account, role, generation and sealed key of each member
    members: tuple[tuple[AccountId, str, int, bytes], ...] = field(repr=False)
