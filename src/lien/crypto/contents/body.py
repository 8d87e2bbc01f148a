"""The body of a content: a map whose fields are each asked for by name, type and bounds."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from lien.crypto.structure import MAX_INTEGER, Fields
from lien.errors import Malformed
from lien.ids import AccountId, DeviceId, require_id

Value = TypeVar("Value")


class Newer(Exception):
    """The body has a field that this version does not know: its author's program is newer."""


class Body:
    """
    The fields of one body, each taken once.

    An optional field is there with its value or is not there at all. Every method raises
    Malformed for a value that its type does not allow.
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = dict(values)

    def has(self, name: str) -> bool:
        return name in self._values

    def value(self, name: str) -> object:
        """A field that must be there."""
        if name not in self._values:
            raise Malformed("a body lacks a field")
        return self._values.pop(name)

    def text(self, name: str, longest: int, shortest: int = 0) -> str:
        """Text of a length in characters within these bounds, both included."""
        value = self.value(name)
        if not isinstance(value, str) or not shortest <= len(value) <= longest:
            raise Malformed("a field of a body is not text within its bounds")
        return value

    def integer(self, name: str, low: int = 0, high: int = MAX_INTEGER) -> int:
        return Fields([self.value(name)]).integer(low, high)

    def blob_up_to(self, name: str, longest: int) -> bytes:
        return Fields([self.value(name)]).blob_up_to(longest)

    def mark(self, name: str) -> bool:
        """True when the field is there: it is written as true or not at all."""
        if not self.has(name):
            return False
        if self.value(name) is not True:
            raise Malformed("a mark of a body is not true")
        return True

    def items(self, name: str, fewest: int, most: int) -> list[object]:
        return Fields([self.value(name)]).items(fewest, most)

    def accounts(self, name: str, most: int) -> tuple[AccountId, ...]:
        """At least one account, each once; none when the field is not there."""
        if not self.has(name):
            return ()
        found = tuple(_account(item) for item in self.items(name, 1, most))
        if len(set(found)) != len(found):
            raise Malformed("a body names an account twice")
        return found

    def is_null(self, name: str) -> bool:
        """Whether a field that must be there is null; then it is taken."""
        if name not in self._values:
            raise Malformed("a body lacks a field")
        if self._values[name] is not None:
            return False
        del self._values[name]
        return True

    def part(self, name: str) -> "Body":
        """A map inside the map."""
        value = self.value(name)
        if not isinstance(value, dict):
            raise Malformed("a field of a body is not a map")
        return Body(value)

    def optional(self, name: str, read: Callable[[str], Value]) -> Value | None:
        """What `read` takes by that name, None when it is not there."""
        return read(name) if self.has(name) else None

    def end(self) -> None:
        """Raises: Newer when a field was not asked for."""
        if self._values:
            raise Newer


def _account(value: object) -> AccountId:
    if not isinstance(value, str):
        raise Malformed("an account is text")
    return AccountId(require_id(value))


def device_of(value: object) -> DeviceId:
    """A device's id. Raises: Malformed."""
    if not isinstance(value, str):
        raise Malformed("a device is text")
    return DeviceId(require_id(value))
