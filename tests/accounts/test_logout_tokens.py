"""Logout tokens: which login they end, and every one that is none."""

from typing import Any

import pytest
from joserfc import jwt

from lien.accounts import OpenIdProvider, ProviderFailed
from tests.accounts.lying_provider import KEY, REALM, SUBJECT, FakeProvider, fake, provider, sign_in
from tests.fakes import FakeClock

__all__ = ["fake", "provider"]


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
