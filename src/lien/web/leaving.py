"""`/api/account/close`: an account ended by its owner."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lien.accounts import Standings, require_just_signed_in
from lien.clock import Clock
from lien.web import cookies
from lien.web.authentication import SESSION_COOKIE, Authentication


def routes(authentication: Authentication, standings: Standings, clock: Clock) -> list[Route]:
    """One door, and only right after signing in: a phone left on a table closes nothing."""

    async def close(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        require_just_signed_in(caller.token, clock.now_ms())
        await standings.close(caller.account, caller.account, "owner")
        response = JSONResponse({}, headers={"Clear-Site-Data": '"cookies"'})
        cookies.clear(response, SESSION_COOKIE)
        return response

    return [Route("/api/account/close", close, methods=["POST"])]
