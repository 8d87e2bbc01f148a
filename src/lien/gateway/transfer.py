"""
What the reading child says, as bytes: msgpack of plain lists, checked against our own classes.

The child has read hostile bytes, so the parent trusts its words as little: lengths, types and
enumerations are those the classes declare, or there is no answer. Nothing is unpickled.
"""

import types
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

import msgpack

from lien.gateway.quarantine import Reason, Unreadable
from lien.gateway.reading import Reading

MAX_ANSWER_BYTES: Final = 96 * 1024**2


def encode(answer: Reading | Reason) -> bytes:
    """A reading, or why there is none."""
    is_reading = isinstance(answer, Reading)
    packed: bytes = msgpack.packb([is_reading, _plain(answer)], use_bin_type=True)
    return packed


def decode(data: bytes) -> Reading:
    """
    The reading.

    Raises: Unreadable, with the child's reason or because the answer is none.
    """
    try:
        is_reading, value = msgpack.unpackb(data, raw=False, strict_map_key=True, max_ext_len=0)
        if is_reading is True:
            reading: Reading = _typed(Reading, value)
            return reading
        reason = Reason(value)
    # msgpack and the checks below raise unrelated types; all mean that this is no answer.
    except Exception as error:
        raise Unreadable(Reason.TOOK_TOO_LONG) from error
    raise Unreadable(reason)


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if is_dataclass(value):
        return [_plain(getattr(value, each.name)) for each in fields(value)]
    return value


@cache
def _shape(kind: type) -> tuple[tuple[str, Any], ...]:
    hints = get_type_hints(kind)
    return tuple((each.name, hints[each.name]) for each in fields(kind))


def _typed(kind: Any, value: Any) -> Any:
    """The value as that type; raises for anything else."""
    if get_origin(kind) in (Union, types.UnionType):
        inner = next(each for each in get_args(kind) if each is not type(None))
        return None if value is None else _typed(inner, value)
    if get_origin(kind) is tuple:
        if not isinstance(value, list):
            raise TypeError("not a list")
        return tuple(_typed(get_args(kind)[0], each) for each in value)
    if isinstance(kind, type) and is_dataclass(kind):
        shape = _shape(kind)
        given = {name: _typed(hint, each) for (name, hint), each in zip(shape, value, strict=True)}
        return kind(**given)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    plain = getattr(kind, "__supertype__", kind)  # a NewType is what it is made of
    if type(value) is not plain:
        raise TypeError("not of the declared type")
    return value
