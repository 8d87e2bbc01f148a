"""FHIR submissions: recipients of the submission set, content that must be what it says."""

import json
from typing import Any

import pytest

from lien.gateway import fhir, ins
from lien.gateway.inbound import BodyKind, Intent, NamedBy
from lien.gateway.quarantine import Reason, Unreadable
from tests.gateway.samples import (
    FIRST,
    NUMBER,
    SECOND,
    TEST,
    a_bundle,
    changed,
    numbers,
    routed,
    sample,
)


def packed(value: Any) -> bytes:
    return json.dumps(value).encode()


def refusal(data: bytes) -> Reason:
    with pytest.raises(Unreadable) as refused:
        fhir.parse(data)
    return refused.value.reason


def test_transaction_reads_both_extensions() -> None:
    found = routed(sample("fhir_iti65.json"))
    document = found.document
    assert numbers(found) == [FIRST, SECOND]
    assert [each.named_by for each in found.recipients] == [NamedBy.BOTH, NamedBy.ENVELOPE]
    assert (document.source, document.document_id) == ("fhir", "1.2.3.4.5.200.1")
    assert (document.set_id, document.version) == ("1.2.3.4.5.200", 1)


def test_identity_from_the_source_patient() -> None:
    patient = routed(sample("fhir_iti65_replace.json")).document.patient
    assert (patient.key, patient.status) == (f"{TEST}|{NUMBER}", ins.Status.TEST)
    assert patient.traits.birth_given_names == "JEAN PAUL"
    assert (patient.traits.birth_place, patient.traits.used_name) == ("97411", "FICTIF-PAYET")
    assert len(patient.local_ids) == 1


def test_replacement_by_patch() -> None:
    found = routed(sample("fhir_iti65_replace.json"))
    assert found.document.intent is Intent.REPLACE
    assert found.document.replaces == ("1.2.3.4.5.200.1", "DocumentReference/old-one")
    assert found.document.body
    assert found.document.body.kind is BodyKind.PDF
    assert numbers(found) == [FIRST]


def test_patch_of_something_else_replaces_nothing() -> None:
    data = changed("fhir_iti65_replace.json", ('"superseded"', '"current"'))
    assert routed(data).document.replaces == ("1.2.3.4.5.200.1",)


def test_simplified_publish() -> None:
    found = routed(sample("fhir_iti105.json"))
    assert numbers(found) == [SECOND]
    assert found.document.title == "Radiographie du genou"
    assert (found.document.class_code, found.document.family) == ("31", "imaging")


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ('"hash": "', '"hash": "AAAA', Reason.DAMAGED_CONTENT),
        ('"size": ', '"size": 1', Reason.DAMAGED_CONTENT),
        ('"data": "', '"data": "%', Reason.BAD_BASE64),
        ('"contentType": "application/pdf"', '"contentType": "a/b"', Reason.UNSUPPORTED_CONTENT),
        ('"status": "current"', '"status": "superseded"', Reason.NOT_CURRENT),
        ('"status": "current"', '"status": "entered-in-error"', Reason.NOT_CURRENT),
        ('"code": "N"', '"code": "MASQUE_PS"', Reason.MASKED),
        (SECOND, "99000000011", Reason.RPPS_INVALID),
        ("https://rpps.esante.gouv.fr", "https://else.example", Reason.RECIPIENT_WITHOUT_RPPS),
        ('"family": "FICTIF-', '"else": "FICTIF-', Reason.IDENTITY_UNREADABLE),
    ],
)
def test_what_sends_a_publish_to_quarantine(before: str, after: str, reason: Reason) -> None:
    found = routed(changed("fhir_iti105.json", (before, after)))
    assert (numbers(found), found.reason) == ([], reason)


def test_patient_known_only_by_a_search_that_is_never_made() -> None:
    value = json.loads(sample("fhir_iti105.json"))
    value["contained"] = []
    found = routed(packed(value))
    assert found.document.patient.key == f"{TEST}|{NUMBER}"
    assert found.reason is Reason.IDENTITY_UNREADABLE


def test_organisation_is_nobody() -> None:
    bundle = a_bundle("fhir_iti65_replace.json")
    bundle["entry"][0]["resource"]["contained"][0]["resourceType"] = "Organization"
    assert routed(packed(bundle)).reason is Reason.RECIPIENT_WITHOUT_RPPS


def test_address_outside_the_submission_is_never_fetched() -> None:
    value = json.loads(sample("fhir_iti105.json"))
    attachment = value["content"][0]["attachment"]
    del attachment["data"]
    attachment["url"] = "https://files.example/report.pdf"
    assert routed(packed(value)).reason is Reason.NO_CONTENT


def test_two_contents_are_not_chosen_between() -> None:
    value = json.loads(sample("fhir_iti105.json"))
    value["content"] *= 2
    assert routed(packed(value)).reason is Reason.UNSUPPORTED_CONTENT


def test_two_submission_sets_contradict() -> None:
    bundle = a_bundle()
    bundle["entry"].append(bundle["entry"][0])
    assert refusal(packed(bundle)) is Reason.CONTRADICTORY


def test_submission_without_a_document() -> None:
    bundle = a_bundle()
    del bundle["entry"][1]
    assert refusal(packed(bundle)) is Reason.NO_CONTENT


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ({"resourceType": "Bundle", "type": "searchset"}, "bundle searchset"),
        ({"resourceType": "Bundle"}, "bundle without a type"),
        ({"resourceType": "Organization"}, "resource Organization"),
    ],
)
def test_what_is_no_submission_is_said(value: Any, kind: str) -> None:
    assert fhir.parse(packed(value)) == fhir.Submission(kind)


def test_fhir_document_is_known_and_not_rendered() -> None:
    value = {
        "resourceType": "Bundle",
        "type": "document",
        "identifier": {"value": "urn:oid:1.2.3"},
        "entry": [{"fullUrl": "a", "resource": {"resourceType": "Composition", "title": "Bilan"}}],
    }
    found = routed(packed(value))
    assert (found.document.document_id, found.document.title) == ("1.2.3", "Bilan")
    assert found.reason is Reason.UNSUPPORTED_CONTENT


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"{", Reason.UNREADABLE),
        (b"[]", Reason.UNKNOWN_FORMAT),
        (b"{}", Reason.UNKNOWN_FORMAT),
        (b'{"resourceType": "A", "resourceType": "B"}', Reason.CONTRADICTORY),
        (b'{"a": NaN}', Reason.UNREADABLE),
        (b'{"a": ' + b"1" * 10_000 + b"}", Reason.UNREADABLE),
        (b'{"a": "\xff"}', Reason.BAD_CHARSET),
        (b'{"a":' * 100_000, Reason.TOO_COMPLEX),
    ],
)
def test_what_is_no_resource(data: bytes, reason: Reason) -> None:
    assert refusal(data) is reason


def test_entries_are_bounded() -> None:
    entries: list[Any] = [{}] * (fhir.MAX_ENTRIES + 1)
    value = {"resourceType": "Bundle", "type": "transaction", "entry": entries}
    assert refusal(packed(value)) is Reason.TOO_COMPLEX
