"""Leaving for the provider and coming back: once, in the same browser, with what was asked."""

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from lien.web.authentication import FLOW_COOKIE
from lien.web.cookies import STATE_COOKIE
from tests.directory.rows import NUMBERS
from tests.web.services import ORIGIN
from tests.web.signing_in import Deployment, Phone, error_of


async def test_the_way_there_asks_for_what_pro_sante_connect_wants(deployment: Deployment) -> None:
    phone = deployment.phone()
    left = await phone.http.get("/auth/mock/start")

    query = parse_qs(urlsplit(left.headers["location"]).query)
    assert query["response_type"] == ["code"]
    assert query["scope"] == ["openid scope_all"]
    assert query["acr_values"] == ["eidas1"]
    assert query["redirect_uri"] == [f"{ORIGIN}/auth/mock/callback"]
    assert query["code_challenge_method"] == ["S256"]
    assert len(query["code_challenge"][0]) == len(query["state"][0]) == 43
    assert query["nonce"] != query["state"]


async def test_the_cookies_say_where_they_may_go(deployment: Deployment) -> None:
    phone = deployment.phone()
    left = await phone.http.get("/auth/mock/start")
    back = await phone.identify(NUMBERS[0])

    state = left.headers["set-cookie"].lower()
    flow = next(one for one in back.headers.get_list("set-cookie") if FLOW_COOKIE in one).lower()
    for cookie in (state, flow):
        assert {"path=/", "secure", "httponly", "max-age=600"} <= set(cookie.split("; "))
        assert "domain" not in cookie
    assert "samesite=lax" in state
    assert "samesite=strict" in flow
    assert back.headers["location"] == "/"


async def test_a_person_comes_back_with_a_flow(deployment: Deployment) -> None:
    phone = deployment.phone()
    await phone.identify(NUMBERS[0])

    described = await phone.enrolment()

    assert described["via"] == "provider"
    assert described["account"] is None
    assert described["vault"] == []
    assert described["professional"]["rpps"] == NUMBERS[0]
    assert len(described["nonce"]) == 43


async def test_coming_back_twice_is_refused(deployment: Deployment) -> None:
    phone = deployment.phone()
    url = await phone.choose(await phone.open_provider(), NUMBERS[0])
    state = phone.http.cookies[STATE_COOKIE]
    assert (await phone.http.get(url)).headers["location"] == "/"

    phone.http.cookies.set(STATE_COOKIE, state, domain="localhost.local")
    again = await phone.http.get(url)

    assert again.headers["location"] == "/?error=provider_failed"


async def test_another_browser_cannot_come_back(deployment: Deployment) -> None:
    """Login CSRF: the victim's browser is sent the attacker's answer."""
    attacker, victim = deployment.phone(), deployment.phone()
    url = await attacker.choose(await attacker.open_provider(), NUMBERS[0])

    without_state = await victim.http.get(url)
    await victim.http.get("/auth/mock/start")
    with_own_state = await victim.http.get(url)
    right = await attacker.http.get(url)

    assert without_state.headers["location"] == "/?error=not_signed_in"
    assert with_own_state.headers["location"] == "/?error=provider_failed"
    assert FLOW_COOKIE not in victim.http.cookies
    assert right.headers["location"] == "/"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"state": "another"}, "provider_failed"),
        ({"iss": "https://evil.example"}, "provider_failed"),
        ({"iss": ""}, "provider_failed"),
        ({"code": "x"}, "provider_failed"),
        ({"code": ""}, "provider_failed"),
        ({"code": "x" * 2049}, "malformed"),
        ({"error": "access_denied"}, "provider_failed"),
    ],
)
async def test_an_answer_wrong_in_one_point_is_refused(
    deployment: Deployment, changes: dict[str, str], code: str
) -> None:
    phone = deployment.phone()
    url = await phone.choose(await phone.open_provider(), NUMBERS[0])
    parts = urlsplit(url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}

    refused = await phone.http.get(f"{parts.path}?{urlencode(query | changes)}")

    assert refused.headers["location"] == f"/?error={code}"
    assert FLOW_COOKIE not in phone.http.cookies


async def test_a_doubled_parameter_is_refused(deployment: Deployment) -> None:
    phone = deployment.phone()
    url = await phone.choose(await phone.open_provider(), NUMBERS[0])

    refused = await phone.http.get(url + "&state=another")

    assert refused.headers["location"] == "/?error=malformed"


async def test_a_sign_in_takes_ten_minutes_at_most(deployment: Deployment) -> None:
    phone = deployment.phone()
    url = await phone.choose(await phone.open_provider(), NUMBERS[0])
    deployment.clock.advance(seconds=601)

    late = await phone.http.get(url)

    assert late.headers["location"] == "/?error=not_signed_in"


async def test_a_flow_takes_ten_minutes_at_most(deployment: Deployment) -> None:
    phone = deployment.phone()
    await phone.identify(NUMBERS[0])
    deployment.clock.advance(seconds=601)

    answer = await phone.http.get("/api/enrolment")

    assert (answer.status_code, error_of(answer)) == (401, "not_signed_in")


async def test_an_unknown_provider_is_not_found(deployment: Deployment) -> None:
    phone = deployment.phone()
    left = await phone.http.get("/auth/psc/start")
    assert left.headers["location"] == "/?error=not_found"


async def test_status_lists_the_providers(deployment: Deployment) -> None:
    phone = deployment.phone()
    status = (await phone.http.get("/api/status")).json()

    assert status["mock"] is True
    assert [one["id"] for one in status["providers"]] == ["mock", "mock-oiis"]
    assert status["attestor_steps"] == []
    assert len(status["attestor"]) == 43


async def test_an_address_has_so_many_attempts(phone: Phone, deployment: Deployment) -> None:
    limits = deployment.sessions._limits
    deployment.sessions._limits = type(limits)(address_capacity=2)
    answers = [await phone.http.post("/api/session/passkey/begin") for _ in range(3)]
    left = await phone.http.get("/auth/mock/start")

    # The fixture's own sign-in was counted against a larger bucket.
    assert answers[-1].status_code == 429
    assert error_of(answers[-1]) == "too_many"
    assert int(answers[-1].headers["retry-after"]) > 0
    assert left.headers["location"] == "/?error=too_many"
