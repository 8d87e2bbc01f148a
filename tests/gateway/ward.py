"""A spool and its desk, for the doors of a gateway; and what a hospital has in front of them."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from lien.gateway import mllp, reading
from lien.gateway.doors.fhir import FhirDoor
from lien.gateway.doors.folder import FolderDoor
from lien.gateway.doors.mllp import MllpDoor
from lien.gateway.doors.submitting import Desk
from lien.gateway.identity import make_keys
from lien.gateway.running import build_intake
from lien.gateway.settings import FhirSettings, FolderSettings, MllpSettings, Settings
from lien.gateway.spool import Spool
from lien.telemetry import Telemetry
from tests.fakes import FakeClock


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


def a_folder_door(ward: Ward, folder: Path) -> FolderDoor:
    folder.mkdir(exist_ok=True)
    return FolderDoor(FolderSettings(folder), ward.desk, ward.clock, ward.telemetry)
