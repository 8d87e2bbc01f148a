"""Whom a provider says a person is: their number, and in which ways they practise."""

from dataclasses import replace
from typing import Any

import pytest

from lien.accounts import NoRpps, Practice, TestIdentity
from lien.accounts.discovery import MAX_PRACTICES, practices_of, rpps_of
from tests.accounts.lying_provider import SETTINGS

RPPS_ENTRY = {"identifiant": "899700218896", "origine": "RPPS"}


@pytest.mark.parametrize(
    "userinfo",
    [
        {"SubjectNameID": "899700218896"},
        {"SubjectNameID": "", "otherIds": [RPPS_ENTRY]},
        {
            "SubjectNameID": "ANS20210107161422",
            "otherIds": [{"identifiant": "ANS20210107161422", "origine": "EDIT"}, RPPS_ENTRY],
        },
        {"otherIds": [5, {}, RPPS_ENTRY]},
    ],
)
def test_the_number_is_found(userinfo: dict[str, Any]) -> None:
    assert rpps_of(userinfo, SETTINGS) == "99700218896"


@pytest.mark.parametrize(
    "userinfo",
    [
        {},
        {"SubjectNameID": "099700218896"},  # an ADELI type
        {"SubjectNameID": "899700218897"},  # a wrong check digit
        {"SubjectNameID": "8997002188966"},
        {"SubjectNameID": "99700218896"},  # without its type it could be anything
        {"SubjectNameID": "899700218896\n"},
        {"SubjectNameID": "8９９７００２１８８９６"},
        {"SubjectNameID": 899700218896},
        {"otherIds": "RPPS"},
    ],
)
def test_who_has_no_number_is_told_so(userinfo: dict[str, Any]) -> None:
    with pytest.raises(NoRpps):
        rpps_of(userinfo, SETTINGS)


TEST_IDENTITIES: list[dict[str, Any]] = [
    {"SubjectNameID": "ANS20210107161422"},
    {"SubjectNameID": "ANS1", "otherIds": [{"identifiant": "ANS1", "origine": "EDIT"}]},
    {"otherIds": [{**RPPS_ENTRY, "origine": "EDIT"}]},
    {"SubjectNameID": "899700218896", "otherIds": [{**RPPS_ENTRY, "origine": "EDIT"}]},
]


@pytest.mark.parametrize("userinfo", TEST_IDENTITIES)
def test_test_identities_are_refused_in_production(userinfo: dict[str, Any]) -> None:
    with pytest.raises(TestIdentity):
        rpps_of(userinfo, SETTINGS)


@pytest.mark.parametrize("userinfo", TEST_IDENTITIES[2:])
def test_test_identities_with_a_number_are_taken_where_the_operator_said_so(
    userinfo: dict[str, Any],
) -> None:
    assert rpps_of(userinfo, replace(SETTINGS, takes_test_identities=True)) == "99700218896"


@pytest.mark.parametrize("userinfo", TEST_IDENTITIES[:2])
def test_without_a_number_there_is_nobody_even_then(userinfo: dict[str, Any]) -> None:
    with pytest.raises(NoRpps):
        rpps_of(userinfo, replace(SETTINGS, takes_test_identities=True))


@pytest.mark.parametrize("value", ["99700218896", "899700218896"])
def test_another_provider_says_the_number_in_its_own_claim(value: str) -> None:
    settings = replace(SETTINGS, rpps_claim="numero")
    assert rpps_of({"numero": value, "SubjectNameID": "ANS1"}, settings) == "99700218896"
    with pytest.raises(NoRpps):
        rpps_of({"rpps": value}, settings)


def an_exercise(code: str, *activities: object, category: str = "C") -> dict[str, Any]:
    return {
        "codeProfession": code,
        "codeCategorieProfessionnelle": category,
        "activities": list(activities),
    }


def at(structure: str, postcode: str = "97400") -> dict[str, str]:
    return {"raisonSocialeSite": structure, "codePostal": postcode, "codeModeExercice": "S"}


def told(*exercises: object) -> tuple[Practice, ...]:
    return practices_of({"SubjectRefPro": {"exercices": list(exercises)}})


def test_every_exercise_and_activity_is_offered_once() -> None:
    found = told(
        an_exercise("10", at("CHU FICTIF"), at("CABINET FICTIF", ""), at("CHU FICTIF")),
        an_exercise("60", category="E"),
    )
    shown = [
        (one.profession_code, one.category, one.situation and one.situation.structure)
        for one in found
    ]
    assert shown == [("10", "C", "CHU FICTIF"), ("10", "C", "CABINET FICTIF"), ("60", "E", None)]


@pytest.mark.parametrize(
    "exercise",
    [
        5,
        {},
        {"codeProfession": 10},
        {"codeProfession": "x" * 33},
        {"codeProfession": ""},
        {"codeProfession": "1\u202e0"},
    ],
)
def test_an_exercise_that_cannot_be_read_is_passed_over(exercise: object) -> None:
    assert len(told(exercise, an_exercise("10"))) == 1


def test_no_provider_lists_practices_without_end() -> None:
    many = [at(f"CHU {number}") for number in range(40)]
    assert len(told(*(an_exercise(str(code), *many) for code in range(40)))) == MAX_PRACTICES
    assert practices_of({"SubjectRefPro": []}) == practices_of({}) == ()
