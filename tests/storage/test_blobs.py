"""Parts of blobs at rest, in a folder and in an object store: the same words, the same answers."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lien.config import BadConfig, Config
from lien.ids import BlobId, new_id
from lien.storage.blobs import BlobFiles, open_blob_files, part_checksum
from lien.storage.errors import StoreUnavailable, UnusableStore
from lien.storage.objects import configured_objects
from tests.storage.objects import BUCKET, object_store

DATA = bytes(range(256)) * 3000
DAY_MS = 86_400_000


@pytest.fixture(params=["folder", "s3"])
def at_rest(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[BlobFiles, Path]]:
    """The parts, and the folder in which their files can be looked at."""
    if request.param == "folder":
        yield open_blob_files(None, tmp_path), tmp_path / "blobs"
        return
    with object_store(tmp_path) as settings:
        files = open_blob_files(configured_objects(Config.from_environ(settings)), tmp_path)
        yield files, tmp_path / "objects" / BUCKET


async def test_a_part_is_given_back_removed_and_gone(at_rest: tuple[BlobFiles, Path]) -> None:
    files, folder = at_rest
    blob, checksum = BlobId(new_id()), part_checksum(DATA)
    for data in (DATA, DATA):  # a retry writes the same
        await files.put(blob, 0, data)
    await files.put(blob, 1, b"the last one")

    assert await files.find(blob, 0, checksum) == DATA
    assert await files.find(blob, 1, checksum) is None
    assert len(parts_in(folder)) == 2

    for _ in range(2):
        await files.remove(blob)
    assert await files.find(blob, 0, checksum) is None
    assert parts_in(folder) == []


async def test_an_altered_part_is_not_given(at_rest: tuple[BlobFiles, Path]) -> None:
    files, folder = at_rest
    blob = BlobId(new_id())
    await files.put(blob, 0, DATA)
    (part,) = parts_in(folder)

    part.write_bytes(DATA[:-1] + b"\x00")

    assert await files.find(blob, 0, part_checksum(DATA)) is None


async def test_strays_go_and_what_is_known_or_young_stays(
    at_rest: tuple[BlobFiles, Path],
) -> None:
    files, _ = at_rest
    known, stray = BlobId(new_id()), BlobId(new_id())
    for blob in (known, stray):
        await files.put(blob, 0, DATA)

    async def is_known(blob: BlobId) -> bool:
        return blob == known

    now_ms = time.time_ns() // 1_000_000
    assert await files.remove_strays(now_ms - DAY_MS, is_known) == 0
    assert await files.remove_strays(now_ms + DAY_MS, is_known) == 1
    assert await files.find(known, 0, part_checksum(DATA)) == DATA
    assert await files.find(stray, 0, part_checksum(DATA)) is None


async def test_trying_leaves_nothing(at_rest: tuple[BlobFiles, Path]) -> None:
    files, folder = at_rest
    await files.require_usable()
    assert parts_in(folder) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"LIEN_BLOBS_URL": "s3://nobody-s/lien"},
        {"LIEN_BLOBS_KEY_ID": "another"},
        {"LIEN_BLOBS_ENDPOINT": "http://127.0.0.1:1"},
    ],
)
async def test_what_cannot_be_written_is_refused_at_start_and_later(
    wrong: dict[str, str], tmp_path: Path
) -> None:
    with object_store(tmp_path) as settings:
        config = Config.from_environ(settings | wrong)
        files = open_blob_files(configured_objects(config), tmp_path)

        with pytest.raises(UnusableStore, match="LIEN_BLOBS_"):
            await files.require_usable()
        with pytest.raises(StoreUnavailable):
            await files.put(BlobId(new_id()), 0, DATA)


@pytest.mark.parametrize(
    "wrong",
    [
        {"LIEN_BLOBS_URL": "https://bucket.example/lien"},
        {"LIEN_BLOBS_URL": "s3:///lien"},
        {"LIEN_BLOBS_URL": "s3://key@bucket/lien"},
        {"LIEN_BLOBS_ENDPOINT": ""},
        {"LIEN_BLOBS_ENDPOINT": "http://objects.example"},
        {"LIEN_BLOBS_KEY_ID": ""},
        {"LIEN_BLOBS_SECRET_FILE": ""},
        {"LIEN_BLOBS_SECRET_FILE": "/nowhere"},
    ],
)
def test_settings_that_lead_nowhere(wrong: dict[str, str], tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.touch(mode=0o600)
    settings = {
        "LIEN_BLOBS_URL": "s3://bucket/lien",
        "LIEN_BLOBS_ENDPOINT": "https://objects.example",
        "LIEN_BLOBS_KEY_ID": "ours",
        "LIEN_BLOBS_SECRET_FILE": str(secret),
    }
    assert configured_objects(Config.from_environ(settings)) is not None
    with pytest.raises(BadConfig):
        configured_objects(Config.from_environ(settings | wrong))


def parts_in(folder: Path) -> list[Path]:
    return sorted(each for each in folder.rglob("*") if each.is_file())
