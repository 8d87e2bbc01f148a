"""A provider says that a sign-in is over: what began with it ends, at once and everywhere."""

from urllib.parse import parse_qs, urlsplit

import pytest

from lien.accounts import ProviderUnreachable
from tests.directory.rows import NUMBERS
from tests.web.signing_in import Deployment, Phone, error_of

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def post(deployment: Deployment, token: str, provider: str = "mock") -> tuple[int, str]:
    """As the provider's server: no cookie, no origin."""
    async with deployment.browser() as http:
        answer = await http.post(f"/auth/{provider}/logout", data={"logout_token": token})
    return answer.status_code, answer.headers["cache-control"]


async def is_in(phone: Phone) -> bool:
    return (await phone.call("GET", "/api/session")).status_code == 200


async def test_all_of_a_persons_sessions_end(deployment: Deployment, phone: Phone) -> None:
    other = deployment.phone()
    await other.create_account(NUMBERS[1])

    assert await post(deployment, deployment.mock.logout_token(NUMBERS[0])) == (200, "no-store")

    assert (await is_in(phone), await is_in(other)) == (False, True)
    trail = await deployment.trail.list_own(phone.account)
    last = trail.entries[0].event
    assert (last.kind, str(last.actor)) == ("session_ended", "provider")


async def test_only_the_session_that_is_named_ends(deployment: Deployment) -> None:
    """Another sign-in of the same person, on the same day, stays."""
    phone = deployment.phone()
    first = await sign_up(deployment, phone)
    before, session = phone.token, phone.session
    await phone.reenter(NUMBERS[0])

    await post(deployment, deployment.mock.logout_token(NUMBERS[0], first))

    assert await is_in(phone)
    phone.token, phone.session = before, session
    assert not await is_in(phone)


async def sign_up(deployment: Deployment, phone: Phone) -> str:
    """Create the account; what the provider calls its session."""
    url = await phone.choose(await phone.open_provider(), NUMBERS[0])
    code = deployment.mock._tickets.read_code(parse_qs(urlsplit(url).query)["code"][0])
    assert code is not None
    await phone.http.get(url)
    nonce = (await phone.enrolment())["nonce"]
    body = phone.new_account(phone.first_link(), nonce)
    assert phone.remember(await phone.http.post("/api/accounts", json=body)).status_code == 200
    return code.number


async def test_a_session_by_passkey_is_not_the_providers_to_end(
    deployment: Deployment, phone: Phone
) -> None:
    await phone.add_passkey()
    await phone.sign_in_with_passkey()
    await post(deployment, deployment.mock.logout_token(NUMBERS[0]))
    assert await is_in(phone)


async def test_who_was_on_the_way_begins_no_session(deployment: Deployment) -> None:
    phone = deployment.phone()
    await phone.identify(NUMBERS[0])
    nonce = (await phone.enrolment())["nonce"]
    await post(deployment, deployment.mock.logout_token(NUMBERS[0]))

    late = await phone.http.post("/api/accounts", json=phone.new_account(phone.first_link(), nonce))

    assert (late.status_code, error_of(late)) == (401, "not_signed_in")


async def test_signing_in_again_afterwards_works(deployment: Deployment, phone: Phone) -> None:
    await post(deployment, deployment.mock.logout_token(NUMBERS[0]))
    deployment.clock.advance(seconds=3)
    assert (await phone.reenter(NUMBERS[0])).status_code == 200


async def test_a_token_counts_once(deployment: Deployment, phone: Phone) -> None:
    token = deployment.mock.logout_token(NUMBERS[0])
    assert (await post(deployment, token))[0] == 200
    assert (await post(deployment, token))[0] == 400


async def test_another_providers_token_is_refused(deployment: Deployment, phone: Phone) -> None:
    token = deployment.mock.logout_token(NUMBERS[0])
    assert (await post(deployment, token, "mock-oiis"))[0] == 400
    assert (await post(deployment, token, "nobody"))[0] == 400
    assert await is_in(phone)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("", FORM),
        ("logout_token=", FORM),
        ("logout_token=x&logout_token=y", FORM),
        ("other=x", FORM),
        ("\u00e9", FORM),
        ('{"logout_token": "x"}', {"Content-Type": "application/json"}),
    ],
)
async def test_what_is_no_form_with_one_token_is_refused(
    deployment: Deployment, body: str, kind: dict[str, str]
) -> None:
    async with deployment.browser() as http:
        answer = await http.post("/auth/mock/logout", content=body.encode(), headers=kind)
    assert answer.status_code == 400


async def test_a_provider_that_is_down_is_asked_to_try_again(
    deployment: Deployment, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the person still gets in: by passkey, without the provider."""
    await phone.add_passkey()

    async def down(*_: object) -> object:
        raise ProviderUnreachable("down")

    monkeypatch.setattr(deployment.provider, "_discover", down)
    status, _ = await post(deployment, deployment.mock.logout_token(NUMBERS[0]))
    left = await phone.http.get("/auth/mock/start")
    by_passkey = await phone.sign_in_with_passkey()

    assert status == 503
    assert left.headers["location"] == "/?error=provider_unreachable"
    assert by_passkey.status_code == 200
