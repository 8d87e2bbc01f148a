"""
`/auth/{provider}`: leave for an identity provider, come back with a flow, hear that it is over.

The first two are pages a browser navigates to: a failure is no JSON but `/?error=<code>`.
"""

from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from lien.accounts import FLOW_TTL_MS, Enrolments, Sessions, network_of
from lien.errors import LienError, Malformed, Overloaded
from lien.web import cookies
from lien.web.authentication import cookie_of
from lien.web.errors import answer_for

_MAX_PARAMETER: Final = 2048
_MAX_PARAMETERS: Final = 16
_NO_STORE: Final = {"Cache-Control": "no-store"}
_FLOW_SECONDS: Final = FLOW_TTL_MS // 1000


def routes(enrolments: Enrolments, sessions: Sessions) -> list[Route]:
    """Both ways, and the end."""

    async def start(request: Request) -> Response:
        try:
            await sessions.admit_address(address_network(request))
            url, state = await enrolments.leave(request.path_params["provider"])
        except LienError as error:
            return _failed(error)
        response = RedirectResponse(url, 302)
        cookies.set_state(response, state, _FLOW_SECONDS)
        return response

    async def callback(request: Request) -> Response:
        try:
            state = cookie_of(request, cookies.STATE_COOKIE)
            flow = await enrolments.come_back(
                request.path_params["provider"], state, _parameters(request)
            )
        except LienError as error:
            return _failed(error)
        response = RedirectResponse("/", 302)
        cookies.clear(response, cookies.STATE_COOKIE)
        cookies.set_flow(response, enrolments.token_of(flow), _FLOW_SECONDS)
        return response

    async def log_out(request: Request) -> Response:
        # Called by the provider's server, not by a browser: no cookie, no origin; the token is all.
        try:
            await sessions.admit_address(address_network(request))
            token = await _logout_token(request)
            login = await enrolments.read_logout(request.path_params["provider"], token)
            await sessions.end_login(login)
        except LienError as error:
            # OpenID Connect Back-Channel Logout 1.0, 2.8: 400 for a token that is refused.
            answer = answer_for(error, 503 if isinstance(error, Overloaded) else 400)
            answer.headers.update(_NO_STORE)
            return answer
        return Response(status_code=200, headers=_NO_STORE)

    return [
        Route("/auth/{provider}/logout", log_out, methods=["POST"]),
        Route("/auth/{provider}/start", start, methods=["GET"]),
        Route("/auth/{provider}/callback", callback, methods=["GET"]),
    ]


def address_network(request: Request) -> str:
    """The network a request comes from, for counting."""
    return network_of(request.client.host) if request.client else ""


def _parameters(request: Request) -> dict[str, str]:
    pairs = request.query_params.multi_items()
    parameters = dict(pairs)
    if len(parameters) != len(pairs) or len(pairs) > _MAX_PARAMETERS:
        raise Malformed("a parameter comes twice, or there are too many")
    if any(len(value) > _MAX_PARAMETER for value in parameters.values()):
        raise Malformed("a parameter is too long")
    return parameters


async def _logout_token(request: Request) -> str:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise Malformed("a logout token comes in a form")
    try:
        text = (await request.body()).decode("ascii")
        pairs = parse_qsl(text, strict_parsing=True, max_num_fields=_MAX_PARAMETERS)
    except ValueError:
        raise Malformed("the form cannot be read") from None
    tokens = [value for name, value in pairs if name == "logout_token"]
    if len(tokens) != 1:
        raise Malformed("a form has one logout token")
    return tokens[0]


def _failed(error: LienError) -> Response:
    # The code is one of our own words: nothing of the request comes back in the address.
    return RedirectResponse(f"/?error={error.code}", 302)
