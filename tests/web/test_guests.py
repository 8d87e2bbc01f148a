"""Guests who are here: found by colleagues with who vouches, and their stay prolonged."""

from dataclasses import replace
from typing import Any

import httpx
import pytest

from lien.crypto import sponsorship
from lien.ids import b64encode
from tests.directory.loading import load
from tests.directory.rows import NUMBERS, a_row, an_extract
from tests.web.signing_in import Deployment, Phone, error_of
from tests.web.test_sponsorships import DAY_MS, Guest, a_guest, given, invite, is_in


@pytest.fixture
async def guest(deployment: Deployment, phone: Phone) -> Guest:
    """Léa FICTIF-PAYET, a secretary, for 90 days; `phone` vouches."""
    made = a_guest(deployment)
    await made.accept(await invite(phone))
    return made


async def search(phone: Phone, query: str) -> list[dict[str, Any]]:
    path = str(httpx.URL("/api/directory", params={"q": query}))
    answer = await phone.call("GET", path)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["guests"])


async def prolong(
    signer: Phone, guest: Guest, days: int, path: str = "/api/sponsorships", **changes: Any
) -> httpx.Response:
    """What the signer's device signs about this guest, sent under the guest's invitation."""
    sponsored = (await guest.chain()).sponsored
    assert sponsored is not None
    now_ms = signer.deployment.clock.now_ms()
    content = replace(
        sponsored.content,
        sponsor=signer.account,
        device=signer.device,
        ends_at_ms=now_ms + days * DAY_MS,
        at_ms=now_ms,
        **changes,
    )
    signed = sponsorship.sign_sponsorship(content, signer.key)
    body = {"sponsorship": b64encode(signed.data), "signature": b64encode(signed.signature)}
    invitation = sponsored.content.invitation
    return await signer.call("PUT", f"{path}/{invitation}", body)


@pytest.mark.parametrize("query", ["payet", "lea fictif", "fictifpayet", "secr", "Léa secrétaire"])
async def test_colleagues_find_a_guest_with_who_vouches(
    deployment: Deployment, phone: Phone, guest: Guest, query: str
) -> None:
    (found,) = await search(phone, query)

    assert (found["account"], found["role"]) == (guest.account, "331")
    assert found["sponsor"]["family_name"] == "FICTIF-HOARAU"
    assert found["ends_at_ms"] == deployment.clock.now_ms() + 90 * DAY_MS


@pytest.mark.parametrize("query", ["payette", "lea hoarau", "331", "coordinatrice"])
async def test_other_words_find_nobody(phone: Phone, guest: Guest, query: str) -> None:
    assert await search(phone, query) == []


async def test_who_has_left_is_found_no_more(
    deployment: Deployment, phone: Phone, guest: Guest
) -> None:
    (listed,) = await given(phone)
    await phone.call("DELETE", f"/api/sponsorships/{listed['invitation']}")
    ended = await search(phone, "payet")
    late = a_guest(deployment)
    await late.accept(await invite(phone, days=1))
    before = await search(phone, "payet")
    deployment.clock.advance(seconds=86_401)
    await phone.reenter(NUMBERS[0])
    over = await search(phone, "payet")  # not swept yet

    assert (ended, [one["account"] for one in before], over) == ([], [late.account], [])
    await deployment.sponsorships.sweep()
    assert await deployment.stored.sponsorships.list_called("pa", 10) == set()


async def test_a_guest_who_hides_is_found_by_no_word(
    deployment: Deployment, phone: Phone, guest: Guest
) -> None:
    visibility = "/api/directory/visibility"
    assert (await guest.call("GET", visibility)).json() == {"hidden": False}

    assert (await guest.call("PUT", visibility, {"hidden": True})).json() == {}

    assert (await guest.call("GET", visibility)).json() == {"hidden": True}
    assert (await phone.call("GET", visibility)).json() == {"hidden": False}
    assert await search(phone, "payet") == []
    await guest.call("PUT", visibility, {"hidden": False})
    assert [one["account"] for one in await search(phone, "payet")] == [guest.account]


async def test_guests_are_counted_among_the_people_shown(
    deployment: Deployment, phone: Phone
) -> None:
    """Ten and no further page; each counts as a person shown, as of the directory."""
    for _ in range(12):
        await a_guest(deployment).accept(await invite(phone))
    assert len(await search(phone, "payet")) == 10


async def test_the_sponsor_prolongs(deployment: Deployment, phone: Phone, guest: Guest) -> None:
    deployment.clock.advance(seconds=89 * 86_400)
    await phone.reenter(NUMBERS[0])
    assert (await prolong(phone, guest, 60)).status_code == 200
    deployment.clock.advance(seconds=5 * 86_400)
    await deployment.sponsorships.sweep()

    state = await guest.chain()
    assert state.sponsored is not None
    assert not state.is_departed
    await phone.reenter(NUMBERS[0])
    (listed,) = await given(phone)
    assert listed["ends_at_ms"] == state.sponsored.content.ends_at_ms
    for account in (phone.account, guest.account):
        trail = await deployment.trail.list_own(account)
        assert "sponsorship_prolonged" in [entry.event.kind for entry in trail.entries]
    deployment.clock.advance(seconds=60 * 86_400)
    await deployment.sponsorships.sweep()
    assert (await guest.chain()).is_departed


@pytest.mark.parametrize(
    ("days", "changes", "error"),
    [
        (366, {}, "may_not_invite"),
        (89, {}, "may_not_invite"),
        (10, {}, "may_not_invite"),
        (120, {"family_name": "FICTIF-AUTRE"}, "may_not_invite"),
        (120, {"role": "330"}, "may_not_invite"),
        (120, {"invitation_public": sponsorship.invitation_key(bytes(16)).public}, "malformed"),
    ],
)
async def test_a_stay_is_prolonged_within_its_bounds_only(
    phone: Phone, guest: Guest, days: int, changes: dict[str, Any], error: str
) -> None:
    assert error_of(await prolong(phone, guest, days, **changes)) == error
    assert (await prolong(phone, guest, 120)).status_code == 200


async def test_nobody_else_prolongs(deployment: Deployment, phone: Phone, guest: Guest) -> None:
    other = deployment.phone()
    await other.create_account(NUMBERS[1])
    administration = "/api/administration/sponsorships"

    assert error_of(await prolong(other, guest, 120)) == "not_found"
    assert error_of(await prolong(other, guest, 120, administration)) == "not_an_administrator"
    assert error_of(await prolong(guest, guest, 120)) == "may_not_invite"


async def test_an_administrator_takes_over(
    deployment: Deployment, phone: Phone, guest: Guest
) -> None:
    """Whoever signs vouches: the guest stays when the one before leaves."""
    await load(deployment.directory, an_extract(a_row(0), a_row(1)))
    administrator = deployment.phone()
    await administrator.create_account(NUMBERS[1])
    await deployment.administrations.grant(administrator.account, "CABINET FICTIF")
    path = "/api/administration/sponsorships"

    assert (await prolong(administrator, guest, 120, path)).status_code == 200
    assert await given(phone) == []
    assert [one["account"] for one in await given(administrator)] == [guest.account]
    await deployment.standings.suspend(phone.account, phone.account, "test")
    await deployment.sponsorships.sweep()
    assert await is_in(guest)
    assert (await search(administrator, "payet"))[0]["sponsor"]["given_name"] == "Marie"


async def test_an_operator_prolongs_in_the_name_of_the_deployment(
    deployment: Deployment, phone: Phone, guest: Guest
) -> None:
    (listed,) = await given(phone)
    ends_at_ms = deployment.clock.now_ms() + 200 * DAY_MS
    await deployment.guests.prolong_as_deployment(listed["invitation"], ends_at_ms)

    (found,) = await search(phone, "payet")
    assert (found["sponsor"], found["ends_at_ms"]) == (None, ends_at_ms)


async def test_who_has_left_is_not_prolonged(
    deployment: Deployment, phone: Phone, guest: Guest
) -> None:
    (listed,) = await given(phone)
    await phone.call("DELETE", f"/api/sponsorships/{listed['invitation']}")
    assert error_of(await prolong(phone, guest, 120)) == "invitation_over"
