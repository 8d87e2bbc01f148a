"""Who practises in several ways says which one; it is signed, shown, and changed later."""

import pytest

from lien.crypto.chain import Situation
from tests.directory.loading import PARIS, load
from tests.directory.rows import (
    CATEGORY,
    COMMUNE,
    NUMBERS,
    POSTCODE,
    STRUCTURE,
    a_row,
    an_extract,
)
from tests.web.signing_in import Deployment, Phone, error_of

CABINET = Situation("CABINET FICTIF", "Saint-Denis", "97400", "L")
HOSPITAL = Situation("CHU FICTIF", "Saint-Paul", "97460", "L")


@pytest.fixture
async def phone(deployment: Deployment) -> Phone:
    """Of somebody who works in two places; the next number is a student's."""
    there = {STRUCTURE: "CHU FICTIF", COMMUNE: "Saint-Paul", POSTCODE: "97460"}
    rows = [a_row(0), a_row(0, **there), a_row(1, **{CATEGORY: "E"})]
    await load(deployment.directory, an_extract(*rows))
    return deployment.phone()


@pytest.mark.parametrize("provider", ["mock", "mock-oiis"])
async def test_the_person_chooses_the_situation(phone: Phone, provider: str) -> None:
    """Pro Santé Connect tells the places; where a provider tells none, the directory does."""
    await phone.identify(NUMBERS[0], provider)
    offered = (await phone.enrolment())["situations"]

    assert [(one["structure"], one["commune"]) for one in offered] == [
        ("CABINET FICTIF", "Saint-Denis"),
        ("CHU FICTIF", "Saint-Paul"),
    ]
    assert {one["profession"] for one in offered} == {"Infirmier"}
    answer = await phone.create_account(NUMBERS[0], 1, provider)

    assert answer.status_code == 200, answer.text
    identity = (await phone.chain()).identity
    assert identity is not None
    assert (identity.situation, identity.provider) == (HOSPITAL, provider)


async def test_nobody_picks_it_for_them(phone: Phone) -> None:
    none = await phone.create_account(NUMBERS[0])
    beyond = await phone.create_account(NUMBERS[0], 2)
    right = await phone.create_account(NUMBERS[0], 0)

    assert (none.status_code, error_of(none)) == (409, "situation_needed")
    assert error_of(beyond) == "malformed"
    assert right.status_code == 200


async def test_it_is_changed_by_signing_in_again(phone: Phone, deployment: Deployment) -> None:
    await phone.create_account(NUMBERS[0], 0)
    deployment.clock.advance(seconds=601)
    late = await phone.call("PUT", "/api/account/situation", {"situation": 1})
    assert (await phone.call("GET", "/api/account/situation")).json() == {"situations": []}

    await phone.reenter(NUMBERS[0])
    offered = (await phone.call("GET", "/api/account/situation")).json()["situations"]
    changed = await phone.call("PUT", "/api/account/situation", {"situation": 1})

    assert (late.status_code, error_of(late)) == (401, "fresh_sign_in_needed")
    assert len(offered) == 2
    assert changed.status_code == 200
    identity = (await phone.chain()).identity
    assert identity is not None
    assert identity.situation == HOSPITAL
    trail = (await phone.call("GET", "/api/audit")).json()["events"]
    assert trail[0]["kind"] == "situation_changed"


async def test_the_same_choice_adds_nothing_to_the_chain(phone: Phone) -> None:
    await phone.create_account(NUMBERS[0], 0)
    before = await phone.chain()
    await phone.call("PUT", "/api/account/situation", {"situation": 0})
    assert await phone.chain() == before


async def test_a_student_is_a_student_in_the_chain(phone: Phone) -> None:
    await phone.create_account(NUMBERS[1])
    identity = (await phone.chain()).identity
    assert identity is not None
    assert identity.category == "E"


async def test_who_works_nowhere_signs_up_all_the_same(
    phone: Phone, deployment: Deployment
) -> None:
    """Outside the territory the extract says that somebody exists, and no more."""
    await load(deployment.directory, an_extract(a_row(0), a_row(2, **PARIS)))

    answer = await phone.create_account(NUMBERS[2])

    assert answer.status_code == 200, answer.text
    identity = (await phone.chain()).identity
    assert identity is not None
    assert identity.situation is None
