"""The sessions of the own account over HTTP: list them, end one or all others."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lien.accounts import Sessions
from lien.web import payload
from lien.web.authentication import Authentication


def routes(authentication: Authentication, sessions: Sessions) -> list[Route]:
    """`/api/sessions`."""

    async def list_all(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        return JSONResponse(
            {
                "sessions": [
                    {
                        "session": one.session,
                        "device": one.device,
                        "started_at_ms": one.started_at_ms,
                        "ends_at_ms": one.ends_at_ms,
                    }
                    for one in await sessions.list_sessions(caller.account)
                ]
            }
        )

    async def end_one(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        other = payload.session(request.path_params["session"])
        await sessions.end_own(caller.token, other)
        return JSONResponse({})

    async def end_others(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        return JSONResponse({"ended": await sessions.end_others(caller.token)})

    return [
        Route("/api/sessions", list_all, methods=["GET"]),
        Route("/api/sessions/end-others", end_others, methods=["POST"]),
        Route("/api/sessions/{session}", end_one, methods=["DELETE"]),
    ]
