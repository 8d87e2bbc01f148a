"""
Strict MessagePack for what is signed: one form only, and every field asked for by its bounds.

A structure is an array that begins with the version 1. `Fields` reads it from left to right.
Anything a writer of docs/keys.md would not write is refused, because two languages that read the
same bytes differently would show two people two truths.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import msgpack

from lien.errors import Malformed
from lien.ids import ChannelId, require_channel, require_id

VERSION: Final = 1
MAX_INTEGER: Final = 2**53 - 1  # what a JavaScript number holds exactly
MAX_DEPTH: Final = 8
_MAP_KEY: Final = re.compile(r"[a-z][a-z_]{0,31}")


def encode(*fields: object) -> bytes:
    """The version and the fields, in MessagePack's shortest form."""
    return bytes(msgpack.packb([VERSION, *fields], use_bin_type=True))


@contextmanager
def reading(error: type[Malformed]) -> Iterator[None]:
    """Say every failure of decoding by the error of the structure that was being read."""
    try:
        yield
    except Malformed as cause:
        if isinstance(cause, error):
            raise
        raise error(str(cause)) from cause


class Fields:
    """The fields of one structure, each taken once, in order, with its type and bounds."""

    __slots__ = ("_values",)

    def __init__(self, values: list[object]) -> None:
        self._values = iter(values)

    @classmethod
    def decode(cls, data: bytes, arity: int, limit: int) -> "Fields":
        """
        The fields after the version, `arity` counting the version too.

        Raises: Malformed.
        """
        if len(data) > limit:
            raise Malformed("a structure is too long")
        value = _unpack(data)
        if not isinstance(value, list) or len(value) != arity:
            raise Malformed("a structure has a wrong number of fields")
        if type(value[0]) is not int or value[0] != VERSION:
            raise Malformed("a structure has an unknown version")
        return cls(value[1:])

    @classmethod
    def of_list(cls, value: object, arity: int) -> "Fields":
        """The fields of an inner array, which has no version."""
        if not isinstance(value, list) or len(value) != arity:
            raise Malformed("an inner array has a wrong number of fields")
        return cls(value)

    def value(self) -> object:
        """The next field, for the caller to check."""
        return next(self._values)

    def integer(self, low: int = 0, high: int = MAX_INTEGER) -> int:
        value = self.value()
        if type(value) is not int or not low <= value <= high:
            raise Malformed("a field is not an integer within its bounds")
        return value

    def text(self, longest: int) -> str:
        value = self.value()
        if not isinstance(value, str) or len(value) > longest:
            raise Malformed("a field is not text within its bound")
        return value

    def blob(self, *lengths: int) -> bytes:
        """Bytes of one of these exact lengths."""
        value = self.value()
        if not isinstance(value, bytes) or len(value) not in lengths:
            raise Malformed("a field is not bytes of its length")
        return value

    def blob_up_to(self, longest: int) -> bytes:
        value = self.value()
        if not isinstance(value, bytes) or len(value) > longest:
            raise Malformed("a field is not bytes within its bound")
        return value

    def items(self, fewest: int, most: int) -> list[object]:
        value = self.value()
        if not isinstance(value, list) or not fewest <= len(value) <= most:
            raise Malformed("a field is not an array within its bounds")
        return value

    def identifier(self) -> str:
        return require_id(self.text(22))

    def channel(self) -> ChannelId:
        return require_channel(self.text(23))


def _unpack(data: bytes) -> object:
    try:
        value: object = msgpack.unpackb(
            data,
            raw=False,
            strict_map_key=True,
            max_ext_len=0,
            max_array_len=512,
            max_map_len=32,
        )
        _require_plain(value, MAX_DEPTH)
        is_shortest = msgpack.packb(value, use_bin_type=True) == data
    # msgpack raises six unrelated types on hostile bytes. All mean the same thing.
    except Exception as error:
        raise Malformed("not the MessagePack of a structure") from error
    if not is_shortest:
        raise Malformed("not the shortest MessagePack")
    return value


def _require_plain(value: object, depth: int) -> None:
    if depth == 0:
        raise Malformed("a structure is too deep")
    if isinstance(value, list):
        for item in value:
            _require_plain(item, depth - 1)
    elif isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str) or not _MAP_KEY.fullmatch(key):
                raise Malformed("a map key is not plain")
            _require_plain(item, depth - 1)
    elif type(value) is int:
        if not 0 <= value <= MAX_INTEGER:
            raise Malformed("an integer is out of bounds")
    elif value is not None and not isinstance(value, bool | str | bytes):
        raise Malformed("a structure holds a value of another type")
