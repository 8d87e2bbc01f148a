"""The relying party against a provider that lies, errs, floods or is silent."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from lien.accounts import (
    OpenIdProvider,
    ProviderFailed,
    ProviderUnreachable,
)
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


async def test_a_professional_is_identified(provider: OpenIdProvider, fake: FakeProvider) -> None:
    departure = await leave(provider, fake)
    identified = await provider.finish(departure.pending, {"code": "a code", "iss": REALM})

    assert (identified.provider, identified.rpps) == ("psc", "99700218896")
    assert SUBJECT not in repr(identified.login)
    assert (identified.login.session, identified.practices) == ("", ())
    assert departure.url.startswith("https://wallet.example/auth?")
    asked = parse_qs(urlsplit(departure.url).query)
    token = next(one for one in fake.requests if one.url.path.endswith("/token"))
    form = parse_qs(token.content.decode())
    digest = hashlib.sha256(form["code_verifier"][0].encode()).digest()
    assert b64encode(digest) == asked["code_challenge"][0]
    assert form["redirect_uri"] == asked["redirect_uri"] == [SETTINGS.redirect_uri]
    assert token.headers["authorization"].startswith("Basic ")
    assert "client_secret" not in form
    userinfo = fake.requests[-1]
    assert userinfo.headers["authorization"] == "Bearer an access token"


async def test_the_secret_goes_in_the_form_where_basic_is_not_offered(
    provider: OpenIdProvider, fake: FakeProvider
) -> None:
    fake.discovery["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
    await sign_in(provider, fake)
    token = next(one for one in fake.requests if one.url.path.endswith("/token"))
    assert parse_qs(token.content.decode())["client_secret"] == ["a secret"]
    assert "authorization" not in token.headers


BAD_CLAIMS: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": f"{HOST}/auth/realms/other"},
    "another audience": {"aud": "another"},
    "one more audience": {"aud": ["lien", "another"]},
    "issued to another": {"azp": "another"},
    "another nonce": {"nonce": "another"},
    "a list of nonces": {"nonce": ["another"]},
    "over": {"exp": 1},
    "over for a minute": {"exp": 1_790_000_000 - 60},
    "from the future": {"iat": 1_790_000_000 + 61},
    "old": {"iat": 1_790_000_000 - 700},
    "no number": {"exp": "never"},
    "nothing": {"exp": float("nan")},
    "not valid yet": {"nbf": 1_790_000_000 + 120},
    "a weak level": {"acr": "0"},
    "another access token": {"at_hash": b64encode(bytes(16))},
    "an access token hash of another type": {"at_hash": 1},
    "a subject of another type": {"sub": 1},
}


@pytest.mark.parametrize("claims", BAD_CLAIMS.values(), ids=BAD_CLAIMS.keys())
async def test_an_id_token_wrong_in_one_point_is_refused(
    provider: OpenIdProvider, fake: FakeProvider, claims: dict[str, Any]
) -> None:
    await sign_in(provider, fake)
    fake.claims = claims
    with pytest.raises(ProviderFailed):
        await sign_in(provider, fake)


@pytest.mark.parametrize("name", ["iss", "aud", "sub", "exp", "iat", "nonce", "acr"])
async def test_an_id_token_without_a_claim_is_refused(
    provider: OpenIdProvider, fake: FakeProvider, name: str
) -> None:
    fake.dropped = (name,)
    with pytest.raises(ProviderFailed):
        await sign_in(provider, fake)


@pytest.mark.parametrize(
    "claims", [{"iat": 1_790_000_000 + 59}, {"exp": 1_790_000_000 - 59}, {"acr": "eidas3"}]
)
async def test_clocks_may_differ_by_a_minute(
    provider: OpenIdProvider, fake: FakeProvider, claims: dict[str, Any]
) -> None:
    fake.claims = claims
    assert (await sign_in(provider, fake)).rpps == "99700218896"


async def test_a_public_key_is_no_shared_secret(
    provider: OpenIdProvider, fake: FakeProvider
) -> None:
    fake.algorithm = "HS256"
    with pytest.raises(ProviderFailed):
        await sign_in(provider, fake)


@pytest.mark.parametrize("id_token", ["", "a.b.c", "a", "." * 5, "e30.e30.", "x" * 20_000, 5])
async def test_what_is_no_token_is_refused(
    provider: OpenIdProvider, fake: FakeProvider, id_token: object
) -> None:
    fake.tokens = {"id_token": id_token}
    with pytest.raises(ProviderFailed):
        await sign_in(provider, fake)


async def test_an_unsigned_token_is_refused(provider: OpenIdProvider, fake: FakeProvider) -> None:
    header = b64encode(b'{"alg":"none","kid":"one"}')
    claims = b64encode(b'{"sub":"x"}')
    fake.tokens = {"id_token": f"{header}.{claims}."}
    with pytest.raises(ProviderFailed):
        await sign_in(provider, fake)


async def test_a_new_key_is_looked_up(
    provider: OpenIdProvider, fake: FakeProvider, clock: FakeClock
) -> None:
    await sign_in(provider, fake)
    fake.key = RSAKey.generate_key(2048, {"kid": "two", "use": "sig"})
    fake.keys = [dict(fake.key.as_dict(private=False))]
    clock.advance(seconds=31)

    assert (await sign_in(provider, fake)).rpps == "99700218896"
    assert fake.count("/certs") == 2


async def test_unknown_keys_do_not_make_us_ask_all_day(
    provider: OpenIdProvider, fake: FakeProvider, clock: FakeClock
) -> None:
    await sign_in(provider, fake)
    fake.key = RSAKey.generate_key(2048, {"kid": "unpublished", "use": "sig"})
    clock.advance(seconds=31)
    for _ in range(5):
        with pytest.raises(ProviderFailed):
            await sign_in(provider, fake)
    assert fake.count("/certs") == 2


@pytest.mark.parametrize(
    "keys",
    [
        [],
        [{"kty": "RSA", "kid": "one", "n": "AQAB", "e": "AQAB"}],
        [{"kty": "RSA", "kid": "one"}],
        [{"kty": "oct", "kid": "one", "k": "AAAA"}],
        ["one"],
        [dict(KEY.as_dict(private=False))] * 33,
        [dict(KEY.as_dict(private=False)) | {"use": "enc"}],
    ],
)
async def test_keys_that_are_none_are_refused(
    provider: OpenIdProvider, fake: FakeProvider, keys: list[Any]
) -> None:
    fake.keys = keys
    with pytest.raises(ProviderFailed):
        await sign_in(provider, fake)


BAD_DISCOVERY: dict[str, dict[str, Any]] = {
    "another issuer": {"issuer": f"{HOST}/auth/realms/other"},
    "no issuer": {"issuer": None},
    "an endpoint inside our network": {"token_endpoint": "https://10.0.0.1/token"},
    "metadata": {"jwks_uri": "http://169.254.169.254/latest"},
    "plain http": {"userinfo_endpoint": PROTOCOL.replace("https", "http") + "/userinfo"},
    "a page that is no https": {"authorization_endpoint": "javascript:alert(1)"},
    "a page with a query": {"authorization_endpoint": "https://wallet.example/auth?x=1"},
    "another port": {"jwks_uri": "https://auth.example:8443/certs"},
    "no port at all": {"jwks_uri": "https://auth.example:x/certs"},
    "a file": {"jwks_uri": "file:///etc/passwd"},
    "too long": {"token_endpoint": f"{PROTOCOL}/{'x' * 2048}"},
    "no list of methods": {"token_endpoint_auth_methods_supported": 5},
}


@pytest.mark.parametrize("changes", BAD_DISCOVERY.values(), ids=BAD_DISCOVERY.keys())
async def test_a_discovery_wrong_in_one_point_is_refused(
    provider: OpenIdProvider, fake: FakeProvider, changes: dict[str, Any]
) -> None:
    fake.discovery |= changes
    with pytest.raises(ProviderFailed):
        await provider.begin()
    assert len(fake.requests) == 1, "nothing of it was called"


@pytest.mark.parametrize("name", ["wallet-openid-configuration", "certs", "token", "userinfo"])
@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: httpx.Response(302, headers={"Location": "https://evil.example"}), ProviderFailed),
        (lambda: httpx.Response(400, json={"error": "invalid_grant"}), ProviderFailed),
        (lambda: httpx.Response(503, json={}), ProviderUnreachable),
        (lambda: httpx.Response(429, json={}), ProviderUnreachable),
        (lambda: httpx.Response(200, text="{}"), ProviderFailed),
        (lambda: httpx.Response(200, json=[]), ProviderFailed),
        (
            lambda: httpx.Response(200, content=b"{", headers={"Content-Type": "application/json"}),
            ProviderFailed,
        ),
        (
            lambda: httpx.Response(
                200, content=b"[" * 60_000, headers={"Content-Type": "application/json"}
            ),
            ProviderFailed,
        ),
        (lambda: httpx.Response(200, json={"x": "x" * 70_000}), ProviderFailed),
        (lambda: httpx.Response(200, headers={"Content-Encoding": "gzip"}), ProviderFailed),
    ],
)
async def test_an_answer_that_is_none_is_refused(
    provider: OpenIdProvider,
    fake: FakeProvider,
    name: str,
    make: Callable[[], httpx.Response],
    error: type[Exception],
) -> None:
    fake.answers[name] = make
    with pytest.raises(error):
        await sign_in(provider, fake)
    assert all(request.url.host == "auth.example" for request in fake.requests)


@pytest.mark.parametrize("failure", [httpx.ConnectError("no"), httpx.ReadTimeout("slow")])
async def test_a_silent_provider_is_said_to_be_unreachable(
    clock: FakeClock, failure: Exception
) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise failure

    provider = OpenIdProvider(SETTINGS, clock, httpx.MockTransport(fail))
    with pytest.raises(ProviderUnreachable):
        await provider.begin()
    await provider.close()


@pytest.mark.parametrize(
    "answer", [{"iss": "https://evil.example"}, {"code": ""}, {"error": "x"}, {"code": "x" * 3000}]
)
async def test_a_callback_wrong_in_one_point_is_refused(
    provider: OpenIdProvider, fake: FakeProvider, answer: dict[str, str]
) -> None:
    with pytest.raises(ProviderFailed):
        await sign_in(provider, fake, **answer)
    assert fake.count("/token") == 0


async def test_the_issuer_is_needed_where_it_is_promised(
    provider: OpenIdProvider, fake: FakeProvider
) -> None:
    departure = await leave(provider, fake)
    with pytest.raises(ProviderFailed):
        await provider.finish(departure.pending, {"code": "a code"})


async def test_the_userinfo_is_of_the_same_person(
    provider: OpenIdProvider, fake: FakeProvider
) -> None:
    fake.userinfo["sub"] = "f:550dc1c8:899700218888"
    with pytest.raises(ProviderFailed):
        await sign_in(provider, fake)


async def test_the_discovery_is_read_once_an_hour(
    provider: OpenIdProvider, fake: FakeProvider, clock: FakeClock
) -> None:
    await provider.begin()
    await provider.begin()
    clock.advance(seconds=3600)
    await provider.begin()
    assert fake.count("configuration") == 2


EVENT = "http://schemas.openid.net/event/backchannel-logout"


def a_logout(clock: FakeClock, dropped: str = "", **claims: object) -> str:
    said = {
        "iss": REALM,
        "aud": "lien",
        "iat": clock.now_ms() // 1000,
        "jti": "one",
        "events": {EVENT: {}},
        "sub": SUBJECT,
        "sid": "session",
        **claims,
    }
    said.pop(dropped, None)
    return jwt.encode({"alg": "RS256", "kid": "one", "typ": "logout+jwt"}, said, KEY, ["RS256"])


async def test_a_logout_token_names_the_login_it_ends(
    provider: OpenIdProvider, fake: FakeProvider, clock: FakeClock
) -> None:
    fake.claims = {"sid": "session"}
    began = (await sign_in(provider, fake)).login
    login, number = await provider.read_logout(a_logout(clock))

    assert (login, number) == (began, "one")
    person, _ = await provider.read_logout(a_logout(clock, dropped="sid"))
    assert (person.subject, person.session) == (began.subject, "")


BAD_LOGOUTS: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "https://evil.example"},
    "another audience": {"aud": "another"},
    "one more audience": {"aud": ["lien", "another"]},
    "a nonce, as an ID token": {"nonce": "x"},
    "no event": {"events": {}},
    "another event": {"events": {"http://schemas.openid.net/event/other": {}}},
    "an event that is none": {"events": {EVENT: "x"}},
    "a list of events": {"events": [EVENT]},
    "old": {"iat": 1_790_000_000 - 181},
    "from the future": {"iat": 1_790_000_000 + 61},
    "over": {"exp": 1_790_000_000 - 61},
    "a number that is none": {"jti": 5},
    "an empty number": {"jti": ""},
    "a person that is none": {"sub": 5},
    "nobody": {"sub": "", "sid": ""},
}


@pytest.mark.parametrize("claims", BAD_LOGOUTS.values(), ids=BAD_LOGOUTS.keys())
async def test_a_logout_token_wrong_in_one_point_is_refused(
    provider: OpenIdProvider, clock: FakeClock, claims: dict[str, Any]
) -> None:
    await provider.read_logout(a_logout(clock))
    with pytest.raises(ProviderFailed):
        await provider.read_logout(a_logout(clock, **claims))


@pytest.mark.parametrize("name", ["iss", "aud", "iat", "jti", "events"])
async def test_a_logout_token_without_a_claim_is_refused(
    provider: OpenIdProvider, clock: FakeClock, name: str
) -> None:
    with pytest.raises(ProviderFailed):
        await provider.read_logout(a_logout(clock, dropped=name))


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "x" * 20_000])
async def test_what_is_no_logout_token_is_refused(provider: OpenIdProvider, token: str) -> None:
    with pytest.raises(ProviderFailed):
        await provider.read_logout(token)
