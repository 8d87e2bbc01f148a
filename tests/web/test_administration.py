"""An establishment's administrator sees its people and lets them out; nobody else does."""

from typing import Any

import pytest

from tests.directory.loading import load
from tests.directory.rows import NUMBERS, STRUCTURE, a_row, an_extract
from tests.web.signing_in import Deployment, Phone, error_of
from tests.web.test_sponsorships import a_guest, invite, is_in

HERE = "CABINET FICTIF"


@pytest.fixture
async def colleague(deployment: Deployment, phone: Phone) -> Phone:
    """Of the same establishment; `phone` administers it. The third number works elsewhere."""
    rows = [a_row(0), a_row(1), a_row(2, **{STRUCTURE: "CHU FICTIF"})]
    await load(deployment.directory, an_extract(*rows))
    await deployment.administrations.grant(phone.account, HERE)
    made = deployment.phone()
    await made.create_account(NUMBERS[1])
    return made


async def seen(phone: Phone) -> dict[str, Any]:
    return dict((await phone.call("GET", "/api/administration")).json())


async def test_an_administrator_sees_people_and_guests(
    deployment: Deployment, phone: Phone, colleague: Phone
) -> None:
    elsewhere = deployment.phone()
    await elsewhere.create_account(NUMBERS[2])
    guest = a_guest(deployment)
    await guest.accept(await invite(colleague))

    found = await seen(phone)

    assert found["structure"] == HERE
    assert {one["account"] for one in found["people"]} == {phone.account, colleague.account}
    assert [one["account"] for one in found["guests"]] == [guest.account]
    nothing = {"structure": "", "longest_days": 365, "people": [], "guests": []}
    assert await seen(colleague) == nothing


async def test_an_administrator_lets_people_out(
    deployment: Deployment, phone: Phone, colleague: Phone
) -> None:
    path = f"/api/administration/accounts/{colleague.account}"
    guest = a_guest(deployment)
    await guest.accept(await invite(colleague))

    assert (await phone.call("DELETE", f"{path}/sessions")).status_code == 200
    assert not await is_in(colleague)
    (given,) = (await seen(phone))["guests"]
    ended = await phone.call("DELETE", f"/api/administration/sponsorships/{given['invitation']}")
    assert ended.status_code == 200
    assert not await is_in(guest)
    assert (await phone.call("POST", f"{path}/suspend")).status_code == 200
    assert (await colleague.chain()).standing.reason == "establishment"
    trail = await deployment.trail.list_own(colleague.account)
    assert trail.entries[0].event.actor == phone.account


async def test_nobody_else_and_nobody_elsewhere(
    deployment: Deployment, phone: Phone, colleague: Phone
) -> None:
    elsewhere = deployment.phone()
    await elsewhere.create_account(NUMBERS[2])
    guest = a_guest(deployment)
    await guest.accept(await invite(elsewhere))
    (given,) = (await elsewhere.call("GET", "/api/sponsorships")).json()["sponsorships"]
    base = "/api/administration/accounts"

    refused = [
        await colleague.call("POST", f"{base}/{phone.account}/suspend"),
        await phone.call("POST", f"{base}/{elsewhere.account}/suspend"),
        await phone.call("POST", f"{base}/{phone.account}/suspend"),
        await phone.call("DELETE", f"{base}/{elsewhere.account}/sessions"),
        await phone.call("DELETE", f"/api/administration/sponsorships/{given['invitation']}"),
    ]

    assert {error_of(one) for one in refused} == {"not_an_administrator"}
    assert await is_in(elsewhere)
    assert await is_in(guest)


async def test_the_role_is_taken_away(
    deployment: Deployment, phone: Phone, colleague: Phone
) -> None:
    await deployment.administrations.grant(phone.account, "")
    assert (await seen(phone))["structure"] == ""
    path = f"/api/administration/accounts/{colleague.account}/suspend"
    assert error_of(await phone.call("POST", path)) == "not_an_administrator"
