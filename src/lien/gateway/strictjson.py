"""JSON from outside: one object, no duplicate key, no NaN, bounded; readers that never raise."""

import json
from typing import Any, Final

from lien.gateway.quarantine import Reason, Unreadable

MAX_JSON_BYTES: Final = 32 * 1024**2
Node = dict[str, Any]


def parse(data: bytes) -> Node:
    """
    The object.

    Raises: Unreadable.
    """
    if len(data) > MAX_JSON_BYTES:
        raise Unreadable(Reason.TOO_LARGE)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(Reason.BAD_CHARSET) from error
    try:
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse)
    except RecursionError as error:
        raise Unreadable(Reason.TOO_COMPLEX) from error
    except ValueError as error:  # a number of 10,000 digits too
        raise Unreadable(Reason.UNREADABLE) from error
    if not isinstance(value, dict):
        raise Unreadable(Reason.UNKNOWN_FORMAT)
    return value


def node(value: object) -> Node:
    """The object that stands there, or an empty one."""
    return value if isinstance(value, dict) else {}


def nodes(value: object, limit: int = 100) -> list[Node]:
    """The objects of a list, in order, no more than the limit."""
    listed = value[:limit] if isinstance(value, list) else []
    return [each for each in listed if isinstance(each, dict)]


def text(value: object) -> str:
    """The text that stands there, or nothing."""
    return value if isinstance(value, str) else ""


def _unique(pairs: list[tuple[str, Any]]) -> Node:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unreadable(Reason.CONTRADICTORY)
    return found


def _refuse(_constant: str) -> None:
    raise Unreadable(Reason.UNREADABLE)
