"""
The provider's endpoints, under `/mock/auth/realms/esante-wallet`.

As strict as the real one where the relying party could get it wrong: exact redirect URI, S256,
state and nonce required, a code that is used once within its minute by the client that asked.
"""

import hashlib
import hmac
from base64 import b64decode
from collections.abc import Awaitable, Callable, Mapping
from typing import Final
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from lien.accounts import OpenIdProvider, ProviderSettings
from lien.clock import Clock
from lien.config import BadConfig
from lien.directory import BadQuery, Directory, Searcher, require_rpps
from lien.ids import b64encode
from lien.mockprovider.keyfile import MockKey
from lien.mockprovider.page import HEADERS, render, render_refusal
from lien.mockprovider.shapes import PRO_SANTE_CONNECT, Shape
from lien.mockprovider.tickets import CODE_SECONDS, TOKEN_SECONDS, Code, Tickets
from lien.mockprovider.userinfo import subject_of

CLIENT_ID: Final = "lien-demo"
# What everyone of the demonstration is called, so that the first page shows them.
_FIRST_QUERY: Final = "fictif"
_ASKED: Final = (
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "acr_values",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
)
_MAX_PARAMETER: Final = 2048
_MAX_FORM_FIELDS: Final = 16


class MockProvider:
    """One provider with one client: this deployment."""

    def __init__(
        self,
        directory: Directory,
        origin: str,
        key: MockKey,
        clock: Clock,
        use_once: Callable[[str, int], Awaitable[bool]],
        shape: Shape = PRO_SANTE_CONNECT,
    ) -> None:
        if urlsplit(origin).hostname != "localhost":
            raise BadConfig("LIEN_MOCK_PROVIDER is for demonstration on localhost only")
        self._shape = shape
        self._protocol = f"{shape.realm}/protocol/openid-connect"
        self._discovery = f"{shape.realm}/.well-known/{shape.document}"
        self._authorize = f"{self._protocol}/auth"
        self._key = key
        self._directory = directory
        self._use_once = use_once  # True for the first, at any worker, that gives this name
        self._clock = clock
        self._origin = origin
        self._issuer = origin + shape.realm
        self._tickets = Tickets(key.signing, self._issuer, CLIENT_ID, clock)

    def relying_party(self) -> OpenIdProvider:
        """
        The other side, which reaches this one without leaving the process.

        Behind a mapped port, as in a container, the origin is no address of the server itself.
        """
        transport = httpx.ASGITransport(Starlette(routes=self.routes()))
        return OpenIdProvider(self.settings, self._clock, transport)

    @property
    def settings(self) -> ProviderSettings:
        """How a relying party finds this provider."""
        return ProviderSettings(
            id=self._shape.id,
            label=self._shape.label,
            discovery_url=self._origin + self._discovery,
            client_id=CLIENT_ID,
            client_secret=self._key.client_secret,
            redirect_uri=self._redirect_uri,
            is_local=True,
            scope=self._shape.scope,
            levels=self._shape.levels,
            rpps_claim=self._shape.rpps_claim,
        )

    def routes(self) -> list[Route]:
        """To be mounted at the root of the deployment."""
        return [
            Route(self._discovery, self._discover, methods=["GET"]),
            Route(f"{self._protocol}/certs", self._certs, methods=["GET"]),
            Route(self._authorize, self._show, methods=["GET"]),
            Route(self._authorize, self._choose, methods=["POST"]),
            Route(f"{self._protocol}/token", self._token, methods=["POST"]),
            Route(f"{self._protocol}/userinfo", self._userinfo, methods=["GET"]),
            Route(f"{self._protocol}/logout", self._log_out, methods=["GET"]),
        ]

    def logout_token(self, rpps: str, session: str = "") -> str:
        """What this provider would post to say that a sign-in, or all of a person's, is over."""
        return self._tickets.issue_logout(subject_of(rpps), session)

    @property
    def _redirect_uri(self) -> str:
        return f"{self._origin}/auth/{self._shape.id}/callback"

    async def _discover(self, request: Request) -> Response:
        base = self._origin + self._protocol
        return JSONResponse(
            {
                "issuer": self._issuer,
                "authorization_endpoint": f"{base}/auth",
                "token_endpoint": f"{base}/token",
                "userinfo_endpoint": f"{base}/userinfo",
                "end_session_endpoint": f"{base}/logout",
                "jwks_uri": f"{base}/certs",
                "response_types_supported": ["code"],
                "grant_types_supported": ["authorization_code"],
                "subject_types_supported": ["public"],
                "acr_values_supported": list(self._shape.levels),
                "scopes_supported": self._shape.scope.split(),
                "id_token_signing_alg_values_supported": ["RS256"],
                "token_endpoint_auth_methods_supported": [
                    "client_secret_basic",
                    "client_secret_post",
                ],
                "code_challenge_methods_supported": ["S256"],
                "authorization_response_iss_parameter_supported": True,
                "backchannel_logout_supported": True,
                "backchannel_logout_session_supported": True,
            }
        )

    async def _certs(self, request: Request) -> Response:
        public = self._key.signing.as_dict(private=False)
        return JSONResponse({"keys": [{**public, "use": "sig", "alg": "RS256"}]})

    async def _show(self, request: Request) -> Response:
        asked = self._asked(request.query_params)
        if asked is None:
            return HTMLResponse(render_refusal(self._shape.label), 400, HEADERS)
        query = request.query_params.get("q", "").strip()
        try:
            found = await self._directory.search(
                query or _FIRST_QUERY,
                request.query_params.get("after"),
                searcher=Searcher(sees_hidden=True),
            )
        except BadQuery:
            found = None
        return HTMLResponse(
            render(self._shape.label, self._authorize, asked, query, found), headers=HEADERS
        )

    async def _choose(self, request: Request) -> Response:
        form = await _read_form(request)
        asked = self._asked(form)
        rpps = form.get("rpps", "")
        is_own_page = request.headers.get("sec-fetch-site", "same-origin") == "same-origin"
        if asked is None or not is_own_page:
            return HTMLResponse(render_refusal(self._shape.label), 400, HEADERS)
        try:
            person = await self._directory.find(require_rpps(rpps))
        except BadQuery:
            person = None
        if person is None:
            return HTMLResponse(render_refusal(self._shape.label), 400, HEADERS)
        code = Code(rpps, asked["redirect_uri"], asked["code_challenge"], asked["nonce"])
        answer = {
            "code": self._tickets.issue_code(code),
            "state": asked["state"],
            "iss": self._issuer,
        }
        # 303: the browser comes back with a GET, not with the form.
        url = f"{self._redirect_uri}?{urlencode(answer)}"
        return RedirectResponse(url, 303, headers=HEADERS)

    async def _token(self, request: Request) -> Response:
        form = await _read_form(request)
        if not self._is_client(request, form):
            return _token_error("invalid_client", 401)
        code = self._tickets.read_code(form.get("code", ""))
        verifier = form.get("code_verifier", "").encode()
        if (
            form.get("grant_type") != "authorization_code"
            or code is None
            or form.get("redirect_uri") != code.redirect_uri
            or b64encode(hashlib.sha256(verifier).digest()) != code.challenge
            or not await self._use_once(f"mock-code:{code.number}", CODE_SECONDS)
        ):
            return _token_error("invalid_grant", 400)
        access, id_token = self._tickets.issue_tokens(code, subject_of(code.rpps))
        return JSONResponse(
            {
                "access_token": access,
                "token_type": "Bearer",
                "expires_in": TOKEN_SECONDS,
                "id_token": id_token,
                "scope": self._shape.scope,
            },
            headers={"Cache-Control": "no-store"},
        )

    async def _userinfo(self, request: Request) -> Response:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        rpps = self._tickets.read_access(token) if scheme.lower() == "bearer" else None
        person = await self._directory.find(require_rpps(rpps)) if rpps else None
        if person is None:
            return Response(status_code=401, headers={"WWW-Authenticate": "Bearer"})
        return JSONResponse(self._shape.userinfo(person))

    async def _log_out(self, request: Request) -> Response:
        # There is no session to end: the page asks who it is every time. Only our own address.
        return RedirectResponse(f"{self._origin}/", 302)

    def _asked(self, given: Mapping[str, str]) -> dict[str, str] | None:
        """The parameters of an authorization request of our one client, None for any other."""
        texts = {name: given.get(name, "") for name in _ASKED}
        is_ours = (
            all(len(value) <= _MAX_PARAMETER for value in texts.values())
            and texts["response_type"] == "code"
            and texts["client_id"] == CLIENT_ID
            and texts["redirect_uri"] == self._redirect_uri
            and "openid" in texts["scope"].split()
            and texts["code_challenge_method"] == "S256"
            and len(texts["code_challenge"]) == 43  # 32 bytes as base64url
            and bool(texts["state"] and texts["nonce"])
        )
        return texts if is_ours else None

    def _is_client(self, request: Request, form: Mapping[str, str]) -> bool:
        scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
        user, secret = form.get("client_id", ""), form.get("client_secret", "")
        if scheme.lower() == "basic":
            try:
                user, _, secret = b64decode(encoded, validate=True).decode("ascii").partition(":")
            except ValueError:
                return False
            # RFC 6749, 2.3.1: both halves are form-encoded first.
            user, secret = unquote(user), unquote(secret)
        return user == CLIENT_ID and hmac.compare_digest(
            secret.encode(), self._key.client_secret.encode()
        )


async def _read_form(request: Request) -> dict[str, str]:
    """A small form; empty for anything else. The size of the body is bounded before."""
    try:
        text = (await request.body()).decode("ascii")
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=_MAX_FORM_FIELDS))
    except ValueError:
        return {}


def _token_error(code: str, status: int) -> Response:
    return JSONResponse({"error": code}, status, {"Cache-Control": "no-store"})
