"""Who may be found through the door, and by whom first."""

import httpx
import pytest

from lien.web import directory as door
from tests.directory.loading import load
from tests.directory.rows import COMMUNE, COMMUNE_CODE, NUMBERS, a_row, an_extract
from tests.web.signing_in import Deployment, Phone, error_of

VISIBILITY = "/api/directory/visibility"


def numbers_of(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [one["rpps"] for one in answer.json()["professionals"]]


async def test_who_hides_is_found_by_the_whole_number_only(
    deployment: Deployment, phone: Phone
) -> None:
    other = deployment.phone()
    await other.create_account(NUMBERS[1])
    assert (await other.call("GET", VISIBILITY)).json() == {"hidden": False}
    assert NUMBERS[1] in numbers_of(await phone.call("GET", "/api/directory?q=hoarau"))

    assert (await other.call("PUT", VISIBILITY, {"hidden": True})).json() == {}

    assert (await other.call("GET", VISIBILITY)).json() == {"hidden": True}
    assert (await phone.call("GET", VISIBILITY)).json() == {"hidden": False}
    assert NUMBERS[1] not in numbers_of(await phone.call("GET", "/api/directory?q=hoarau"))
    by_number = await phone.call("GET", f"/api/directory?q={NUMBERS[1][:5]}%20{NUMBERS[1][5:]}")
    assert numbers_of(by_number) == [NUMBERS[1]]
    assert by_number.json()["professionals"][0]["account"] == other.account
    looked_up = await phone.call("GET", f"/api/directory/{NUMBERS[1]}")
    assert looked_up.json()["account"] == other.account

    await other.call("PUT", VISIBILITY, {"hidden": False})
    assert NUMBERS[1] in numbers_of(await phone.call("GET", "/api/directory?q=hoarau"))
    await other.http.aclose()


@pytest.mark.parametrize("body", [{}, {"hidden": 1}, {"hidden": "true"}, {"hidden": True, "x": 1}])
async def test_a_wish_is_true_or_false(phone: Phone, body: object) -> None:
    answer = await phone.call("PUT", VISIBILITY, body)
    assert (answer.status_code, error_of(answer)) == (400, "malformed")


async def test_number_of_nobody_finds_nobody(phone: Phone) -> None:
    assert numbers_of(await phone.call("GET", "/api/directory?q=99999999999")) == []


async def test_colleagues_of_the_own_commune_then_those_on_lien_come_first(
    deployment: Deployment, phone: Phone
) -> None:
    away = {COMMUNE: "Saint-Pierre", COMMUNE_CODE: "97416"}
    rows = [a_row(0), *(a_row(n, **away) for n in (1, 2)), *(a_row(n) for n in (3, 4, 5))]
    await load(deployment.directory, an_extract(*rows), may_shrink=True)
    other = deployment.phone()
    await other.create_account(NUMBERS[4])

    found = numbers_of(await phone.call("GET", "/api/directory?q=marie%20hoarau"))

    assert found == [NUMBERS[number] for number in (0, 4, 3, 5, 1, 2)]
    await other.http.aclose()


async def test_people_shown_in_a_day_are_bounded(
    deployment: Deployment, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages of twenty, thirty a minute, would copy a territory in an hour."""
    monkeypatch.setattr(door, "_RESULTS", (25, 25 / 86_400))

    first = await phone.call("GET", "/api/directory?q=hoarau")
    second = await phone.call("GET", "/api/directory?q=hoarau")
    third = await phone.call("GET", "/api/directory?q=hoarau")

    assert len(numbers_of(first)) == len(numbers_of(second)) == 10
    assert (third.status_code, error_of(third)) == (429, "too_many")
    assert third.json()["error"]["retry_after_ms"] > 3_600_000
    # Who is known by number can still be looked up.
    assert (await phone.call("GET", f"/api/directory/{NUMBERS[3]}")).status_code == 200
