"""Territory, people out of rows, and the words that find them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lien.directory import rules
from lien.directory.errors import BadQuery
from lien.directory.models import Activity, Professional, Row
from lien.directory.rules import Territory
from lien.ids import RppsNumber, is_rpps
from tests.directory.rows import NUMBERS

REUNION = Territory.parse("974")
HERE = Activity("CABINET FICTIF", "Saint-Denis", "97400", "L")
THERE = Activity("CABINET FICTIF", "Paris 9e Arrondissement", "75009", "L")


def a_professional(**values: object) -> Professional:
    person = Professional(
        rpps=RppsNumber(NUMBERS[0]),
        family_name="FICTIF-HOARAU",
        given_name="Marie",
        civility="Mme",
        profession_code="60",
        profession="Infirmier",
        specialities=(),
        category="C",
        activities=(HERE,),
    )
    return replace(person, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("commune", "postcode", "is_here"),
    [
        ("97411", "97400", True),
        ("97411", "", True),
        ("", "97405", True),  # CEDEX: no commune
        ("", "97411", True),  # Bois-de-Nèfles, although 97411 is Saint-Denis for INSEE
        ("97611", "97600", False),
        ("75109", "75009", False),
        ("75109", "97400", False),  # the commune decides
        ("", "", False),
    ],
)
def test_territory_goes_by_commune_else_by_postcode(
    commune: str, postcode: str, is_here: bool
) -> None:
    assert REUNION.has(commune, postcode) is is_here


def test_corsica_has_other_letters_than_the_post() -> None:
    assert Territory.parse("2A").has("", "20090")
    assert not Territory.parse("2a").has("", "20600")
    assert Territory.parse("2A,2B").has("", "20600")
    assert Territory.parse("2B").has("2B033", "")


@pytest.mark.parametrize("text", ["", "974,", "Réunion", "9", "9741111", "974;976"])
def test_territory_is_written_as_numbers(text: str) -> None:
    with pytest.raises(ValueError, match="INSEE"):
        Territory.parse(text)


def test_only_activities_of_the_territory_are_kept() -> None:
    here = Row(2, a_professional(), "97411")
    there = Row(3, a_professional(activities=(THERE,)), "75109")
    nowhere = Row(4, a_professional(activities=()), "")

    assert rules.professional_of(here, REUNION).is_listed
    assert not rules.professional_of(there, REUNION).is_listed
    assert not rules.professional_of(nowhere, REUNION).is_listed


@pytest.mark.parametrize("number", ["99700218896", *NUMBERS[:5]])
def test_luhn_over_the_eleven_digits(number: str) -> None:
    assert is_rpps(number)


@pytest.mark.parametrize("number", ["10005678901", "899700218896", "9970021889", "", "9970021889²"])
def test_numbers_with_a_wrong_key_or_length_are_no_rpps(number: str) -> None:
    assert not is_rpps(number)


def test_only_the_length_is_asked_of_a_number_to_look_up() -> None:
    assert rules.require_rpps("10005678901") == "10005678901"
    with pytest.raises(BadQuery):
        rules.require_rpps("899700218896")


def test_rows_of_one_person_become_one() -> None:
    other = Activity("HOPITAL FICTIF", "Saint-Paul", "97460", "S")
    first = a_professional(specialities=("Pédiatrie",))
    second = a_professional(specialities=("Pédiatrie", "Néonatologie"), activities=(HERE, other))

    both = rules.combine(first, second)

    assert both.activities == (HERE, other)
    assert both.specialities == ("Pédiatrie", "Néonatologie")


def test_row_met_twice_changes_nothing() -> None:
    assert rules.combine(a_professional(), a_professional()) == a_professional()


def test_graduate_is_never_shown_as_the_student_they_also_are() -> None:
    """A nurse who studies medicine."""
    nurse = a_professional()
    student = a_professional(
        profession_code="10",
        profession="Médecin",
        category="E",
        specialities=("Cardiologie",),
        activities=(THERE,),
    )

    for both in (rules.combine(nurse, student), rules.combine(student, nurse)):
        assert (both.profession, both.category, both.specialities) == ("Infirmier", "C", ())
        assert set(both.activities) == {HERE, THERE}


def test_a_person_is_bounded() -> None:
    person = a_professional()
    for number in range(100):
        place = Activity(f"CABINET FICTIF {number}", "Saint-Denis", "97400", "L")
        person = rules.combine(
            person, a_professional(activities=(place,), specialities=(f"Spécialité {number}",))
        )
    assert len(person.activities) == rules.MAX_ACTIVITIES
    assert len(person.specialities) == rules.MAX_SPECIALITIES


def tokens_of(person: Professional) -> frozenset[str]:
    return rules.name_tokens(person) | rules.place_tokens(person)


@pytest.mark.parametrize(
    "query",
    [
        "jean hugues",
        "Jean-Hugues",
        "JEANHUGUES",
        "hugues jean",
        "d'ambreville",
        "d’Ambrev",
        "dambreville",
        "infirmier saint denis",
        "infirmière St-Denis",
        "zoe ambreville",
        "CABINET",
        "étang",
        "oeuv",
    ],
)
def test_words_find_whatever_their_case_accents_and_signs(query: str) -> None:
    person = a_professional(
        family_name="FICTIF-D'AMBREVILLE",
        given_name="Zoé Jean-Hugues",
        activities=(HERE, Activity("L'ŒUVRE FICTIVE", "L'Étang-Salé", "97427", "S")),
    )
    assert rules.matches(rules.require_query(query), tokens_of(person))


def test_every_word_must_match() -> None:
    words = rules.require_query("hoarau saint-pierre")
    assert not rules.matches(words, tokens_of(a_professional()))


def test_student_and_general_practitioner_are_found_by_what_people_call_them() -> None:
    doctor = a_professional(
        profession_code="10",
        profession="Médecin",
        specialities=("Médecine générale",),
        category="E",
        activities=(Activity("", "Sainte-Rose", "97439", "L"),),
    )
    for query in ("generaliste", "étudiante", "docteur ste rose"):
        assert rules.matches(rules.require_query(query), tokens_of(doctor))


@pytest.mark.parametrize("query", ["", " ", "a", "é", "a b c", "--", "x" * 101, "aa " * 34])
def test_too_short_or_too_long_queries_are_refused(query: str) -> None:
    with pytest.raises(BadQuery):
        rules.require_query(query)


def test_too_many_words_are_refused() -> None:
    with pytest.raises(BadQuery):
        rules.require_query("un deux trois quatre cinq six sept huit neuf")


def test_name_key_orders_by_name_and_holds_the_number() -> None:
    first = rules.name_key(a_professional(given_name="Émile"))
    second = rules.name_key(a_professional(given_name="Zoé"))
    assert first < second
    assert rules.rpps_of_key(first) == NUMBERS[0]


@given(st.text(max_size=60))
def test_whoever_is_named_can_be_found_by_that_name(name: str) -> None:
    person = a_professional(given_name=name)
    for word in rules.words_of(name)[: rules.MAX_WORDS]:
        assert rules.matches([word[: rules.MAX_TOKEN]], rules.name_tokens(person))


@given(st.text(max_size=120))
def test_query_is_words_or_refused(query: str) -> None:
    try:
        words = rules.require_query(query)
    except BadQuery:
        return
    assert 1 <= len(words) <= rules.MAX_WORDS
    assert len(words[0]) >= 2
