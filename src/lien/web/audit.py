"""The trail over HTTP: to everyone what concerns their own account."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lien.audit import Actor, Entry, Trail
from lien.ids import AccountId
from lien.web import payload
from lien.web.authentication import Authentication

_ACTORS: Final = frozenset(Actor)


def routes(authentication: Authentication, trail: Trail) -> list[Route]:
    """`/api/audit`."""

    async def list_own(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        before = payload.query_number(request, "before", default=0)
        page = await trail.list_own(caller.account, before)
        events = [_entry_json(entry, caller.account) for entry in page.entries]
        return JSONResponse({"events": events, "before": page.before})

    return [Route("/api/audit", list_own, methods=["GET"])]


def _entry_json(entry: Entry, reader: AccountId) -> dict[str, Any]:
    event = entry.event
    by = "self" if event.actor == reader else "other"
    return {
        "number": entry.number,
        "at_ms": entry.at_ms,
        "kind": event.kind.value,
        "by": str(event.actor) if event.actor in _ACTORS else by,
        "subject": event.subject,
        "note": event.note,
    }
