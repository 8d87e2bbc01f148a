"""The end of every blob, and the bounds on new ones: of a day, and of the disk."""

import asyncio
import time
from pathlib import Path

import pytest

from lien.blobs import PART_BYTES, Audience, Blobs, NoSuchBlob, TooManyBlobs, account_owner
from lien.errors import Overloaded
from lien.ids import BlobId, new_id
from lien.storage.blobs import BlobFiles
from lien.storage.space import FreeSpace
from lien.storage.valkey import Store
from tests.blobs.conftest import MIB, RETENTION_MS, Ward, a_photograph, fetch, parts_in, put_all
from tests.blobs.uploading import begin, upload
from tests.fakes import FakeClock

HOUR_MS = 3_600_000


class FullDisk(FreeSpace):
    """The guard on a disk without any room."""

    def _look(self) -> bool:
        return False


async def test_blob_ends_with_the_messages_that_open_it(
    blobs: Blobs, ward: Ward, clock: FakeClock, folder: Path, store: Store
) -> None:
    photograph = a_photograph()
    expires_at_ms = await upload(blobs, ward, photograph)
    assert expires_at_ms == clock.now_ms() + RETENTION_MS + HOUR_MS

    clock.advance(ms=RETENTION_MS + HOUR_MS - 1)
    assert await blobs.sweep() == 0
    assert await fetch(blobs, ward.doctor.account, photograph) == photograph.stored
    clock.advance(ms=1)
    with pytest.raises(NoSuchBlob):  # before anything was swept
        await blobs.access(ward.doctor.account, photograph.reference.blob)
    assert await blobs.sweep() == 1

    assert parts_in(folder) == []
    assert [key async for key in store.redis.scan_iter("*blob:*")] == []
    assert [key async for key in store.redis.scan_iter("*:blobs")] == []


async def test_a_message_that_waited_takes_its_photograph_with_it(
    blobs: Blobs, ward: Ward, clock: FakeClock
) -> None:
    photograph = a_photograph(100)
    await upload(blobs, ward, photograph)
    owner, blob = account_owner(ward.nurse.account), photograph.reference.blob

    clock.advance(days=3)
    later = await blobs.complete(owner, blob)
    clock.advance(days=10)
    bounded = await blobs.complete(owner, blob)

    assert later == clock.now_ms() - 10 * 86_400_000 + RETENTION_MS + HOUR_MS
    assert bounded == clock.now_ms() - 6 * 86_400_000 + RETENTION_MS + HOUR_MS


async def test_upload_that_stands_still_is_given_up(
    blobs: Blobs, ward: Ward, clock: FakeClock, folder: Path
) -> None:
    photograph = a_photograph()
    await begin(blobs, ward, photograph)
    await put_all(blobs, ward.nurse, photograph, [0])

    clock.advance(days=1)
    assert await blobs.sweep() == 1

    assert parts_in(folder) == []
    with pytest.raises(NoSuchBlob):
        await put_all(blobs, ward.nurse, photograph, [PART_BYTES])


async def test_taken_back(blobs: Blobs, ward: Ward, folder: Path) -> None:
    photograph = a_photograph(100)
    await upload(blobs, ward, photograph)

    await blobs.remove(account_owner(ward.nurse.account), photograph.reference.blob)

    assert parts_in(folder) == []
    with pytest.raises(NoSuchBlob):
        await blobs.access(ward.doctor.account, photograph.reference.blob)


async def test_removal_that_was_cut_is_finished_by_the_next_sweep(
    blobs: Blobs, ward: Ward, files: BlobFiles, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photograph = a_photograph(100)
    await upload(blobs, ward, photograph)
    owner, blob = account_owner(ward.nurse.account), photograph.reference.blob

    async def dies(blob: BlobId) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patched:
        patched.setattr(files, "remove", dies)
        with pytest.raises(asyncio.CancelledError):
            await blobs.remove(owner, blob)
    with pytest.raises(NoSuchBlob):
        await blobs.access(ward.doctor.account, blob)
    with pytest.raises(NoSuchBlob):
        await blobs.complete(owner, blob)

    assert await blobs.sweep() == 1
    assert parts_in(folder) == []


async def test_quota_of_a_day(blobs: Blobs, ward: Ward, store: Store) -> None:
    account = ward.nurse.account
    owner, audience = account_owner(account), Audience(ward.channel)
    for _ in range(2):
        await blobs.begin(owner, BlobId(new_id()), 2 * MIB, audience, account)

    with pytest.raises(TooManyBlobs) as refusal:
        await blobs.begin(owner, BlobId(new_id()), MIB, audience, account)

    # A quarter of the day's 4 MiB comes back in a quarter of a day.
    assert 21_000_000 < refusal.value.retry_after_ms <= 21_600_000


async def test_full_disk_takes_nothing_new_and_reads_go_on(
    blobs: Blobs, ward: Ward, files: BlobFiles, folder: Path
) -> None:
    photograph, other = a_photograph(100), a_photograph(100)
    await upload(blobs, ward, photograph)
    await begin(blobs, ward, other)

    files.space = FullDisk(folder)

    with pytest.raises(Overloaded):
        await begin(blobs, ward, a_photograph(100))
    with pytest.raises(Overloaded):
        await put_all(blobs, ward.nurse, other, [0])
    assert await fetch(blobs, ward.doctor.account, photograph) == photograph.stored


async def test_strays_of_a_restored_store_go_when_nothing_can_need_them(
    blobs: Blobs, ward: Ward, clock: FakeClock, folder: Path, store: Store
) -> None:
    kept, lost = a_photograph(100), a_photograph(200)
    # What is on disk has the machine's time.
    clock.at_ms = time.time_ns() // 1_000_000
    for sealed in (kept, lost):
        await upload(blobs, ward, sealed)
    for key in [key async for key in store.redis.scan_iter(f"*{lost.reference.blob}")]:
        await store.redis.delete(key)

    await blobs.sweep()
    assert len(parts_in(folder)) == 2
    clock.advance(days=39)
    await blobs.sweep()

    assert parts_in(folder) == []
