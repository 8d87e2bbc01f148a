"""A provider that answers as a test wants it to, in front of the relying party as shipped."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from lien.accounts import OpenIdProvider
from lien.accounts.discovery import ProviderSettings
from lien.accounts.models import Identified
from lien.accounts.providers import Departure
from lien.ids import b64encode
from tests.fakes import FakeClock

HOST = "https://auth.example"


REALM = f"{HOST}/auth/realms/esante-wallet"


PROTOCOL = f"{REALM}/protocol/openid-connect"


DISCOVERY = f"{REALM}/.well-known/wallet-openid-configuration"


SETTINGS = ProviderSettings(
    id="psc",
    label="Pro Santé Connect",
    discovery_url=DISCOVERY,
    client_id="lien",
    client_secret="a secret",
    redirect_uri="https://lien.example/auth/psc/callback",
)


KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})


SUBJECT = "f:550dc1c8:899700218896"


USERINFO = {
    "sub": SUBJECT,
    "SubjectNameID": "899700218896",
    "otherIds": [{"identifiant": "899700218896", "origine": "RPPS", "qualite": 1}],
}


class FakeProvider:
    """Answers by path; a test changes what is said. Stands in for a machine of somebody else."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.key = KEY
        self.nonce = ""
        self.claims: dict[str, Any] = {}
        self.dropped: tuple[str, ...] = ()
        self.algorithm = "RS256"
        self.discovery: dict[str, Any] = {
            "issuer": REALM,
            # As the real one: the page is on another host.
            "authorization_endpoint": "https://wallet.example/auth",
            "token_endpoint": f"{PROTOCOL}/token",
            "userinfo_endpoint": f"{PROTOCOL}/userinfo",
            "jwks_uri": f"{PROTOCOL}/certs",
            "authorization_response_iss_parameter_supported": True,
        }
        self.keys: list[dict[str, Any]] = [dict(KEY.as_dict(private=False))]
        self.tokens: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = dict(USERINFO)
        self.answers: dict[str, Callable[[], httpx.Response]] = {}
        self.requests: list[httpx.Request] = []

    async def answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        name = request.url.path.rsplit("/", 1)[1]
        if name in self.answers:
            return self.answers[name]()
        said: dict[str, Callable[[], object]] = {
            "wallet-openid-configuration": lambda: self.discovery,
            "certs": lambda: {"keys": self.keys},
            "token": self._tokens,
            "userinfo": lambda: self.userinfo,
        }
        return httpx.Response(200, json=said[name]())

    def count(self, name: str) -> int:
        return sum(request.url.path.endswith(name) for request in self.requests)

    def _tokens(self) -> dict[str, Any]:
        now = self.clock.now_ms() // 1000
        access = "an access token"
        claims = {
            "iss": REALM,
            "aud": "lien",
            "sub": SUBJECT,
            "iat": now,
            "exp": now + 120,
            "nonce": self.nonce,
            "acr": "eidas1",
            "at_hash": b64encode(hashlib.sha256(access.encode()).digest()[:16]),
            **self.claims,
        }
        for name in self.dropped:
            del claims[name]
        header = {"alg": self.algorithm, "kid": self.key.kid}
        if self.algorithm == "HS256":  # the public key, used as a shared secret
            signed = ".".join(b64encode(json.dumps(part).encode()) for part in (header, claims))
            tag = hmac.digest(self.key.as_pem(private=False), signed.encode(), "sha256")
            id_token = f"{signed}.{b64encode(tag)}"
        else:
            id_token = jwt.encode(header, claims, self.key, [self.algorithm])
        return {
            "access_token": access,
            "token_type": "Bearer",
            "id_token": id_token,
            **self.tokens,
        }


@pytest.fixture
def fake(clock: FakeClock) -> FakeProvider:
    return FakeProvider(clock)


@pytest.fixture
async def provider(fake: FakeProvider, clock: FakeClock) -> AsyncIterator[OpenIdProvider]:
    made = OpenIdProvider(SETTINGS, clock, httpx.MockTransport(fake.answer))
    yield made
    await made.close()


async def sign_in(provider: OpenIdProvider, fake: FakeProvider, **answer: str) -> Identified:
    departure = await leave(provider, fake)
    return await provider.finish(departure.pending, {"code": "a code", "iss": REALM, **answer})


async def leave(provider: OpenIdProvider, fake: FakeProvider) -> Departure:
    departure = await provider.begin()
    fake.nonce = departure.pending.nonce
    return departure
