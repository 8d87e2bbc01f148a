"""The demonstration's documents: each is read and routed as a hospital's would be."""

from datetime import UTC, datetime

import pytest

from lien.demo import list_numbers
from lien.demo.documents import make
from lien.demo.pdf import a_page
from lien.demo.reports import PATIENTS, PTA, REPORTS
from lien.gateway import ins
from lien.gateway.families import PtaRule
from lien.gateway.reading import read
from lien.gateway.routing import Rules, route
from lien.ids import is_rpps

RULES = Rules(allows_test_identities=True, pta=PtaRule(structures=frozenset({PTA})))
AT = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
TO = ["99000000002", "99000000010"]


def test_numbers_are_those_of_the_extract() -> None:
    numbers = list_numbers()
    assert len(numbers) > 50
    assert all(is_rpps(number) for number in numbers)


@pytest.mark.parametrize("number", range(len(REPORTS)))
def test_every_report_goes_to_whom_it_names(number: int) -> None:
    made = make(number, TO, AT)
    (document,) = read(made.data, made.metadata).documents
    found = route(document, RULES)

    assert found.reasons == ()
    assert [one.rpps for one in found.recipients] == TO
    assert document.title == REPORTS[number].title
    assert document.patient.status is ins.Status.DEMO
    assert document.body


def test_every_family_of_the_timeline_is_there() -> None:
    families = set()
    for number in range(len(REPORTS)):
        made = make(number, TO, AT)
        families.add(route(read(made.data, made.metadata).documents[0], RULES).document.family)
    assert {"hospital", "imaging", "rcp", "pta", "biology", "letter", "consultation"} <= families


def test_patients_are_of_a_demonstration() -> None:
    for patient in PATIENTS:
        assert ins.is_matricule(patient.matricule)
        assert "FICTIF" in patient.birth_name


def test_a_page_is_a_pdf() -> None:
    page = a_page("CHU (FICTIF)", "Côté \\ droit", ["é" * 200, "", "mot " * 60])
    assert page.startswith(b"%PDF-1.4")
    assert page.rstrip().endswith(b"%%EOF")
