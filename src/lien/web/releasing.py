"""`/api/account/release`: something leaves the app, right after signing in, and is written down."""

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lien.accounts import require_just_signed_in
from lien.audit import Event, EventKind, Trail
from lien.clock import Clock
from lien.web import payload, shapes
from lien.web.authentication import Authentication
from lien.web.operation import signed
from lien.web.shapes import obj

_KINDS: Final = ("media", "document", "data", "export")


@dataclass(frozen=True, slots=True)
class _Release:
    what: str


_RELEASE: Final = payload.record(_Release, what=payload.one_of(*_KINDS))


def routes(authentication: Authentication, trail: Trail, clock: Clock) -> list[Route]:
    """
    The server cannot keep what a phone holds from leaving it. It says no to a phone that was
    left open, and keeps the trace for its owner and for who has to ask them.
    """

    async def release(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        released = await payload.read_json(request, _RELEASE)
        require_just_signed_in(caller.token, clock.now_ms())
        event = Event(
            EventKind.CONTENT_RELEASED,
            caller.account,
            caller.account,
            caller.device,
            released.what,
        )
        await trail.record(event)
        return JSONResponse({})

    return [Route("/api/account/release", release, methods=["POST"])]


RELEASE_OPERATIONS: Final = (
    signed(
        "POST",
        "/api/account/release",
        "Something leaves the app, just after signing in.",
        shapes.NOTHING,
        body=obj(what={"enum": list(_KINDS)}),
    ),
)
