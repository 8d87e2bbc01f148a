"""Each standard way in through its own socket, to the inboxes of those it names, and back again."""

import base64
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from lien.gateway.settings import FhirSettings, MllpSettings
from lien.ids import RppsNumber
from tests.client.conftest import Enrol, enrol, people, server
from tests.gateway.hospital import Hospital
from tests.gateway.samples import FIRST, SECOND, sample
from tests.gateway.test_delivering import arrived, hospital, rpps_of
from tests.gateway.ward import SENDERS, Sender

__all__ = ["enrol", "hospital", "people", "server"]


def a_message(name: str, *to: RppsNumber) -> bytes:
    """A fixture whose envelope names these people, and whose CDA names the first of them."""
    lines = sample(name).decode().split("\r")
    named = [line for line in lines if line.startswith("PRT") and "|RCT^" in line]
    told = [named[0].replace(FIRST, each) for each in to] if named else []
    at = lines.index(named[0]) if named else 0
    text = "\r".join([*lines[:at], *told, *(each for each in lines[at:] if each not in named)])

    def repacked(found: re.Match[str]) -> str:
        inside = base64.b64decode(found[1]).decode().replace(FIRST, to[0]).replace(SECOND, to[0])
        return "^Base64^" + base64.b64encode(inside.encode()).decode()

    return re.sub(r"\^Base64\^([A-Za-z0-9+/=]+)", repacked, text).encode()


async def test_new_replaced_and_withdrawn_over_mllp(enrol: Enrol, hospital: Hospital) -> None:
    """Somebody is named by the second version only; the deletion names the first person only."""
    first, added, result = await enrol(), await enrol(), await enrol()
    one, two = rpps_of(first), rpps_of(added)

    async with hospital.running(mllp=MllpSettings(listen="127.0.0.1:0")) as running:
        assert running.mllp
        engine = await Sender.to(running.mllp)
        await engine.send(a_message("mdm_t02.er7", one))
        assert await arrived(first) == [("new", "1")]
        await engine.send(a_message("mdm_t10.er7", one, two))
        assert await arrived(first, 2) == [("new", "1"), ("replace", "2")]
        assert await arrived(added) == [("replace", "2")]
        await engine.send(a_message("mdm_t04.er7", one))
        assert [action for action, _ in await arrived(first, 3)] == ["new", "replace", "withdraw"]
        assert [action for action, _ in await arrived(added, 2)] == ["replace", "withdraw"]
        await engine.send(a_message("oru_r01.er7", rpps_of(result)))
        assert await arrived(result) == [("new", "1")]

        assert [(await engine.answer())[1:] for _ in range(4)] == [
            ["AA", "MT02"],
            ["AA", "MT10"],
            ["AA", "MT04"],
            ["AA", "MR01"],
        ]
        engine.writer.close()
        SENDERS.remove(engine)


@pytest.fixture
async def post() -> AsyncIterator[Any]:
    async with httpx.AsyncClient() as client:

        async def post(port: int, path: str, value: Any) -> httpx.Response:
            return await client.post(
                f"http://127.0.0.1:{port}{path}",
                content=json.dumps(value),
                headers={"content-type": "application/fhir+json"},
            )

        yield post


def for_reader(name: str, reader: RppsNumber) -> Any:
    return json.loads(sample(name).decode().replace(FIRST, reader).replace(SECOND, reader))


async def test_published_then_superseded_over_fhir(
    enrol: Enrol, hospital: Hospital, post: Any
) -> None:
    """ITI-105, then an ITI-65 that patches the address it was given to `superseded`."""
    reader = await enrol()
    rpps = rpps_of(reader)

    async with hospital.running(fhir=FhirSettings(listen="127.0.0.1:0")) as running:
        simple = await post(
            running.fhir_port, "/DocumentReference", for_reader("fhir_iti105.json", rpps)
        )
        assert simple.status_code == 201
        assert [action for action, _ in await arrived(reader)] == ["new"]

        bundle = for_reader("fhir_iti65_replace.json", rpps)
        for entry in bundle["entry"]:
            entry["resource"].pop("relatesTo", None)
            if entry["request"]["method"] == "PATCH":
                entry["request"]["url"] = simple.headers["location"]
        assert (await post(running.fhir_port, "/", bundle)).status_code == 200
        assert [action for action, _ in await arrived(reader, 2)] == ["new", "replace"]

    published, replacing = (one.content for one in reader.documents)
    assert published
    assert replacing
    assert published.document in replacing.replaces
