"""
The OpenID Connect relying party; the only file that imports httpx.

Authorization code with PKCE (S256), state, nonce and the issuer in the callback (RFC 9207); an
RS256 ID token checked against the provider's keys; then the userinfo, where the RPPS number is.

Everything received is bounded and nothing is followed: no redirect, no endpoint on another host
than the issuer's (only the page the browser goes to may be elsewhere), no proxy from the
environment. `ProviderUnreachable` means try later; `ProviderFailed` means the answer broke a rule.
"""

import asyncio
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

import httpx

from lien.accounts.discovery import (
    MAX_PARAMETER_CHARS,
    Endpoints,
    ProviderSettings,
    practices_of,
    read_discovery,
    refuse,
    require_text,
    rpps_of,
)
from lien.accounts.errors import ProviderFailed, ProviderUnreachable
from lien.accounts.id_tokens import (
    ProviderKeys,
    UnknownKey,
    require_claims,
    require_logout,
    session_of,
)
from lien.accounts.models import Identified, Login, Pending
from lien.clock import Clock
from lien.ids import b64encode
from lien.trust import authorities

MAX_ANSWER_BYTES: Final = 64 * 1024  # the userinfo of ten activities is 9 KiB
MAX_TOKEN_CHARS: Final = 16 * 1024
_PHASE_SECONDS: Final = 5.0  # connect, send, each read
_CALL_SECONDS: Final = 10.0  # in all
_DISCOVERY_TTL_MS: Final = 60 * 60 * 1000
# An unknown key id makes us ask again, but a stranger's tokens must not make us ask all day.
_KEYS_REFRESH_MS: Final = 30 * 1000


@dataclass(frozen=True, slots=True)
class Departure:
    """Where to send the browser, the state it must come back with, what to keep meanwhile."""

    url: str
    state: str
    pending: Pending


class OpenIdProvider:
    """One identity provider. `close` it when the process ends."""

    def __init__(
        self,
        settings: ProviderSettings,
        clock: Clock,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.id = settings.id
        self.label = settings.label
        self._settings = settings
        self._clock = clock
        self._http = httpx.AsyncClient(
            transport=transport,
            verify=authorities(),
            timeout=_PHASE_SECONDS,
            follow_redirects=False,
            trust_env=False,
            limits=httpx.Limits(max_connections=16, max_keepalive_connections=4),
            headers={"Accept": "application/json", "Accept-Encoding": "identity"},
        )
        self._endpoints: Endpoints | None = None
        self._endpoints_at_ms = 0
        self._keys: ProviderKeys | None = None
        self._keys_at_ms = 0

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def begin(self) -> Departure:
        """
        Where the browser goes.

        Raises: ProviderUnreachable, ProviderFailed.
        """
        endpoints = await self._discover()
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        query = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": self._settings.redirect_uri,
            "scope": self._settings.scope,
            "state": state,
            "nonce": nonce,
            "code_challenge": b64encode(hashlib.sha256(verifier.encode()).digest()),
            "code_challenge_method": "S256",
        }
        if self._settings.levels:
            query["acr_values"] = self._settings.levels[0]
        url = f"{endpoints.authorization}?{urlencode(query)}"
        return Departure(url, state, Pending(self.id, nonce, verifier))

    async def finish(self, pending: Pending, answer: Mapping[str, str]) -> Identified:
        """
        Return who came back; the caller has compared `state` and used it up.

        Raises: ProviderUnreachable, ProviderFailed, NoRpps, TestIdentity.
        """
        endpoints = await self._discover()
        issuer = answer.get("iss")
        # RFC 9207, 2.4: an answer of another provider is a mix-up attack.
        if issuer != endpoints.issuer and (endpoints.sends_issuer or issuer is not None):
            refuse("the answer is of another issuer")
        code = answer.get("code", "")
        if "error" in answer or not 0 < len(code) <= MAX_PARAMETER_CHARS:
            refuse("the provider refused, or sent no code")
        tokens = await self._exchange(endpoints, code, pending.verifier)
        access_token = require_text(tokens, "access_token", MAX_TOKEN_CHARS)
        if require_text(tokens, "token_type", 16).lower() != "bearer":
            refuse("the access token is of an unknown type")
        claims = await self._verify(endpoints, require_text(tokens, "id_token", MAX_TOKEN_CHARS))
        subject = require_claims(
            claims,
            expected_issuer=endpoints.issuer,
            expected_client=self._settings.client_id,
            expected_nonce=pending.nonce,
            expected_levels=self._settings.levels,
            access_token=access_token,
            now_ms=self._clock.now_ms(),
        )
        userinfo = await self._call(
            "GET", endpoints.userinfo, headers={"Authorization": f"Bearer {access_token}"}
        )
        # OpenID Connect Core, 5.3.2: without this, another person's userinfo could be swapped in.
        if userinfo.get("sub") != subject:
            refuse("the userinfo is of another person")
        rpps = rpps_of(userinfo, self._settings)
        login = self._login_of(subject, session_of(claims))
        return Identified(self.id, rpps, login, practices_of(userinfo))

    async def read_logout(self, token: str) -> tuple[Login, str]:
        """
        Return whose session the provider says is over, and the number of its word.

        Of the login, what the provider did not name is empty.

        Raises: ProviderUnreachable, ProviderFailed.
        """
        if not 0 < len(token) <= MAX_TOKEN_CHARS:
            refuse("there is no logout token")
        endpoints = await self._discover()
        claims = require_logout(
            await self._verify(endpoints, token),
            expected_issuer=endpoints.issuer,
            expected_client=self._settings.client_id,
            now_ms=self._clock.now_ms(),
        )
        return self._login_of(claims.subject, claims.session), claims.number

    def _login_of(self, subject: str, session: str) -> Login:
        def name(kind: str, value: str) -> str:
            text = f"{self.id}\0{kind}\0{value}"
            return b64encode(hashlib.sha256(text.encode()).digest()) if value else ""

        return Login(name("sub", subject), name("sid", session))

    async def _discover(self) -> Endpoints:
        now_ms = self._clock.monotonic_ms()
        if self._endpoints and now_ms - self._endpoints_at_ms < _DISCOVERY_TTL_MS:
            return self._endpoints
        document = await self._call("GET", self._settings.discovery_url)
        self._endpoints = read_discovery(document, self._settings)
        self._endpoints_at_ms = now_ms
        return self._endpoints

    async def _exchange(self, endpoints: Endpoints, code: str, verifier: str) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._settings.redirect_uri,
            "code_verifier": verifier,
        }
        user, password = self._settings.client_id, self._settings.client_secret
        if endpoints.uses_basic:
            return await self._call(
                "POST", endpoints.token, form=form, auth=httpx.BasicAuth(user, password)
            )
        form |= {"client_id": user, "client_secret": password}
        return await self._call("POST", endpoints.token, form=form)

    async def _verify(self, endpoints: Endpoints, id_token: str) -> dict[str, object]:
        """Return the claims of an ID token signed by one of the provider's keys."""
        try:
            return (await self._key_set(endpoints)).verify(id_token)
        except UnknownKey:
            return (await self._key_set(endpoints, is_unknown=True)).verify(id_token)

    async def _key_set(self, endpoints: Endpoints, *, is_unknown: bool = False) -> ProviderKeys:
        now_ms = self._clock.monotonic_ms()
        is_recent = now_ms - self._keys_at_ms < _KEYS_REFRESH_MS
        if self._keys is None or (is_unknown and not is_recent):
            self._keys = ProviderKeys.parse(await self._call("GET", endpoints.keys))
            self._keys_at_ms = now_ms
        return self._keys

    async def _call(
        self,
        method: str,
        url: str,
        *,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: httpx.Auth | None = None,
    ) -> dict[str, Any]:
        """The one place where something leaves: a bounded JSON object comes back."""
        request = self._http.build_request(method, url, data=form, headers=headers)
        body = bytearray()
        try:
            async with asyncio.timeout(_CALL_SECONDS):
                response = await self._http.send(request, auth=auth, stream=True)
                try:
                    # We asked for none: what is compressed could grow past the bound.
                    if "content-encoding" in response.headers:
                        refuse("the provider's answer is compressed")
                    async for chunk in response.aiter_bytes():
                        body += chunk
                        if len(body) > MAX_ANSWER_BYTES:
                            refuse("the provider's answer is too long")
                finally:
                    await response.aclose()
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            raise ProviderUnreachable("the identity provider does not answer") from error
        if response.status_code == 429 or response.status_code >= 500:
            raise ProviderUnreachable("the identity provider cannot answer now")
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if response.status_code != 200 or kind != "application/json":
            refuse("the provider's answer has a wrong status or type")
        try:
            value = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise ProviderFailed("the provider's answer is not JSON") from error
        if not isinstance(value, dict):
            refuse("the provider's answer is not an object")
        return value
