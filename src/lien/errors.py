"""
Errors a client may see, in five families; the family alone decides what happens at the door.

* `LienError`
    * `Malformed`   cannot be read; sending it again is useless
    * `Refused`     the caller may not do this
    * `NotFound`    no such thing, or none the caller may know of
    * `Conflict`    the state moved on; reload, then decide again
    * `Overloaded`  try again later, unchanged

A subclass sets `code`: part of the protocol, never renamed, never reused, listed in
docs/protocol.md. The text names rules and limits, never a person, an identifier or content,
because it reaches logs.
"""

from typing import ClassVar


class LienError(Exception):
    """The root. Anything that is not a `LienError` is a bug and is answered as `internal`."""

    code: ClassVar[str] = "internal"


class Malformed(LienError):
    """The bytes cannot be read; sending them again is useless."""

    code = "malformed"


class Refused(LienError):
    """The caller may not do this."""

    code = "refused"


class NotFound(LienError):
    """No such thing, or none the caller may know of."""

    code = "not_found"


class Conflict(LienError):
    """The state moved on: reload, then decide again."""

    code = "conflict"


class Overloaded(LienError):
    """Try again later, unchanged. `retry_after_ms` is a hint, 0 when there is none."""

    code = "overloaded"

    def __init__(self, text: str = "", *, retry_after_ms: int = 0) -> None:
        super().__init__(text)
        self.retry_after_ms = retry_after_ms
