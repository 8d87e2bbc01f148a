"""
The HTTP door from the other side: cookies, origin, and a proof on every request of a session.

Cookies are kept here and not by httpx, whose jar would not send a `Secure` cookie to a
demonstration on http://localhost, as browsers do.
"""

import json
from collections.abc import Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final, Self
from urllib.parse import urlencode, urlsplit

import httpx

from lien.client.errors import BadAnswer, ServerFailure
from lien.clock import Clock
from lien.crypto.proofs import prove_request
from lien.crypto.signing import SigningKey
from lien.ids import SessionId, b64encode
from lien.trust import authorities

SESSION_COOKIE: Final = "__Host-lien"
_TIMEOUT_SECONDS: Final = 20.0
# Less than servers wait (uvicorn 5 s): a request on a connection that is just being closed is lost.
IDLE_SECONDS: Final = 2.0
_MAX_ANSWER_BYTES: Final = 8 * 1024 * 1024


class Http:
    """Requests to one origin, as one device."""

    def __init__(self, origin: str, clock: Clock) -> None:
        self.origin = origin
        self.cookies: dict[str, str] = {}
        self.skew_ms = 0
        self._clock = clock
        self._session: SessionId | None = None
        self._at_ms = 0
        self._key: SigningKey | None = None
        self._client = httpx.AsyncClient(
            base_url=origin,
            verify=authorities(),
            timeout=_TIMEOUT_SECONDS,
            limits=httpx.Limits(keepalive_expiry=IDLE_SECONDS),
            trust_env=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        await self._client.aclose()

    def sign_as(self, session: SessionId, key: SigningKey) -> None:
        """From now on every request carries a proof."""
        self._session, self._key = session, key

    def forget(self) -> None:
        """No proof any more, until the next session."""
        self._session = self._key = None
        self.cookies.clear()

    def now_ms(self) -> int:
        """The server's time as far as known."""
        return self._clock.now_ms() + self.skew_ms

    def learn_time(self, server_at_ms: int) -> None:
        """Proofs are accepted 60 s around the server's clock, whatever ours says."""
        self.skew_ms = server_at_ms - self._clock.now_ms()

    async def get(self, path: str, query: Mapping[str, str | int] | None = None) -> dict[str, Any]:
        """Raises: ServerFailure, BadAnswer, httpx.TransportError."""
        return await self.ask("GET", f"{path}?{urlencode(query)}" if query else path)

    async def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Raises: ServerFailure, BadAnswer, httpx.TransportError."""
        return await self.ask("POST", path, body)

    async def ask(
        self, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Raises: ServerFailure, BadAnswer, httpx.TransportError."""
        content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        response = await self.request(method, path, content, "application/json")
        try:
            answer = response.json()
        except ValueError:
            answer = None
        if response.is_success and isinstance(answer, dict):
            return answer
        raise failure_of(response)

    async def request(
        self,
        method: str,
        path: str,
        content: bytes = b"",
        content_type: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """One request, its redirects not followed. `path` may be a whole URL of the origin."""
        request = self._client.build_request(method, path, content=content, headers=headers)
        if urlsplit(str(request.url)).netloc != urlsplit(self.origin).netloc:
            raise BadAnswer("sent to another origin")
        if content:
            request.headers["Content-Type"] = content_type
        request.headers["Origin"] = self.origin
        if self.cookies:
            pairs = (f"{name}={value}" for name, value in self.cookies.items())
            request.headers["Cookie"] = "; ".join(pairs)
        if self._session is not None and self._key is not None:
            # No two requests are the same: one seen again is taken for a replay.
            self._at_ms = at_ms = max(self.now_ms(), self._at_ms + 1)
            raw_path = request.url.raw_path.decode("ascii")
            proof = prove_request(self._key, self._session, method, raw_path, at_ms, content)
            request.headers["Lien-Proof"] = f"{at_ms}.{b64encode(proof)}"
        response = await self._client.send(request)
        if len(response.content) > _MAX_ANSWER_BYTES:
            raise BadAnswer("an answer is too long")
        self._keep_cookies(response)
        return response

    def _keep_cookies(self, response: httpx.Response) -> None:
        for header in response.headers.get_list("set-cookie"):
            try:
                morsels = SimpleCookie(header).values()
            except CookieError:
                continue
            for morsel in morsels:
                if morsel["max-age"] == "0" or not morsel.value:
                    self.cookies.pop(morsel.key, None)
                else:
                    self.cookies[morsel.key] = morsel.value


def failure_of(response: httpx.Response) -> ServerFailure | BadAnswer:
    """What an answer that is no success says."""
    try:
        error = response.json()["error"]
        return ServerFailure(str(error["code"]), int(error.get("retry_after_ms", 0)))
    except (ValueError, KeyError, TypeError, AttributeError):
        return BadAnswer(f"status {response.status_code} without an answer")
