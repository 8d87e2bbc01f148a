"""
Frames to MessagePack and back, strict on input.

A frame is `[type, ref, …]`; the tables below are docs/protocol.md. Reading checks the arity, the
exact type of every field (a bool is not an int, text is not bytes) and every bound, and raises
one exception whatever the bytes are.
"""

import re
from collections.abc import Callable
from dataclasses import fields
from functools import partial
from operator import attrgetter
from typing import Any, Final, NoReturn, cast

import msgpack

from lien.errors import Malformed
from lien.ids import require_channel, require_id
from lien.protocol import frames, limits
from lien.protocol.frames import BehindReason, Command, Event, Frame, Level
from lien.protocol.positions import ChannelState, Cursor


class BadFrame(Malformed):
    """Not a frame of `lien.v1`; the connection closes."""

    code = "bad_frame"


Check = Callable[[Any], Any]


def _refuse() -> NoReturn:
    raise BadFrame("a field breaks its rule")


def _integer(low: int, high: int, value: Any) -> int:
    if type(value) is not int or not low <= value <= high:
        _refuse()
    return value


def _binary(low: int, high: int, value: Any) -> bytes:
    if type(value) is not bytes or not low <= len(value) <= high:
        _refuse()
    return value


def _text(pattern: re.Pattern[str], value: Any) -> str:
    if type(value) is not str or not pattern.fullmatch(value):
        _refuse()
    return value


def _client(value: Any) -> str:
    if type(value) is not str or len(value.encode()) > limits.MAX_CLIENT_BYTES:
        _refuse()
    return value


def _channel(value: Any) -> str:
    return require_channel(value)


def _identifier(value: Any) -> str:
    return require_id(value)


def _level(value: Any) -> Level:
    return Level(_integer(1, 2, value))


def _reason(value: Any) -> BehindReason:
    return BehindReason(_integer(1, 2, value))


def _tuple(arity: int, value: Any) -> tuple[Any, ...]:
    if type(value) is not tuple or len(value) != arity:
        _refuse()
    return value


def _cursor(value: Any) -> Cursor:
    """Written without a call for each part: a Resume has one for every conversation."""
    if type(value) is not tuple or len(value) != 3:
        _refuse()
    channel, incarnation, offset = value
    if type(incarnation) is not int or type(offset) is not int:
        _refuse()
    if not 0 <= incarnation <= limits.MAX_INTEGER or not 0 <= offset <= limits.MAX_INTEGER:
        _refuse()
    if incarnation == 0 != offset:
        _refuse()
    return Cursor(require_channel(channel), incarnation, offset)


def _state(value: Any) -> ChannelState:
    channel, incarnation, head, next_offset = _tuple(4, value)
    return ChannelState(
        require_channel(channel), _count(incarnation), _count(head), _count(next_offset)
    )


def _list(check: Check, value: Any) -> tuple[Any, ...]:
    if type(value) is not tuple or len(value) > limits.MAX_CURSORS:
        _refuse()
    return tuple([check(item) for item in value])


_count: Final[Check] = partial(_integer, 0, limits.MAX_INTEGER)
_number: Final[Check] = partial(_integer, 1, limits.MAX_INTEGER)
_ref: Final[Check] = partial(_integer, 1, limits.MAX_REF)
_code: Final[Check] = partial(_text, re.compile(r"[a-z][a-z_]{0,63}"))
_header: Final[Check] = partial(_binary, 0, limits.MAX_HEADER_BYTES)
_sealed: Final[Check] = partial(_binary, 0, limits.MAX_SEALED_BYTES)

# type: (class, checks of the fields after ref)
_COMMANDS: Final[dict[int, tuple[type[Any], tuple[Check, ...]]]] = {
    1: (frames.Hello, (partial(_binary, limits.PROOF_BYTES, limits.PROOF_BYTES), _client)),
    2: (frames.Send, (_header, _sealed)),
    3: (frames.Resume, (partial(_list, _cursor),)),
    4: (frames.Ack, (_channel, _number, _number, _level)),
    5: (frames.Typing, (_channel,)),
    6: (frames.Ping, ()),
}
_REPLIES: Final[dict[int, tuple[type[Any], tuple[Check, ...]]]] = {
    64: (frames.Ok, ()),
    65: (frames.Welcome, (_identifier, _identifier, _count, _count)),
    66: (frames.Accepted, (_number, _number, _count)),
    67: (frames.Resumed, (partial(_list, _state),)),
    68: (frames.Failed, (_code, _count)),
}
_PUSHES: Final[dict[int, tuple[type[Any], tuple[Check, ...]]]] = {
    96: (frames.Challenge, (partial(_binary, limits.NONCE_BYTES, limits.NONCE_BYTES), _count)),
    97: (frames.Entry, (_channel, _number, _number, _count, _header, _sealed)),
    98: (frames.Receipt, (_channel, _identifier, _level, _number)),
    99: (frames.Typed, (_channel, _identifier)),
    100: (frames.Gap, (_channel, _number, _number, _number)),
    101: (frames.Reset, (_channel, _number, _count)),
    102: (frames.Behind, (_reason,)),
    103: (frames.Drain, (_count,)),
}


def _values_of(frame_class: type[Any]) -> Callable[[Any], tuple[Any, ...]]:
    names = [field.name for field in fields(frame_class)]
    if len(names) == 1:  # attrgetter of one name answers the bare value
        get = attrgetter(names[0])
        return lambda frame: (get(frame),)
    return cast(Callable[[Any], tuple[Any, ...]], attrgetter(*names))


# class: (what comes before its fields, its fields)
_WRITERS: Final[dict[type[Any], tuple[tuple[int, ...], Callable[[Any], tuple[Any, ...]]]]] = {
    **{kind: ((number,), _values_of(kind)) for number, (kind, _) in _COMMANDS.items()},
    **{kind: ((number,), _values_of(kind)) for number, (kind, _) in _REPLIES.items()},
    **{kind: ((number, 0), _values_of(kind)) for number, (kind, _) in _PUSHES.items()},
}


# Made once: making one costs more than writing a frame with it.
_pack: Final[Callable[[tuple[Any, ...]], bytes]] = msgpack.Packer().pack


def encode(frame: Frame) -> bytes:
    """The frame's bytes. The values are ours and are not checked again."""
    prefix, values_of = _WRITERS[type(frame)]
    return _pack(prefix + values_of(frame))


def encode_entry(
    channel: str, incarnation: int, offset: int, at_ms: int, header: bytes, sealed: bytes
) -> bytes:
    """`encode` of an Entry without the Entry, because each message is written as one."""
    return _pack((97, 0, channel, incarnation, offset, at_ms, header, sealed))


def encode_accepted(ref: int, incarnation: int, offset: int, at_ms: int) -> bytes:
    """`encode` of an Accepted, likewise."""
    return _pack((66, ref, incarnation, offset, at_ms))


def decode_command(data: bytes) -> Command:
    """
    Read what a device sent.

    Raises: BadFrame.
    """
    try:
        if data[:2] == _SEND and (send := _read_send(data)) is not None:
            return send
        number, ref, *values = _unpack(data)
        kind, checks = _COMMANDS[_count(number)]
        return cast(Command, kind(_ref(ref), *_checked(checks, values)))
    # msgpack raises six unrelated types on hostile input, and a wrong arity, type or number
    # surfaces here too. All mean the same thing to the peer.
    except Exception as error:
        raise BadFrame("not a command") from error


def decode_event(data: bytes) -> Event:
    """
    Read what a server sent: a reply or a push.

    Raises: BadFrame.
    """
    try:
        number, ref, *values = _unpack(data)
        if _count(number) in _PUSHES:
            kind, checks = _PUSHES[number]
            _integer(0, 0, ref)
            return cast(Event, kind(*_checked(checks, values)))
        kind, checks = _REPLIES[number]
        return cast(Event, kind(_ref(ref), *_checked(checks, values)))
    except Exception as error:  # as in `decode_command`
        raise BadFrame("not an event") from error


_SEND: Final = b"\x94\x02"  # an array of four that begins with 2


def _read_send(data: bytes) -> frames.Send | None:
    """
    A Send as every client writes it, at a third of the cost; None for the decoder of all frames
    to judge. What is taken here is taken there, as the same command.
    """
    first = data[2]
    if first < 0x80:
        ref, place = first, 3
    elif first == 0xCC:
        ref, place = data[3], 4
    elif first == 0xCD:
        ref, place = data[3] << 8 | data[4], 5
    else:
        ref, place = int.from_bytes(data[3:7], "big"), 7
        if first != 0xCE:
            return None
    header = place + 2
    after = header + data[place + 1]
    if data[place] != 0xC4 or data[after] != 0xC5:
        return None
    sealed = after + 3
    size = data[after + 1] << 8 | data[after + 2]
    if (
        size > limits.MAX_SEALED_BYTES
        or sealed + size != len(data)
        or not 0 < ref <= limits.MAX_REF
    ):
        return None
    return frames.Send(ref, data[header:after], data[sealed:])


def _checked(checks: tuple[Check, ...], values: list[Any]) -> list[Any]:
    return [check(value) for check, value in zip(checks, values, strict=True)]


def _unpack(data: bytes) -> tuple[Any, ...]:
    """One MessagePack array of the types the protocol uses: no map, no extension."""
    if len(data) > limits.MAX_FRAME_BYTES:
        _refuse()
    value = msgpack.unpackb(
        data,
        use_list=False,
        max_str_len=limits.MAX_CLIENT_BYTES,
        max_bin_len=limits.MAX_SEALED_BYTES,
        max_array_len=limits.MAX_CURSORS,
        max_map_len=0,
        max_ext_len=0,
    )
    if type(value) is not tuple:
        _refuse()
    return value
