"""200 MB by each way in: refused with its reason, and never held in memory."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from lien.cli import main
from lien.gateway.doors.fhir import FhirDoor
from lien.gateway.doors.mllp import MllpDoor
from lien.gateway.mllp import MAX_FRAME_BYTES, FrameDecoder
from lien.gateway.quarantine import Unreadable
from lien.gateway.reading import MAX_FILE_BYTES
from lien.gateway.settings import FhirSettings
from lien.telemetry import Metric, Telemetry
from tests.cli.test_gateway_spool import config
from tests.gateway.samples import FIRST
from tests.gateway.ward import Sender, Ward, a_folder_door, door, ward

__all__ = ["config", "door", "ward"]

LARGE = 200 * 1024**2
PIECE = b"A" * 1024**2


def a_sparse_file(path: Path, beginning: bytes) -> Path:
    """As long as asked, on no disk."""
    with path.open("wb") as file:
        file.write(beginning)
        file.truncate(LARGE)
    return path


async def test_by_the_folder(ward: Ward, tmp_path: Path) -> None:
    said: list[str] = []
    ward.telemetry = Telemetry(write=said.append)
    folder = tmp_path / "in"
    watched = a_folder_door(ward, folder)
    for name, beginning in (("a.xml", b"<ClinicalDocument/>"), ("b.pdf", b"%PDF-1.4")):
        a_sparse_file(folder / name, beginning)
    (folder / "b.json").write_text("{}")
    await watched.look()
    await watched.look()

    names = {path.name for path in folder.iterdir()}
    assert names >= {"a.xml.refused", "b.pdf.refused"}
    assert ward.count() == {}
    assert {json.loads(line)["reason"] for line in said} == {"too_large"}
    assert ward.telemetry.counters[Metric.GATEWAY_UNREADABLE] == 2


async def test_by_mllp(ward: Ward, door: MllpDoor) -> None:
    """The whole of it is written, and the answer is read after that, as interface engines do."""
    sender = await Sender.to(door)
    sender.writer.write(b"\x0bMSH|^~\\&|")
    for _ in range(LARGE // len(PIECE)):
        sender.writer.write(PIECE)
        await sender.writer.drain()
    sender.writer.write(b"\x1c\r")

    assert (await sender.answer())[1] == "AR"
    assert await sender.is_over()
    assert ward.count() == {}


def test_a_frame_is_not_kept_above_its_bound() -> None:
    decoder = FrameDecoder()
    decoder.feed(b"\x0b")
    fed = 0
    with contextlib.suppress(Unreadable):
        while fed < LARGE:
            decoder.feed(PIECE)
            fed += len(PIECE)
    assert fed < MAX_FRAME_BYTES


async def test_by_fhir(ward: Ward) -> None:
    app = FhirDoor(FhirSettings(listen="x:1"), b"", ward.desk, ward.telemetry).application()
    taken = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal taken
        for _ in range(LARGE // len(PIECE)):
            taken += len(PIECE)
            yield PIECE
            await asyncio.sleep(0)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as client:
        for path in ("/", "/DocumentReference"):
            taken = 0
            kind = {"content-type": "application/fhir+json"}
            answer = await client.post(path, content=body(), headers=kind)

            assert answer.status_code == 413
            assert answer.json()["issue"][0]["code"] == "too-long"
            assert taken <= MAX_FILE_BYTES + len(PIECE)
    assert ward.count() == {}


def test_by_the_command_line(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pdf = a_sparse_file(tmp_path / "large.pdf", b"%PDF-1.4")
    long = a_sparse_file(tmp_path / "large.json", b"{}")
    (tmp_path / "small.pdf").write_bytes(b"%PDF-1.4")

    for arguments in (
        (str(pdf), "--to", FIRST, "--id", "1.2.3", "--type", "11490-0"),
        (str(tmp_path / "small.pdf"), "--metadata", str(long)),
    ):
        assert main(["gateway", "send", "--config", str(config), *arguments]) == 1
        assert "larger than a gateway takes" in capsys.readouterr().err
