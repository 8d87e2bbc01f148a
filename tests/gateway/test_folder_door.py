"""Files dropped into a folder: taken once, whole, with what belongs to them."""

import threading
from dataclasses import replace
from pathlib import Path

from lien.gateway import reading
from lien.gateway.identity import make_keys
from lien.gateway.isolation import Readers
from lien.gateway.quarantine import Reason
from lien.gateway.running import build_intake
from lien.gateway.settings import Settings
from lien.telemetry import Telemetry
from tests.gateway.samples import sample
from tests.gateway.ward import Ward, a_folder_door, ward

__all__ = ["ward"]


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
