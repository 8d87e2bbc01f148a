"""FHIR publications over HTTP: each answered for itself, refusals as outcomes."""

import base64
import json

from tests.gateway.samples import sample
from tests.gateway.ward import Post, Ward, issue, post, ward

__all__ = ["post", "ward"]


async def test_a_transaction_is_answered_entry_by_entry(ward: Ward, post: Post) -> None:
    answer = await post("/", sample("fhir_iti65.json"))

    value, sent = answer.json(), json.loads(sample("fhir_iti65.json"))
    assert (answer.status_code, value["type"]) == (200, "transaction-response")
    assert len(value["entry"]) == len(sent["entry"])
    assert all(one["response"]["status"] == "201 Created" for one in value["entry"])
    assert ward.count() == {"ready": 1}


async def test_what_was_answered_can_be_replaced_by_its_address(ward: Ward, post: Post) -> None:
    first = (await post("/", sample("fhir_iti65.json"))).json()
    location = next(
        one["response"]["location"]
        for one in first["entry"]
        if one["response"]["location"].startswith("DocumentReference/")
    )
    replacing = json.loads(sample("fhir_iti65_replace.json"))
    for entry in replacing["entry"]:
        if entry["request"]["method"] == "PATCH":
            entry["request"]["url"] = location
        reference = entry.get("resource", {})
        for related in reference.get("relatesTo", []):
            related["target"] = {"reference": location}

    answer = await post("/", json.dumps(replacing).encode())

    assert answer.status_code == 200, answer.text
    assert ward.spool.upkeep.describe()["deliveries"].get("cancelled", 0) >= 1


async def test_a_simple_publication(ward: Ward, post: Post) -> None:
    answer = await post("/DocumentReference", sample("fhir_iti105.json"))

    assert answer.status_code == 201
    assert answer.headers["location"].startswith("DocumentReference/")
    again = await post("/DocumentReference", sample("fhir_iti105.json"))
    assert (again.status_code, again.headers["location"]) == (201, answer.headers["location"])


async def test_what_waits_for_a_person_is_taken_with_a_warning(ward: Ward, post: Post) -> None:
    value = json.loads(sample("fhir_iti65.json"))
    for entry in value["entry"]:
        if entry["resource"]["resourceType"] == "Binary":  # the CDA inside names somebody too
            entry["resource"]["data"] = base64.b64encode(sample("report.pdf")).decode()
            entry["resource"]["contentType"] = "application/pdf"
        entry["resource"].pop("extension", None)
    nobody = json.dumps(value).encode()

    answer = (await post("/", nobody)).json()

    assert "warning" in json.dumps(answer)
    assert ward.count() == {"quarantined": 1}


async def test_refusals_are_outcomes(ward: Ward, post: Post) -> None:
    good = sample("fhir_iti65.json")
    assert issue(await post("/", b"{")) == (400, "invalid")
    assert issue(await post("/", sample("fhir_practitioner.json"))) == (400, "not-supported")
    assert issue(await post("/DocumentReference", good)) == (400, "not-supported")
    assert issue(await post("/", good, authorization="Bearer wrong")) == (401, "login")
    assert issue(await post("/", good, authorization="")) == (401, "login")
    assert issue(await post("/", good, **{"content-type": "text/xml"})) == (415, "not-supported")
    assert issue(await post("/Patient", good)) == (404, "not-found")
    assert issue(await post("/", b'"' + b"a" * 34_000_000 + b'"')) == (413, "too-long")
    ward.spool._database._most_bytes = 0
    assert issue(await post("/", good)) == (503, "transient")


async def test_a_contradictory_publication_is_a_conflict(ward: Ward, post: Post) -> None:
    await post("/DocumentReference", sample("fhir_iti105.json"))
    value = json.loads(sample("fhir_iti105.json"))
    value["description"] = "Autre chose"
    value["content"][0]["attachment"]["title"] = "Autre chose"

    assert issue(await post("/DocumentReference", json.dumps(value).encode())) == (409, "conflict")
