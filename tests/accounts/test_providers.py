"""The relying party against a provider that errs, floods or is silent."""

import hashlib
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from lien.accounts import OpenIdProvider, ProviderFailed, ProviderUnreachable
from lien.ids import b64encode
from tests.accounts.lying_provider import (
    HOST,
    PROTOCOL,
    REALM,
    SETTINGS,
    SUBJECT,
    FakeProvider,
    fake,
    leave,
    provider,
    sign_in,
)
from tests.fakes import FakeClock

__all__ = ["fake", "provider"]


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
