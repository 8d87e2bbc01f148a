"""The ways in, each through its own socket or folder, without a server behind."""

import asyncio
import base64
import json
import ssl
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from lien.config import BadConfig
from lien.gateway import mllp, reading
from lien.gateway.doors.fhir import FhirDoor
from lien.gateway.doors.folder import FolderDoor
from lien.gateway.doors.mllp import MllpDoor
from lien.gateway.doors.submitting import Desk
from lien.gateway.identity import make_keys
from lien.gateway.isolation import Readers
from lien.gateway.quarantine import Reason
from lien.gateway.running import build_intake
from lien.gateway.settings import FhirSettings, FolderSettings, MllpSettings, Settings
from lien.gateway.spool import Spool
from lien.telemetry import Metric, Telemetry
from tests.fakes import FakeClock
from tests.gateway.samples import changed, sample


class Ward:
    """A spool, and the desk in front of it."""

    def __init__(self, folder: Path) -> None:
        settings = replace(Settings(), state=folder, test_identities=True)
        keys = make_keys(folder)
        self.clock = FakeClock()
        self.telemetry = Telemetry(write=lambda line: None)
        self.spool = Spool(folder, keys.spool, self.clock)
        self.woken = 0
        intake = build_intake(settings, keys, self.spool, reading.read)
        self.desk = Desk(intake, 2, self.telemetry, self._wake)

    def _wake(self) -> None:
        self.woken += 1

    def count(self) -> dict[str, int]:
        found: dict[str, int] = self.spool.upkeep.describe()["documents"]
        return found

    def close(self) -> None:
        self.desk.close()
        self.spool.close()


@pytest.fixture
async def ward(tmp_path: Path) -> AsyncIterator[Ward]:
    made = Ward(tmp_path / "state")
    yield made
    made.close()


# MLLP


@pytest.fixture
async def door(ward: Ward) -> AsyncIterator[MllpDoor]:
    made = MllpDoor(
        MllpSettings(listen="127.0.0.1:0", max_connections=2), ward.desk, ward.clock, ward.telemetry
    )
    await made.start()
    yield made
    for sender in SENDERS:
        sender.writer.close()
        with suppress(OSError):
            await sender.writer.wait_closed()
    SENDERS.clear()
    await made.stop()


SENDERS: list["Sender"] = []


class Sender:
    """A hospital's interface engine."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def to(cls, door: MllpDoor, context: ssl.SSLContext | None = None) -> "Sender":
        made = cls(*await asyncio.open_connection("127.0.0.1", door.port, ssl=context))
        SENDERS.append(made)
        return made

    async def send(self, *messages: bytes) -> None:
        self.writer.write(b"".join(mllp.frame(message) for message in messages))
        await self.writer.drain()

    async def answer(self) -> list[str]:
        """The MSA of the next answer."""
        found = await asyncio.wait_for(self.reader.readuntil(mllp.END), 20)
        (message,) = mllp.FrameDecoder().feed(found)
        lines = message.decode().split("\r")
        assert lines[0].startswith("MSH|")
        return next(line.split("|") for line in lines if line.startswith("MSA"))

    async def is_over(self) -> bool:
        return await asyncio.wait_for(self.reader.read(), 20) == b""


async def test_a_message_is_answered_when_it_is_kept(ward: Ward, door: MllpDoor) -> None:
    sender = await Sender.to(door)
    await sender.send(sample("mdm_t02.er7"))

    assert await sender.answer() == ["MSA", "AA", "MT02"]
    assert ward.count() == {"ready": 1}
    assert ward.woken == 1


async def test_several_messages_in_one_read_are_answered_in_order(
    ward: Ward, door: MllpDoor
) -> None:
    sender = await Sender.to(door)
    other = changed("mdm_t02.er7", ("|MT02|", "|OTHER|"), ("1.2.3.4.5.200.1^", "1.2.3.4.5.200.1^"))
    await sender.send(sample("mdm_t02.er7"), other, sample("mdm_t10.er7"))

    assert [(await sender.answer())[1:] for _ in range(3)] == [
        ["AA", "MT02"],
        ["AA", "OTHER"],  # the same document again
        ["AA", "MT10"],
    ]
    assert ward.telemetry.counters[Metric.GATEWAY_REPLAYED] == 1


async def test_a_message_in_pieces_is_whole(ward: Ward, door: MllpDoor) -> None:
    sender = await Sender.to(door)
    framed = mllp.frame(sample("mdm_t02.er7"))
    for first in range(0, len(framed), 700):
        sender.writer.write(framed[first : first + 700])
        await sender.writer.drain()

    assert (await sender.answer())[1] == "AA"


async def test_a_replayed_and_a_contradictory_message(ward: Ward, door: MllpDoor) -> None:
    """Again is no new document; other words under the same identifier are refused and kept."""
    sender = await Sender.to(door)
    await sender.send(sample("mdm_t02.er7"), sample("mdm_t02.er7"))
    assert [(await sender.answer())[1] for _ in range(2)] == ["AA", "AA"]

    await sender.send(changed("mdm_t02.er7", ("|19850314|", "|19850315|")))
    assert (await sender.answer())[1] == "AE"
    await sender.send(changed("mdm_t02.er7", ("||||||F", "||||||D")))
    assert (await sender.answer())[1] == "AE"
    described = ward.spool.upkeep.describe()
    assert described["documents"]["ready"] == 1
    assert set(described["quarantine"]) == {"contradictory"}


@pytest.mark.parametrize("data", [b"MSH|^~", b"\x0bMSH|a\x0bMSH|b\x1c\r", b"\x0bhello\x1cX"])
async def test_a_broken_frame_ends_the_connection(ward: Ward, door: MllpDoor, data: bytes) -> None:
    sender = await Sender.to(door)
    sender.writer.write(data)

    assert (await sender.answer())[1] == "AR"
    assert await sender.is_over()


async def test_what_was_whole_before_a_broken_frame_is_answered(ward: Ward, door: MllpDoor) -> None:
    sender = await Sender.to(door)
    sender.writer.write(mllp.frame(sample("mdm_t02.er7")) + b"MSH|")

    assert (await sender.answer())[1] == "AA"
    assert (await sender.answer())[1] == "AR"
    assert await sender.is_over()


async def test_a_truncated_frame_is_no_message(ward: Ward, door: MllpDoor) -> None:
    sender = await Sender.to(door)
    sender.writer.write(mllp.frame(sample("mdm_t02.er7"))[:-40])
    sender.writer.write_eof()

    assert await sender.is_over()
    assert ward.count() == {}


async def test_a_message_without_end_is_cut(
    ward: Ward, door: MllpDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mllp.FrameDecoder.__init__, "__defaults__", (200_000,))
    sender = await Sender.to(door)
    sender.writer.write(b"\x0bMSH|" + b"a" * 300_000)

    assert (await sender.answer())[1] == "AR"


async def test_what_is_no_document_is_refused(ward: Ward, door: MllpDoor) -> None:
    sender = await Sender.to(door)
    await sender.send(sample("cda_pdf.xml"), changed("mdm_t02.er7", ("MDM^T02", "ADT^A01")))

    assert [(await sender.answer())[1] for _ in range(2)] == ["AR", "AE"]
    assert ward.count() == {}


async def test_connections_are_bounded(ward: Ward, door: MllpDoor) -> None:
    first, second = await Sender.to(door), await Sender.to(door)
    for each in (first, second):
        await each.send(sample("mdm_t02.er7"))
        await each.answer()

    assert await (await Sender.to(door)).is_over()


async def test_a_full_spool_answers_nothing(ward: Ward, door: MllpDoor) -> None:
    """No answer means: send it again."""
    ward.spool._database._most_bytes = 0
    sender = await Sender.to(door)
    await sender.send(sample("mdm_t02.er7"))

    assert await sender.is_over()
    assert ward.count() == {}


async def test_over_tls(ward: Ward, tmp_path: Path) -> None:
    certificate, key = tmp_path / "c.pem", tmp_path / "k.pem"
    make = await asyncio.create_subprocess_exec(
        *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
        *("-nodes", "-days", "2", "-subj", "/CN=localhost"),
        *("-out", str(certificate), "-keyout", str(key)),
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert await make.wait() == 0
    door = MllpDoor(
        MllpSettings(listen="127.0.0.1:0", certificate=certificate, key=key),
        ward.desk,
        ward.clock,
        ward.telemetry,
    )
    await door.start()
    context = ssl.create_default_context(cafile=str(certificate))
    context.check_hostname = False
    sender = await Sender.to(door, context)
    await sender.send(sample("mdm_t02.er7"))
    assert (await sender.answer())[1] == "AA"
    sender.writer.close()
    await door.stop()

    broken = MllpDoor(
        MllpSettings(listen="127.0.0.1:0", certificate=tmp_path / "none", key=key),
        ward.desk,
        ward.clock,
        ward.telemetry,
    )
    with pytest.raises(BadConfig):
        await broken.start()


# FHIR


Post = Callable[..., Any]


@pytest.fixture
async def post(ward: Ward) -> AsyncIterator[Post]:
    app = FhirDoor(FhirSettings(listen="x:1"), b"secret", ward.desk, ward.telemetry).application()
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:

        async def post(path: str, data: bytes, **headers: str) -> httpx.Response:
            return await client.post(
                path,
                content=data,
                headers={
                    "content-type": "application/fhir+json",
                    "authorization": "Bearer secret",
                    **headers,
                },
            )

        yield post


def issue(answer: httpx.Response) -> tuple[int, str]:
    value = answer.json()
    assert answer.headers["content-type"] == "application/fhir+json"
    assert value["resourceType"] == "OperationOutcome"
    return answer.status_code, value["issue"][0]["code"]


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


# A folder


def a_folder_door(ward: Ward, folder: Path) -> FolderDoor:
    folder.mkdir(exist_ok=True)
    return FolderDoor(FolderSettings(folder), ward.desk, ward.clock, ward.telemetry)


async def test_a_file_is_taken_once_it_stands_still(ward: Ward, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    door = a_folder_door(ward, folder)
    data = sample("cda_pdf.xml")
    (folder / "a.xml").write_bytes(data[:100])
    assert await door.look() == 0
    (folder / "a.xml").write_bytes(data)  # still being written
    assert await door.look() == 0
    assert await door.look() == 1

    assert list(folder.iterdir()) == []
    assert ward.count() == {"ready": 1}


async def test_unfinished_hidden_and_linked_files_are_left(ward: Ward, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    door = a_folder_door(ward, folder)
    for name in (".a.xml", "a.xml.tmp", "b.part"):
        (folder / name).write_bytes(sample("cda_pdf.xml"))
    (folder / "link.xml").symlink_to(tmp_path / "state" / "keys" / "ids.key")
    (folder / "sub").mkdir()

    for _ in range(3):
        assert await door.look() == 0
    assert len(list(folder.iterdir())) == 5


async def test_a_pdf_waits_for_its_metadata(ward: Ward, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    door = a_folder_door(ward, folder)
    (folder / "r.pdf").write_bytes(sample("report.pdf"))
    for _ in range(3):
        assert await door.look() == 0
    (folder / "r.json").write_bytes(sample("report.json"))
    await door.look()
    assert await door.look() == 1
    assert list(folder.iterdir()) == []
    assert ward.count() == {"ready": 1}

    (folder / "alone.pdf").write_bytes(sample("report.pdf"))
    await door.look()
    await door.look()
    ward.clock.advance(seconds=31)
    assert await door.look() == 1
    assert ward.spool.upkeep.describe()["quarantine"] == {"no_metadata": 1}


async def test_what_cannot_be_read_is_kept_and_what_is_too_large_set_aside(
    ward: Ward, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    door = a_folder_door(ward, folder)
    (folder / "a.xml").write_bytes(b"<!DOCTYPE a><a/>")
    with (folder / "big.xml").open("wb") as file:
        file.truncate(200 * 1024**2)
    await door.look()
    await door.look()

    assert [path.name for path in folder.iterdir()] == ["big.xml.refused"]
    assert ward.spool.upkeep.describe()["quarantine"] == {"forbidden_xml": 1}


async def test_what_submits_nothing_does_not_vanish_from_a_folder(
    ward: Ward, tmp_path: Path
) -> None:
    """A bundle of another kind holds documents all the same: somebody has to look."""
    folder = tmp_path / "in"
    door = a_folder_door(ward, folder)
    (folder / "a.json").write_bytes(sample("fhir_iti65.json").replace(b"transaction", b"batch", 1))
    (folder / "b.json").write_bytes(sample("fhir_practitioner.json"))
    await door.look()
    await door.look()

    assert list(folder.iterdir()) == []
    assert ward.spool.upkeep.describe()["quarantine"] == {"unknown_format": 2}
    settings = replace(Settings(), state=tmp_path / "state", test_identities=True)
    intake = build_intake(settings, make_keys(settings.state), ward.spool, reading.read)
    assert intake.retry(1, "dim") is Reason.UNKNOWN_FORMAT


async def test_a_folder_that_is_gone_is_said_and_waited_for(ward: Ward, tmp_path: Path) -> None:
    said: list[str] = []
    ward.telemetry = Telemetry(write=said.append)
    folder = tmp_path / "in"
    door = a_folder_door(ward, folder)
    folder.rmdir()

    assert await door.look() == 0
    assert "gateway_folder_failed" in said[0]
    assert str(tmp_path) not in said[0]


def test_readings_do_not_wait_for_each_other(tmp_path: Path) -> None:
    """Two threads, two files: both are read in their own process."""
    with Readers(2) as readers:
        found: list[str] = []
        threads = [
            threading.Thread(target=lambda: found.append(readers.read(sample("cda_pdf.xml")).kind))
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == ["CDA"] * 4
