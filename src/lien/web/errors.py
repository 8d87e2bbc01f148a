"""
An error to an HTTP answer: the family decides the status, the body holds the code.

What goes wrong without a `LienError` is a bug: answered as `internal`, and logged by the name
of its class and the place in our code, without its text or values, which may name a person.
"""

import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from lien.errors import Conflict, LienError, Malformed, NotFound, Overloaded, Refused
from lien.telemetry import Telemetry


class BodyTooLarge(Malformed):
    """More than is read at once, announced or not."""


_STATUSES: Final[tuple[tuple[type[LienError], int], ...]] = (
    (BodyTooLarge, 413),
    (Malformed, 400),
    (Refused, 403),
    (NotFound, 404),
    (Conflict, 409),
    (Overloaded, 429),
)
# Refusals that end when the person signs in (RFC 9110, 15.5.2).
_SIGN_IN: Final = frozenset(
    ("not_signed_in", "fresh_sign_in_needed", "bad_passkey", "gateway_unknown")
)
_SOURCE: Final = Path(__file__).parents[1]


def answer_for(error: LienError, status: int | None = None) -> Response:
    """The answer to a request that raised this error; `status` where a door knows better."""
    retry_after_ms = error.retry_after_ms if isinstance(error, Overloaded) else 0
    # Seconds, rounded up (RFC 9110, 10.2.3): too early would be refused again.
    headers = {"retry-after": str(-(-retry_after_ms // 1000))} if retry_after_ms else {}
    body = {"error": {"code": error.code, "retry_after_ms": retry_after_ms}}
    return JSONResponse(body, status or status_of(error), headers)


def status_of(error: LienError) -> int:
    """The HTTP status of an error's family."""
    if error.code in _SIGN_IN:
        return 401
    return next((status for family, status in _STATUSES if isinstance(error, family)), 500)


def internal_answer(error: Exception, telemetry: Telemetry) -> Response:
    """The answer to a bug, which is logged."""
    telemetry.log("internal_error", error=type(error).__name__, reason=_place(error))
    return answer_for(LienError())


def exception_handlers() -> Mapping[Any, Any]:
    """For Starlette. Bugs are not here: `middleware` catches them before Starlette logs them."""
    return {LienError: _on_lien_error, HTTPException: _on_http_exception}


async def _on_lien_error(request: Request, error: LienError) -> Response:
    return answer_for(error)


async def _on_http_exception(request: Request, error: HTTPException) -> Response:
    """What Starlette's router refuses: an unknown path or method."""
    family = NotFound() if error.status_code == 404 else Malformed()
    answer = answer_for(family, error.status_code)
    answer.headers.update(error.headers or {})
    return answer


def _place(error: Exception) -> str:
    """`web/directory.py:42`: the innermost line of ours on the way to the error."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.is_relative_to(_SOURCE):
            return f"{path.relative_to(_SOURCE)}:{frame.lineno}"
    return "elsewhere"
