"""The administrator of an establishment over HTTP: who is on Lien, and letting them out."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lien.accounts import Administrations, require_invitation
from lien.clock import Clock
from lien.crypto.chain import ChainState
from lien.web import payload
from lien.web.authentication import Authentication
from lien.web.sponsorships import given_json, read_signed

_PATH: Final = "/api/administration"


def routes(
    authentication: Authentication, administrations: Administrations, clock: Clock
) -> list[Route]:
    """`/api/administration`. Whoever has no such role sees an empty page and changes nothing."""

    async def show(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        found = await administrations.describe(caller.account)
        now_ms = clock.now_ms()
        return JSONResponse(
            {
                "structure": found.structure,
                "people": [_person_json(state) for state in found.people],
                "longest_days": administrations.longest_days,
                "guests": [given_json(given, now_ms) for given in found.guests],
            }
        )

    async def suspend(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        account = payload.account(request.path_params["account"])
        await administrations.suspend(caller.account, account)
        return JSONResponse({})

    async def end_sessions(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        account = payload.account(request.path_params["account"])
        await administrations.end_sessions(caller.account, account)
        return JSONResponse({})

    async def prolong_sponsorship(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        signed = await read_signed(request)
        await administrations.prolong_sponsorship(caller.account, caller.device, signed)
        return JSONResponse({})

    async def end_sponsorship(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        invitation = require_invitation(request.path_params["invitation"])
        await administrations.end_sponsorship(caller.account, invitation)
        return JSONResponse({})

    return [
        Route(_PATH, show, methods=["GET"]),
        Route(f"{_PATH}/accounts/{{account}}/suspend", suspend, methods=["POST"]),
        Route(f"{_PATH}/accounts/{{account}}/sessions", end_sessions, methods=["DELETE"]),
        Route(f"{_PATH}/sponsorships/{{invitation}}", prolong_sponsorship, methods=["PUT"]),
        Route(f"{_PATH}/sponsorships/{{invitation}}", end_sponsorship, methods=["DELETE"]),
    ]


def _person_json(state: ChainState) -> dict[str, Any]:
    identity = state.identity
    return {
        "account": state.account,
        "family_name": identity.family_name if identity else "",
        "given_name": identity.given_name if identity else "",
        "profession_code": identity.profession_code if identity else "",
        "category": identity.category if identity else "",
        "standing": state.standing.standing,
    }
