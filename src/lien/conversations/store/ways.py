"""
What every message goes through, without a task and without packing the same names again.

A way is a script with the keys of one channel and the names of one device, packed once. It gives
no right: membership, epoch and repetition are judged by the script each time.
"""

import re
from collections.abc import Callable, Hashable
from functools import partial
from typing import Any, Final, Generic, TypeVar

from lien.conversations.errors import EnvelopeIdReused, NotAMember, StaleEpoch
from lien.conversations.models import Accepted
from lien.conversations.store.places import Places, checksum, shard_keys
from lien.crypto.envelope import Header
from lien.ids import AccountId, ChannelId, DeviceId, inbox_owner
from lien.protocol.limits import MAX_RECEIPT_MEMBERS
from lien.protocol.positions import Position
from lien.storage import keys
from lien.storage.scripts import Prepared
from lien.storage.valkey import Store

# About 1.5 KiB each. One more is made in the time of two messages.
CAPACITY: Final = 4_096

# How the header of a message ends: the envelope's id, then the kind.
_END: Final = re.compile(rb"\xb6[A-Za-z0-9_-]{21}[AQgw]\x01")
_END_BYTES: Final = 24

# Told what came of it: the value, or the exception there is instead. Must not raise.
Done = Callable[[Any], None]

_K = TypeVar("_K", bound=Hashable)
_V = TypeVar("_V")


class _Kept(Generic[_K, _V]):
    """The values made last, as many as there is place for."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._values: dict[_K, _V] = {}
        self.find: Callable[[_K], _V | None] = self._values.get

    def keep(self, key: _K, value: _V) -> _V:
        if len(self._values) >= self._capacity:
            del self._values[next(iter(self._values))]
        self._values[key] = value
        return value


class Way:
    """From one device into one epoch of a conversation."""

    __slots__ = ("account", "device", "header", "period", "prepared")

    def __init__(self, header: Header, period: int, prepared: Prepared) -> None:
        self.account = header.account
        self.device = header.device
        self.header = header
        self.period = period
        self.prepared = prepared


class Ways:
    """One per worker."""

    def __init__(self, store: Store, places: Places, capacity: int = CAPACITY) -> None:
        self._space = store.space
        self._scripts = store.scripts
        self._places = places
        self._appends: _Kept[bytes, Way] = _Kept(capacity)
        self._acks: _Kept[tuple[ChannelId, AccountId, DeviceId], Prepared] = _Kept(capacity)

    def find(self, clear: bytes) -> Way | None:
        """
        The way of a message whose header is `clear`, if it is known.

        What begins like a header that was read before, and ends in an envelope's id, is one.
        """
        if _END.fullmatch(clear, len(clear) - _END_BYTES) is None:
            return None
        return self._appends.find(clear[:-_END_BYTES])

    def open(self, header: Header, clear: bytes, now_ms: int) -> Way:
        """The way of a message whose header was read and found right."""
        channel = header.channel
        shard = self._places.shard_of(channel)
        period = self._places.period(now_ms)
        prepared = self._scripts.prepare(
            "append_envelope",
            [
                keys.log(shard, channel),
                keys.state(shard, channel),
                keys.members(shard, channel),
                *shard_keys(shard),
                *self._places.seen(shard, channel, period),
            ],
            [
                channel,
                header.account,
                header.device or "",
                header.epoch,
                self._places.seen_life_ms,
                period,
            ],
            more=5,
        )
        return self._appends.keep(clear[:-_END_BYTES], Way(header, period, prepared))

    def append(self, way: Way, clear: bytes, sealed: bytes, now_ms: int, done: Done) -> None:
        """
        Append an envelope; `done` is told Accepted, or NotAMember, EnvelopeIdReused, StaleEpoch,
        StoreUnavailable.

        Raises: StoreFull, StoreUnavailable when nothing was sent.
        """
        self._space.require()
        if way.period != self._places.period(now_ms):
            way = self.open(way.header, clear, now_ms)
        more = (clear[-_END_BYTES + 1 : -1], now_ms, clear, sealed, checksum(clear, sealed))
        self._scripts.post(way.prepared, more, partial(_tell_appended, way.header.channel, done))

    def acknowledge(
        self,
        account: AccountId,
        device: DeviceId,
        channel: ChannelId,
        position: Position,
        level: int,
        done: Done,
    ) -> None:
        """
        Move the device's cursor and the account's receipts; `done` is told None or NotAMember,
        StoreUnavailable.

        Raises: NotAMember, StoreUnavailable when nothing was sent.
        """
        prepared = self._acks.find((channel, account, device))
        if prepared is None:
            prepared = self._open_ack(account, device, channel)
        more = (position.incarnation, position.offset, int(level))
        self._scripts.post(prepared, more, partial(_tell_done, done))

    def _open_ack(self, account: AccountId, device: DeviceId, channel: ChannelId) -> Prepared:
        owner = inbox_owner(channel)
        if owner is not None and owner != account:
            raise NotAMember("no such conversation for this caller")
        shard = self._places.shard_of(channel)
        prepared = self._scripts.prepare(
            "acknowledge",
            [
                keys.state(shard, channel),
                keys.members(shard, channel),
                keys.cursors(shard, channel),
                keys.receipts(shard, channel),
                keys.shard(shard),
                keys.feed(shard),
            ],
            [channel, account, device, int(owner is not None), MAX_RECEIPT_MEMBERS],
            more=3,
        )
        return self._acks.keep((channel, account, device), prepared)

    def publish_typing(self, account: AccountId, channel: ChannelId, done: Done) -> None:
        """
        Tell the members that one of them writes; `done` as for `acknowledge`.

        Raises: StoreUnavailable when nothing was sent.
        """
        shard = self._places.shard_of(channel)
        prepared = self._scripts.prepare(
            "publish_typing",
            [
                keys.state(shard, channel),
                keys.members(shard, channel),
                keys.shard(shard),
                keys.feed(shard),
            ],
            [channel, account],
            more=0,
        )
        self._scripts.post(prepared, (), partial(_tell_done, done))


def _tell_appended(channel: ChannelId, done: Done, reply: Any) -> None:
    match reply:
        case [b"ok", incarnation, offset, at_ms, version]:
            done(Accepted(incarnation, offset, at_ms, channel, version))
        case [b"ok", incarnation, offset, at_ms]:
            done(Accepted(incarnation, offset, at_ms))
        case [b"denied"]:
            done(NotAMember("no such conversation for this caller"))
        case [b"reused"]:
            done(EnvelopeIdReused("this envelope id was used for other bytes"))
        case [b"stale", _]:
            done(StaleEpoch("a newer epoch exists or one is needed first"))
        case _:
            done(reply)


def _tell_done(done: Done, reply: Any) -> None:
    match reply:
        case [b"ok"]:
            done(None)
        case [b"denied"]:
            done(NotAMember("no such conversation for this caller"))
        case _:
            done(reply)
