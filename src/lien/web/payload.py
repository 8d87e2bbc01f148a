"""
JSON from outside to typed values, strictly: what is not described here is refused.

A body is described by a field made of fields; reading it either returns values of exactly the
described types or raises `Malformed`, which never repeats what was sent:

    NEW_EPOCH = record(NewEpoch, statement=blob(most=49_152), signature=blob(exactly=64),
                       sealed_keys=mapping(account, blob(exactly=1_168), most=500))
    body = await read_json(request, NEW_EPOCH)
"""

import json
import re
from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

from starlette.requests import Request

from lien import ids
from lien.errors import Malformed
from lien.ids import AccountId, ChannelId, DeviceId, PinId, SessionId, TransferId

T = TypeVar("T")
K = TypeVar("K")

# A field turns one parsed JSON value into a value of ours, or raises Malformed.
Field = Callable[[object], T]

MAX_INTEGER: Final = 2**53 - 1  # what JavaScript holds exactly
MAX_DEPTH: Final = 12  # of `tree`; a WebAuthn answer has 4 levels
_DIGITS: Final = re.compile(r"0|[1-9][0-9]{0,15}")


async def read_json(request: Request, field: Field[T]) -> T:
    """
    Read a whole body. Its size is bounded before, by `middleware`.

    Raises: Malformed.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    # Also what keeps other sites' forms out: they cannot send this type without being asked.
    if kind != "application/json":
        raise Malformed("the body must be application/json")
    return field(parse(await request.body()))


def parse(body: bytes) -> object:
    """
    Parse JSON without what parsers disagree on: doubled names, fractions, NaN, other encodings.

    Raises: Malformed.
    """
    try:
        # An error of the parser may quote the body, hence `from None`.
        return cast(
            object,
            json.loads(
                body.decode("utf-8"),
                object_pairs_hook=_object,
                parse_constant=_refuse,
                parse_float=_refuse,
                parse_int=_integer,
            ),
        )
    except Malformed:
        raise
    except (ValueError, RecursionError):
        raise Malformed("the body is not JSON") from None


def record(build: Callable[..., T], **fields: Field[Any]) -> Field[T]:
    """An object with exactly these names; `build` is given the values by name."""

    def read(value: object) -> T:
        if not isinstance(value, dict) or value.keys() != fields.keys():
            raise Malformed("an object does not have the expected names")
        return build(**{name: field(value[name]) for name, field in fields.items()})

    return read


def listing(field: Field[T], *, most: int) -> Field[list[T]]:
    """A list of at most so many."""

    def read(value: object) -> list[T]:
        if not isinstance(value, list) or len(value) > most:
            raise Malformed(f"not a list of at most {most}")
        return [field(item) for item in value]

    return read


def mapping(key: Field[K], field: Field[T], *, most: int) -> Field[dict[K, T]]:
    """An object used as a table, at most so many entries."""

    def read(value: object) -> dict[K, T]:
        if not isinstance(value, dict) or len(value) > most:
            raise Malformed(f"not an object of at most {most} entries")
        return {key(name): field(item) for name, item in value.items()}

    return read


def maybe(field: Field[T]) -> Field[T | None]:
    """The field, or null."""
    return lambda value: None if value is None else field(value)


def text(*, most: int, least: int = 0) -> Field[str]:
    """Text of so many characters, all of them printable or a space."""

    def read(value: object) -> str:
        # Lone surrogates are not printable either.
        if not isinstance(value, str) or not least <= len(value) <= most or not _is_plain(value):
            raise Malformed(f"not a text of {least} to {most} printable characters")
        return value

    return read


def one_of(*values: str) -> Field[str]:
    """One of these words."""

    def read(value: object) -> str:
        if not isinstance(value, str) or value not in values:
            raise Malformed("not one of the expected words")
        return value

    return read


def number(*, least: int = 0, most: int = MAX_INTEGER) -> Field[int]:
    """A whole number within bounds."""

    def read(value: object) -> int:
        # True is an int to Python, not to JSON.
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise Malformed(f"not a number from {least} to {most}")
        return value

    return read


def truth(value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise Malformed("not true or false")
    return value


def blob(*, exactly: int | None = None, most: int = 0) -> Field[bytes]:
    """Bytes as unpadded base64url: `exactly` so many, or 1 to `most`."""
    least, most = (1, most) if exactly is None else (exactly, exactly)

    def read(value: object) -> bytes:
        # The length first: nothing large is decoded to be refused.
        if not isinstance(value, str) or len(value) > (most * 4 + 2) // 3:
            raise Malformed("not bytes of the expected length")
        decoded = ids.b64decode(value)
        if not least <= len(decoded) <= most:
            raise Malformed("not bytes of the expected length")
        return decoded

    return read


def account(value: object) -> AccountId:
    """An account's id."""
    return AccountId(_id(value))


def device(value: object) -> DeviceId:
    """A device's id."""
    return DeviceId(_id(value))


def session(value: object) -> SessionId:
    """A session's id."""
    return SessionId(_id(value))


def transfer(value: object) -> TransferId:
    """A transfer's id."""
    return TransferId(_id(value))


def pin(value: object) -> PinId:
    """A PIN's id."""
    return PinId(_id(value))


def channel(value: object) -> ChannelId:
    """A channel's id."""
    if not isinstance(value, str):
        raise Malformed("not a channel identifier")
    return ids.require_channel(value)


def tree(value: object) -> dict[str, Any]:
    """Any object, for a standard's own structure that another strict reader takes (WebAuthn)."""
    if not isinstance(value, dict):
        raise Malformed("not an object")
    _require_depth(value, MAX_DEPTH)
    return value


def query_text(request: Request, name: str, *, most: int) -> str | None:
    """
    A parameter of the URL, None when absent.

    Raises: Malformed if it comes twice, is too long or has signs that do not print.
    """
    values = request.query_params.getlist(name)
    if not values:
        return None
    if len(values) > 1:
        raise Malformed(f"the parameter {name} comes twice")
    return text(most=most)(values[0])


def query_number(
    request: Request, name: str, *, default: int, least: int = 0, most: int = MAX_INTEGER
) -> int:
    """
    A whole number of the URL.

    Raises: Malformed.
    """
    value = query_text(request, name, most=17)
    if value is None:
        return default
    if not _DIGITS.fullmatch(value.removeprefix("-")):
        raise Malformed(f"the parameter {name} is not a number")
    return number(least=least, most=most)(int(value))


def _id(value: object) -> str:
    if not isinstance(value, str):
        raise Malformed("not an identifier")
    return ids.require_id(value)


def _is_plain(value: str) -> bool:
    return value.isprintable()


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise Malformed("an object has a name twice")
    return values


def _integer(digits: str) -> int:
    # Python refuses 4,300 digits and more, after having counted them; nobody needs 17.
    if len(digits) > 17:
        raise Malformed("a number is too large")
    return int(digits)


def _refuse(constant: str) -> object:
    raise Malformed("numbers are whole")


def _require_depth(value: object, depth: int) -> None:
    if depth == 0:
        raise Malformed("an object is too deep")
    if isinstance(value, dict):
        for item in value.values():
            _require_depth(item, depth - 1)
    elif isinstance(value, list):
        for item in value:
            _require_depth(item, depth - 1)
