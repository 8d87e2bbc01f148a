"""Blobs through the door: parts, ranges, refusals; and the Python client on the whole way."""

import json

import httpx
import pytest

from lien.blobs import PART_BYTES, Blobs
from lien.client.blobs import SealedBlob
from lien.ids import new_id
from lien.web import blobs as door
from tests.blobs.conftest import (
    Ward,
    a_photograph,
    blobs,
    files,
    folder,
    telemetry,
    ward,
)
from tests.conversations.people import Person
from tests.fakes import FakeClock
from tests.web.doors import SignedIn, a_client, an_app

__all__ = ["blobs", "files", "folder", "telemetry", "ward"]

BYTES = ("content-type", "application/octet-stream")
JSON = ("content-type", "application/json")


class Phone:
    """One person's device and the door it knocks at."""

    def __init__(self, person: Person, service: Blobs, clock: FakeClock) -> None:
        self._signed = SignedIn(clock, person.account, person.device, person.device_key)
        self._app = an_app(*door.routes(self._signed.authentication, service))

    async def ask(
        self, method: str, path: str, body: bytes = b"", *headers: tuple[str, str]
    ) -> httpx.Response:
        async with a_client(self._app) as client:
            return await self._signed.ask(client, method, path, body, headers)

    async def begin(self, ward: Ward, sealed: SealedBlob, **changes: object) -> httpx.Response:
        body = {
            "blob": sealed.reference.blob,
            "size": len(sealed.stored),
            "channel": ward.channel,
            "accounts": [],
            **changes,
        }
        return await self.ask("POST", "/api/blobs", json.dumps(body).encode(), JSON)

    async def put(self, sealed: SealedBlob, offset: int) -> httpx.Response:
        path = f"/api/blobs/{sealed.reference.blob}?offset={offset}"
        return await self.ask("PUT", path, sealed.stored[offset : offset + PART_BYTES], BYTES)

    async def upload(self, ward: Ward, sealed: SealedBlob) -> None:
        for offset in (await self.begin(ward, sealed)).json()["missing"]:
            assert (await self.put(sealed, offset)).json() == {}
        done = await self.ask("POST", f"/api/blobs/{sealed.reference.blob}/complete", b"{}", JSON)
        assert done.status_code == 200


@pytest.fixture
def nurse(ward: Ward, blobs: Blobs, clock: FakeClock) -> Phone:
    return Phone(ward.nurse, blobs, clock)


@pytest.fixture
def doctor(ward: Ward, blobs: Blobs, clock: FakeClock) -> Phone:
    return Phone(ward.doctor, blobs, clock)


async def test_uploaded_and_read(ward: Ward, nurse: Phone, doctor: Phone) -> None:
    photograph = a_photograph()
    await nurse.upload(ward, photograph)

    whole = await doctor.ask("GET", f"/api/blobs/{photograph.reference.blob}")

    assert whole.status_code == 200
    assert whole.content == photograph.stored
    assert whole.headers["content-type"] == "application/octet-stream"
    assert whole.headers["cache-control"] == "no-store"
    again = await nurse.begin(ward, photograph)
    assert again.json() == {"missing": [], "complete": True}


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-9", 0, 10),
        ("bytes=5-5", 5, 6),
        (f"bytes={PART_BYTES - 1}-{PART_BYTES}", PART_BYTES - 1, PART_BYTES + 1),
        ("bytes=600000-", 600_000, None),
        ("bytes=-100", -100, None),
        ("bytes=0-999999999", 0, None),
    ],
)
async def test_range(
    ward: Ward, nurse: Phone, doctor: Phone, asked: str, start: int, end: int | None
) -> None:
    photograph = a_photograph()
    await nurse.upload(ward, photograph)
    path = f"/api/blobs/{photograph.reference.blob}"

    part = await doctor.ask("GET", path, b"", ("range", asked))

    expected = photograph.stored[start:end]
    first = len(photograph.stored) + start if start < 0 else start
    size = len(photograph.stored)
    assert part.status_code == 206
    assert part.content == expected
    assert part.headers["content-range"] == f"bytes {first}-{first + len(expected) - 1}/{size}"


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("bytes=9999999-", 416),
        ("bytes=9-8", 400),
        ("bytes=0-1,5-6", 400),
        ("bytes=-", 400),
        ("lines=0-1", 400),
        ("bytes=0-99999999999999", 400),
    ],
)
async def test_range_refused(
    ward: Ward, nurse: Phone, doctor: Phone, asked: str, status: int
) -> None:
    photograph = a_photograph(100)
    await nurse.upload(ward, photograph)

    path = f"/api/blobs/{photograph.reference.blob}"
    assert (await doctor.ask("GET", path, b"", ("range", asked))).status_code == status


async def test_stranger_and_nobody_get_the_same_answer(
    ward: Ward, blobs: Blobs, nurse: Phone, clock: FakeClock
) -> None:
    photograph = a_photograph(100)
    await nurse.upload(ward, photograph)
    stranger = Phone(ward.stranger, blobs, clock)

    answers = [
        await stranger.ask("GET", f"/api/blobs/{blob}")
        for blob in (photograph.reference.blob, new_id())
    ]

    assert {each.status_code for each in answers} == {404}
    assert len({each.text for each in answers}) == 1


async def test_malformed_requests(ward: Ward, nurse: Phone) -> None:
    photograph = a_photograph(100)
    await nurse.begin(ward, photograph)
    path = f"/api/blobs/{photograph.reference.blob}"

    for answer, status in (
        (await nurse.begin(ward, photograph, size=0), 400),
        (await nurse.begin(ward, photograph, size=10**12), 400),
        (await nurse.begin(ward, photograph, blob="x"), 400),
        (await nurse.begin(ward, photograph, size=len(photograph.stored) + 1), 409),
        (await nurse.ask("PUT", f"{path}?offset=x", photograph.stored, BYTES), 400),
        (await nurse.ask("PUT", f"{path}?offset=1", photograph.stored, BYTES), 400),
        (await nurse.ask("PUT", path, photograph.stored, JSON), 400),
        (await nurse.ask("PUT", path, bytes(2_000_000), BYTES), 413),
        (await nurse.ask("POST", f"{path}/complete", b"{}", JSON), 409),
        (await nurse.ask("GET", "/api/blobs/short"), 400),
    ):
        assert answer.status_code == status, answer.text


async def test_taken_back(ward: Ward, nurse: Phone, doctor: Phone) -> None:
    photograph = a_photograph(100)
    await nurse.upload(ward, photograph)
    path = f"/api/blobs/{photograph.reference.blob}"

    assert (await doctor.ask("DELETE", path)).status_code == 404
    assert (await nurse.ask("DELETE", path)).json() == {}
    assert (await doctor.ask("GET", path)).status_code == 404
