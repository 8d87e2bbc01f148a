"""How resources of a submission are found: by the addresses it uses, and by nothing else."""

import base64
from typing import Any

import pytest

from lien.gateway import fhir, ins
from lien.gateway.fhirpool import Pool
from lien.gateway.quarantine import Reason, Unreadable
from tests.gateway.samples import (
    FIRST,
    NUMBER,
    PHYSICIAN,
    SECOND,
    TEST,
    a_bundle,
    numbers,
    routed,
    sample,
)
from tests.gateway.test_fhir import packed

BASE = "https://hospital.example/fhir"


def entry_of(bundle: Any, kind: str) -> Any:
    return next(each for each in bundle["entry"] if each["resource"]["resourceType"] == kind)


def with_pdf_inside(bundle: Any) -> Any:
    """Its content is in the reference itself: nothing has to be found for it."""
    attachment = entry_of(bundle, "DocumentReference")["resource"]["content"][0]["attachment"]
    for name in ("url", "size", "hash"):
        del attachment[name]
    attachment["contentType"] = "application/pdf"
    attachment["data"] = base64.b64encode(sample("report.pdf")).decode()
    return bundle


@pytest.mark.parametrize("has_full_urls", [True, False])
def test_relative_references_are_followed_inside_the_bundle(has_full_urls: bool) -> None:
    bundle = a_bundle()
    document, binary = entry_of(bundle, "DocumentReference"), entry_of(bundle, "Binary")
    patient = document["resource"]["contained"].pop(0)
    patient["id"] = "p1"
    document["resource"] |= {"subject": {"reference": "Patient/p1/_history/3"}, "context": {}}
    document["resource"]["content"][0]["attachment"]["url"] = "Binary/b1"
    binary["resource"]["id"] = "b1"
    bundle["entry"].append({"resource": patient, "request": {"method": "PUT", "url": "Patient/p1"}})
    for entry in (binary, bundle["entry"][-1]):
        name = f"{entry['resource']['resourceType']}/{entry['resource']['id']}"
        entry["fullUrl"] = f"{BASE}/{name}" if has_full_urls else ""

    found = routed(packed(bundle))

    assert found.document.patient.key == f"{TEST}|{NUMBER}"
    assert numbers(found) == [FIRST, SECOND]


def test_a_recipient_without_an_address_is_nobody_elses() -> None:
    """An entry that has no address must not answer to a reference that has none."""
    bundle = with_pdf_inside(a_bundle())
    system = "urn:oid:1.2.250.1.71.4.2.1"
    submission = entry_of(bundle, "List")["resource"]
    logical = {"identifier": {"system": system, "value": f"8{FIRST}"}}
    submission["extension"] = [{**submission["extension"][0], "valueReference": logical}]
    other = {"resourceType": "Practitioner", "identifier": [{"system": system, "value": PHYSICIAN}]}
    bundle["entry"].append({"resource": other, "request": {"method": "POST"}})
    for entry in bundle["entry"]:
        entry.pop("fullUrl", None)

    assert numbers(routed(packed(bundle))) == [FIRST]


def test_one_address_for_two_resources_contradicts_itself() -> None:
    bundle = a_bundle()
    double = {**entry_of(bundle, "Binary")}
    bundle["entry"].append(double)
    assert numbers(routed(packed(bundle))) == [FIRST, SECOND]  # the same twice

    double["resource"] = {**double["resource"], "data": ""}
    with pytest.raises(Unreadable) as refused:
        fhir.parse(packed(bundle))
    assert refused.value.reason is Reason.CONTRADICTORY


def test_two_patients_are_not_chosen_between() -> None:
    bundle = with_pdf_inside(a_bundle())
    reference = entry_of(bundle, "DocumentReference")["resource"]
    other = {**reference["contained"][0], "id": "other", "birthDate": "1970-01-01"}
    reference["contained"].append({**other, "identifier": []})
    reference["subject"] = {"reference": "#other"}

    found = routed(packed(bundle))

    assert found.document.patient.status is ins.Status.AMBIGUOUS
    assert found.reason is Reason.IDENTITY_AMBIGUOUS


def test_a_number_in_an_encoded_search_is_read() -> None:
    bundle = with_pdf_inside(a_bundle())
    reference = entry_of(bundle, "DocumentReference")["resource"]
    reference["contained"][0]["identifier"] = []
    reference["subject"]["reference"] = reference["subject"]["reference"].replace("|", "%7C")

    assert routed(packed(bundle)).document.patient.key == f"{TEST}|{NUMBER}"


def test_the_national_coding_counts_among_several() -> None:
    bundle = with_pdf_inside(a_bundle())
    codings = entry_of(bundle, "DocumentReference")["resource"]["type"]["coding"]
    codings.insert(0, {"system": "https://hospital.example/types", "code": "RADIO"})

    found = routed(packed(bundle))

    assert (found.document.type_code, found.document.family) == ("18748-4", "imaging")


def test_nothing_is_found_at_no_address() -> None:
    pool = Pool.of([{"resource": {"resourceType": "Patient"}}]).within({"contained": [{"a": 1}]})
    assert (pool.at(""), pool.at("#"), pool.find({}), pool.find(None)) == ({}, {}, {}, {})
