"""After a lost phone, over HTTP: what the recovery code opens, or a fresh start."""

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lien.accounts import Enrolments, Recoveries
from lien.ids import AccountId, b64encode
from lien.web import payload
from lien.web.authentication import FLOW_COOKIE, Authentication, cookie_of


@dataclass(frozen=True, slots=True)
class _FreshStart:
    account: AccountId


_FRESH_START: Final = payload.record(_FreshStart, account=payload.account)


def routes(
    authentication: Authentication, enrolments: Enrolments, recoveries: Recoveries
) -> list[Route]:
    """`/api/enrolment/recovery` and `/api/enrolment/fresh-start`."""

    async def open_recovery(request: Request) -> Response:
        authentication.check_origin(request.headers)
        opened = await recoveries.open(enrolments.read(cookie_of(request, FLOW_COOKIE)))
        return JSONResponse(
            {
                "vault": [
                    {
                        "wrapper": entry.wrapper,
                        "generation": entry.generation,
                        "wrapped": b64encode(entry.wrapped),
                    }
                    for entry in opened.vault
                ],
                "links": [
                    {"link": b64encode(link.data), "signature": b64encode(link.signature)}
                    for link in opened.links
                ],
            }
        )

    async def start_afresh(request: Request) -> Response:
        authentication.check_origin(request.headers)
        flow = enrolments.read(cookie_of(request, FLOW_COOKIE))
        ending = await payload.read_json(request, _FRESH_START)
        await recoveries.start_afresh(flow, ending.account)
        return JSONResponse({})

    return [
        Route("/api/enrolment/recovery", open_recovery, methods=["POST"]),
        Route("/api/enrolment/fresh-start", start_afresh, methods=["POST"]),
    ]
