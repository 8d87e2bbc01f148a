"""Recovery over HTTP: what the recovery code opens, after the provider has answered."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lien.accounts import Enrolments, Recoveries
from lien.ids import b64encode
from lien.web.authentication import FLOW_COOKIE, Authentication, cookie_of


def routes(
    authentication: Authentication, enrolments: Enrolments, recoveries: Recoveries
) -> list[Route]:
    """`/api/enrolment/recovery`."""

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

    return [Route("/api/enrolment/recovery", open_recovery, methods=["POST"])]
