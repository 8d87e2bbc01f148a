"""Parts of blobs at rest, in a folder and in an object store: the same words, the same answers."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from lien.ids import BlobId, new_id
from lien.storage.blobs import BlobFiles, open_blob_files, part_checksum
from lien.storage.errors import StoreUnavailable, UnusableStore
from tests.storage.objects import BUCKET, object_store

DATA = bytes(range(256)) * 3000
DAY_MS = 86_400_000


@pytest.fixture(params=["folder", "s3"])
def at_rest(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[BlobFiles, Path]]:
    """The parts, and the folder in which their files can be looked at."""
    with ExitStack() as stack:
        if request.param == "folder":
            yield open_blob_files("", tmp_path), tmp_path / "blobs"
            return
        for name, value in stack.enter_context(object_store(tmp_path / "objects")).items():
            monkeypatch.setenv(name, value)
        files = open_blob_files(f"s3://{BUCKET}/lien", tmp_path)
        yield files, tmp_path / "objects" / BUCKET / "lien"


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
    ("bucket", "changed"),
    [
        ("nobody-s", {}),
        (BUCKET, {"AWS_SECRET_ACCESS_KEY": "another"}),
        (BUCKET, {"AWS_ENDPOINT": "http://127.0.0.1:1"}),
    ],
)
async def test_what_cannot_be_written_is_refused_at_start_and_later(
    bucket: str, changed: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with object_store(tmp_path / "objects") as environment:
        for name, value in (environment | changed).items():
            monkeypatch.setenv(name, value)
        files = open_blob_files(f"s3://{bucket}/lien", tmp_path)

        with pytest.raises(UnusableStore, match="LIEN_BLOBS_URL"):
            await files.require_usable()
        with pytest.raises(StoreUnavailable):
            await files.put(BlobId(new_id()), 0, DATA)


def parts_in(folder: Path) -> list[Path]:
    return sorted(each for each in folder.rglob("*") if each.is_file())
