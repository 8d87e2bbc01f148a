"""ID tokens that are forged, wrong in one point, or signed with another key."""

from typing import Any

import pytest
from joserfc.jwk import RSAKey

from lien.accounts import OpenIdProvider, ProviderFailed
from lien.ids import b64encode
from tests.accounts.lying_provider import HOST, KEY, FakeProvider, fake, provider, sign_in
from tests.fakes import FakeClock

__all__ = ["fake", "provider"]


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
