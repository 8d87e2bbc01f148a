"""To whom a document goes, and why it goes to nobody."""

from dataclasses import replace
from pathlib import Path

import pytest

from lien.gateway import ins, timestamp
from lien.gateway.families import TYPES, Family, PtaRule, class_of
from lien.gateway.inbound import rpps_of
from lien.gateway.quarantine import ENGLISH, FRENCH, Reason
from lien.gateway.reading import read
from lien.gateway.routing import Rules, route
from tests.gateway.samples import (
    DEMO,
    FIRST,
    NIR,
    PHYSICIAN,
    SECOND,
    TEST,
    changed,
    numbers,
    routed,
    sample,
)

BAD = "99000000003"


def test_document_goes_to_those_it_names() -> None:
    found = routed(sample("cda_structured.xml"))
    assert numbers(found) == [FIRST, SECOND]
    assert (found.reason, found.refused) == (None, ())


def test_treating_physician_is_not_a_recipient() -> None:
    data = sample("cda_pdf.xml").decode()
    start, end = data.index("<informationRecipient>"), data.index("<participant")
    found = routed((data[:start] + data[end:]).encode())
    assert PHYSICIAN in data
    assert (found.recipients, found.refused) == ((), ())
    assert found.reasons == (Reason.NO_RECIPIENT,)


def test_one_bad_number_does_not_stop_the_other() -> None:
    found = routed(changed("cda_structured.xml", (f"8{SECOND}", f"8{BAD}")))
    assert numbers(found) == [FIRST]
    assert [(each.rpps, reason) for each, reason in found.refused] == [(BAD, Reason.RPPS_INVALID)]
    assert found.reason is None


def test_who_is_named_twice_gets_it_once() -> None:
    document = routed(sample("cda_pdf.xml")).document
    twice = replace(document, recipients=document.recipients * 2)
    assert numbers(route(twice, DEMO)) == [FIRST]


def test_only_bad_numbers_go_to_nobody() -> None:
    found = routed(changed("cda_pdf.xml", (f"8{FIRST}", f"8{BAD}")))
    assert (numbers(found), found.reasons) == ([], (Reason.RPPS_INVALID,))


@pytest.mark.parametrize("number", ["", FIRST, f"0{FIRST}", f"3{FIRST}", "801", f"8{FIRST}0"])
def test_other_numbers_name_no_person(number: str) -> None:
    assert rpps_of(number) == ""
    found = routed(changed("cda_pdf.xml", (f"8{FIRST}", number)))
    assert (numbers(found), found.reason) == ([], Reason.RECIPIENT_WITHOUT_RPPS)


def test_number_of_the_structure_names_no_person() -> None:
    """Met in the field: a person's number as the number of the place where they work."""
    data = changed(
        "cda_pdf.xml",
        (
            f'<id root="1.2.250.1.71.4.2.1" extension="8{FIRST}"/>',
            '<receivedOrganization><id root="1.2.250.1.71.4.2.2" '
            f'extension="8{FIRST}"/></receivedOrganization>',
        ),
    )
    assert routed(data).reason is Reason.RECIPIENT_WITHOUT_RPPS


def test_number_that_the_directory_does_not_know() -> None:
    known = Rules(allows_test_identities=True, is_known=lambda rpps: rpps == SECOND)
    found = routed(sample("cda_structured.xml"), known)
    assert numbers(found) == [SECOND]
    assert routed(sample("cda_pdf.xml"), known).reasons == (Reason.RPPS_UNKNOWN,)


@pytest.mark.parametrize("oid", [TEST, ins.DEMO])
def test_fictitious_identity_only_where_it_is_allowed(oid: str) -> None:
    data = changed("cda_pdf.xml", (TEST, oid))
    assert routed(data).reason is None
    assert routed(data, Rules()).reasons == (Reason.TEST_IDENTITY,)


def test_real_identity_needs_no_permission() -> None:
    found = routed(changed("cda_pdf.xml", (TEST, NIR)), Rules())
    assert numbers(found) == [FIRST]
    assert found.document.patient.status is ins.Status.QUALIFIED


def test_bad_key_keeps_the_document_and_marks_the_identity() -> None:
    found = routed(changed("cda_pdf.xml", (TEST, NIR), ("741102565", "741102566")))
    assert numbers(found) == [FIRST]
    assert found.document.patient.status is ins.Status.INVALID


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('value="19850314"', 'value="soon"'),
        ('value="19850314"', 'nullFlavor="UNK"'),
        ('administrativeGenderCode code="M"', 'administrativeGenderCode code="X"'),
        ("<patient>", '<patient xmlns="urn:other">'),
        ("recordTarget>", "recordTargets>"),
    ],
)
def test_identity_that_cannot_be_read(before: str, after: str) -> None:
    found = routed(changed("cda_pdf.xml", (before, after)))
    assert (numbers(found), found.reason) == ([], Reason.IDENTITY_UNREADABLE)


def test_two_identities_are_not_chosen_between() -> None:
    document = read(sample("cda_pdf.xml")).documents[0]
    patient = replace(document.patient, status=ins.Status.AMBIGUOUS)
    assert route(replace(document, patient=patient), DEMO).reason is Reason.IDENTITY_AMBIGUOUS


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ('<id root="1.2.3.4.5.200.1"/>', "", Reason.NO_IDENTIFIER),
        ('<code code="18748-4"', "<code", Reason.NO_TYPE),
        ("nonXMLBody>", "noBody>", Reason.NO_CONTENT),
    ],
)
def test_what_a_document_must_say(before: str, after: str, reason: Reason) -> None:
    found = routed(changed("cda_pdf.xml", (before, after)))
    assert (numbers(found), found.reasons) == ([], (reason,))


def test_mask_is_told_before_all_else() -> None:
    code = '<confidentialityCode code="N"'
    found = routed(changed("cda_pdf.xml", (code, '<confidentialityCode code="MASQUE_PS"')), Rules())
    assert found.reasons == (Reason.MASKED, Reason.TEST_IDENTITY)


def test_health_data_is_not_printed() -> None:
    found = routed(sample("cda_structured.xml"))
    assert "FICTIF" not in repr(found) + repr(found.document) + repr(found.recipients)


def test_every_reason_has_its_two_sentences() -> None:
    assert set(FRENCH) == set(ENGLISH) == set(Reason)


@pytest.mark.parametrize(
    ("code", "class_code", "family"),
    [
        ("11490-0", "10", Family.HOSPITAL),
        ("18748-4", "31", Family.IMAGING),
        ("34794-8", "10", Family.RCP),
        ("34842-5", "11", Family.PTA),
        ("18776-5", "44", Family.PTA),
        ("SYNTH", "11", Family.SYNTHESIS),
        ("11502-2", "10", Family.BIOLOGY),
        ("96349-6", "10", Family.LETTER),
        ("never-heard-of", "", Family.OTHER),
    ],
)
def test_shelves(code: str, class_code: str, family: Family) -> None:
    found = routed(changed("cda_pdf.xml", ('code="18748-4"', f'code="{code}"'))).document
    assert (found.class_code, found.family) == (class_code, family.value)
    assert class_of(code) == class_code


def test_types_have_one_shelf_each() -> None:
    assert len(TYPES) > 110


@pytest.mark.parametrize(
    ("rule", "family"),
    [
        (PtaRule(), Family.PTA),
        (PtaRule(sectors=frozenset()), Family.SYNTHESIS),
        (PtaRule(sectors=frozenset(), structures=frozenset({"1970000002"})), Family.PTA),
        (PtaRule(types=frozenset({"34133-9"})), Family.SYNTHESIS),
    ],
)
def test_synthesis_of_a_coordination_platform_has_its_own_shelf(
    rule: PtaRule, family: Family
) -> None:
    rules = Rules(allows_test_identities=True, pta=rule)
    found = routed(sample("report.pdf"), rules, sample("report.json"))
    assert found.document.family == family.value


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("2026", "2026"),
        ("202611", "2026-11"),
        ("20261102", "2026-11-02"),
        ("2026110214", "2026-11-02T14:00:00"),
        ("20261102143000+0400", "2026-11-02T14:30:00+04:00"),
        ("20240106113623+100", "2024-01-06T11:36:23+01:00"),
        ("20210409094914.827+0100", "2021-04-09T09:49:14+01:00"),
        ("20261302", ""),
        ("20260230", ""),
        ("soon", ""),
        ("", ""),
    ],
)
def test_instants(written: str, read_as: str) -> None:
    assert timestamp.from_hl7(written) == read_as


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("19850314", "1985-03-14"),
        ("1985-03-14", "1985-03-14"),
        ("19850000", "1985-00-00"),
        ("1985", "1985"),
        ("198503140830", "1985-03-14"),
        ("850314", ""),
        ("", ""),
    ],
)
def test_days_of_birth(written: str, read_as: str) -> None:
    assert timestamp.birth_date(written) == read_as


def test_every_reason_and_shelf_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs/gateway.md").read_text(encoding="utf-8")
    assert [each for each in Reason if f"| `{each.value}` | {ENGLISH[each]} |" not in page] == []
    assert [each for each in (*Family, *ins.Status) if f"`{each.value}`" not in page] == []
