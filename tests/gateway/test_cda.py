"""CDA documents: read tolerantly, with their traps."""

import pytest

from lien.gateway import cda, ins
from lien.gateway.inbound import BodyKind, Intent
from lien.gateway.quarantine import Reason, Unreadable
from tests.gateway.samples import AUTHOR, FIRST, NUMBER, SECOND, TEST, changed, sample


def test_structured_document() -> None:
    found = cda.parse(sample("cda_structured.xml"))

    assert found.document_id == "1.2.3.4.5.100.1"
    assert (found.set_id, found.version, found.intent) == ("1.2.3.4.5.100", 1, Intent.NEW)
    assert (found.type_code, found.title) == ("11490-0", "Lettre de liaison à la sortie")
    assert found.date == "2026-11-02T14:30:00+04:00"
    assert found.confidentiality == "N"
    assert [each.rpps for each in found.recipients] == [FIRST, SECOND]
    assert found.recipients[0].address == "boite0@fictif.mssante.example"
    assert found.authors[0].identifier == f"8{AUTHOR}"
    assert found.authors[0].structure.name == "HOPITAL FICTIF"
    assert (found.structure.identifier, found.structure.sector) == ("1970000001", "SA01")
    assert found.body
    assert found.body.kind is BodyKind.HTML
    assert [each.name for each in found.attachments] == ["IMG1"]


def test_identity_as_received() -> None:
    patient = cda.parse(sample("cda_structured.xml")).patient
    traits = patient.traits

    assert patient.key == f"{TEST}|{NUMBER}"
    assert patient.status is ins.Status.TEST
    assert [(each.root, each.value) for each in patient.local_ids] == [
        ("1.2.3.4.5.6", "IPP-FICTIF-1")
    ]
    assert (traits.birth_name, traits.used_name) == ("FICTIF-HOARAU", "FICTIF-PAYET")
    assert traits.birth_given_names == "JEAN PAUL"
    assert (traits.first_given_name, traits.used_given_name) == ("JEAN", "PAUL")
    assert (traits.sex, traits.birth_date, traits.birth_place) == ("M", "1985-03-14", "97411")


def test_pdf_body() -> None:
    body = cda.parse(sample("cda_pdf.xml")).body
    assert body
    assert body.kind is BodyKind.PDF
    assert body.content == sample("report.pdf")


def test_replacement_names_what_it_replaces() -> None:
    related = (
        '<relatedDocument typeCode="RPLC"><parentDocument><id root="9.9" extension="a"/>'
        "</parentDocument></relatedDocument><component><nonXMLBody>"
    )
    found = cda.parse(changed("cda_pdf.xml", ("<component><nonXMLBody>", related)))
    assert found.intent is Intent.REPLACE
    assert found.replaces == ("9.9^a",)


def test_document_inside_a_style_sheet_is_found() -> None:
    inside, alone = cda.parse(sample("cda_wrapped.xml")), cda.parse(sample("cda_pdf.xml"))
    assert inside == alone


def test_two_documents_in_one_file_are_refused() -> None:
    text = sample("cda_pdf.xml").decode().split("?>", 2)[2]
    with pytest.raises(Unreadable) as refused:
        cda.parse(f"<both>{text}{text}</both>".encode())
    assert refused.value.reason is Reason.CONTRADICTORY


def test_older_way_of_names() -> None:
    """`SP` for a spouse's name, given names first, no set id."""
    found = cda.parse(
        changed(
            "cda_pdf.xml",
            ('<family qualifier="CL">', '<family qualifier="SP">'),
            ('<setId root="1.2.3.4.5.200"/>', ""),
        )
    )
    assert found.patient.traits.used_name == "FICTIF-PAYET"
    assert found.set_id == ""


def test_two_national_numbers_are_ambiguous() -> None:
    local = '<id root="1.2.3.4.5.6" extension="IPP-FICTIF-1"/>'
    other = f'<id root="{ins.NIR}" extension="{NUMBER}"/>'
    assert cda.parse(changed("cda_pdf.xml", (local, other))).patient.status is ins.Status.AMBIGUOUS


def test_two_patients_are_not_chosen_between() -> None:
    text = sample("cda_pdf.xml").decode()
    start, end = (
        text.index("<recordTarget>"),
        text.index("</recordTarget>") + len("</recordTarget>"),
    )
    target = text[start:end]
    again = cda.parse(text.replace(target, target + target).encode())
    other = target.replace('value="19850314"', 'value="19850315"')
    assert again.patient.status is ins.Status.TEST
    found = cda.parse(text.replace(target, target + other).encode())
    assert found.patient.status is ins.Status.AMBIGUOUS


@pytest.mark.parametrize("mask", ["MASQUE_PS", "INVISIBLE_PATIENT"])
def test_masks_are_flags(mask: str) -> None:
    code = '<confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/>'
    found = cda.parse(changed("cda_pdf.xml", (code, f'{code}<confidentialityCode code="{mask}"/>')))
    assert (found.confidentiality, found.flags) == ("N", (mask,))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ((("JVBERi", "J%BERi"),), Reason.BAD_BASE64),
        ((("JVBERi", "AAAAAA"),), Reason.DAMAGED_CONTENT),
        ((("application/pdf", "image/jpeg"),), Reason.DAMAGED_CONTENT),
        ((("application/pdf", "text/rtf"),), Reason.UNSUPPORTED_CONTENT),
    ],
)
def test_damaged_content_is_a_problem_of_a_document_that_is_known(
    changes: tuple[tuple[str, str], ...], reason: Reason
) -> None:
    found = cda.parse(changed("cda_pdf.xml", *changes))
    assert found.body is None
    assert found.problems == (reason,)
    assert found.patient.is_readable


def test_bare_document_is_empty_and_not_an_error() -> None:
    found = cda.parse(b'<ClinicalDocument xmlns="urn:hl7-org:v3"/>')
    assert (found.document_id, found.body, found.recipients) == ("", None, ())


CHARSETS = ["utf-8", "utf-16", "iso-8859-1", "iso-8859-15", "windows-1252"]


@pytest.mark.parametrize("encoding", CHARSETS)
def test_charset_that_is_declared(encoding: str) -> None:
    text = sample("cda_structured.xml").decode().replace("UTF-8", encoding)
    assert cda.parse(text.encode(encoding)).title == "Lettre de liaison à la sortie"


@pytest.mark.parametrize("encoding", ["utf-7", "koi8-r", "windows-1251", "no-such-charset"])
def test_charset_that_is_not_allowed(encoding: str) -> None:
    with pytest.raises(Unreadable) as refused:
        cda.parse(changed("cda_pdf.xml", ("UTF-8", encoding)))
    assert refused.value.reason is Reason.BAD_CHARSET


def test_latin_1_that_says_utf_8_is_refused() -> None:
    with pytest.raises(Unreadable):
        cda.parse(sample("cda_structured.xml").decode().encode("iso-8859-1"))
