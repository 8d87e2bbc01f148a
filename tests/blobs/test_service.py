"""Uploads that are cut and go on, and readers who may and may not."""

import asyncio
from pathlib import Path

import pytest

from lien.blobs import (
    PART_BYTES,
    Audience,
    BlobDiffers,
    BlobIncomplete,
    Blobs,
    BlobTooLarge,
    NoSuchBlob,
    Owner,
    account_owner,
)
from lien.client.blobs import seal
from lien.conversations import NotAMember
from lien.errors import Malformed
from lien.ids import AccountId, BlobId, inbox_channel, new_id
from lien.telemetry import Metric, Telemetry
from tests.blobs.conftest import MIB, Ward, a_photograph, fetch, parts_in, put_all
from tests.blobs.uploading import begin, upload
from tests.conversations.people import a_statement


async def test_member_reads_what_was_uploaded(blobs: Blobs, ward: Ward) -> None:
    photograph = a_photograph()

    await upload(blobs, ward, photograph)

    assert await fetch(blobs, ward.doctor.account, photograph) == photograph.stored


async def test_every_range_is_the_right_one(blobs: Blobs, ward: Ward) -> None:
    photograph = a_photograph()
    await upload(blobs, ward, photograph)
    size = len(photograph.stored)
    edges = [0, 1, PART_BYTES - 1, PART_BYTES, PART_BYTES + 1, 2 * PART_BYTES, size - 1, size]

    for start in edges:
        for end in (edge for edge in edges if edge > start):
            reading = await blobs.access(ward.doctor.account, photograph.reference.blob, start, end)
            read = b"".join([piece async for piece in blobs.read(reading)])
            assert read == photograph.stored[start:end], (start, end)


async def test_upload_goes_on_where_it_was_cut(blobs: Blobs, ward: Ward) -> None:
    photograph = a_photograph()
    offsets = await begin(blobs, ward, photograph)
    await put_all(blobs, ward.nurse, photograph, [offsets[1]])

    again = await begin(blobs, ward, photograph)

    assert offsets == [0, PART_BYTES, 2 * PART_BYTES]
    assert again == [0, 2 * PART_BYTES]
    with pytest.raises(BlobIncomplete):
        await blobs.complete(account_owner(ward.nurse.account), photograph.reference.blob)
    await put_all(blobs, ward.nurse, photograph, again)
    await blobs.complete(account_owner(ward.nurse.account), photograph.reference.blob)
    assert await begin(blobs, ward, photograph) == []
    assert await fetch(blobs, ward.doctor.account, photograph) == photograph.stored


async def test_parts_sent_twice_and_all_at_once_make_one_blob(blobs: Blobs, ward: Ward) -> None:
    photograph = a_photograph()
    offsets = await begin(blobs, ward, photograph)

    await asyncio.gather(*(put_all(blobs, ward.nurse, photograph, [each]) for each in offsets * 3))
    await blobs.complete(account_owner(ward.nurse.account), photograph.reference.blob)

    assert await fetch(blobs, ward.doctor.account, photograph) == photograph.stored


async def test_a_part_never_changes(blobs: Blobs, ward: Ward) -> None:
    photograph = a_photograph()
    await begin(blobs, ward, photograph)
    owner, blob = account_owner(ward.nurse.account), photograph.reference.blob
    await put_all(blobs, ward.nurse, photograph, [0])

    with pytest.raises(BlobDiffers):
        await blobs.put(owner, blob, 0, bytes(PART_BYTES))

    await put_all(blobs, ward.nurse, photograph, [PART_BYTES, 2 * PART_BYTES])
    await blobs.complete(owner, blob)
    assert await fetch(blobs, ward.doctor.account, photograph) == photograph.stored


@pytest.mark.parametrize(
    ("offset", "length"),
    [
        (1, PART_BYTES),
        (PART_BYTES // 2, PART_BYTES),
        (0, PART_BYTES - 1),
        (0, PART_BYTES + 1),
        (0, 0),
        (3 * PART_BYTES, 10),
        (2 * PART_BYTES, PART_BYTES),
    ],
)
async def test_wrong_offset_or_length(blobs: Blobs, ward: Ward, offset: int, length: int) -> None:
    photograph = a_photograph()
    await begin(blobs, ward, photograph)

    with pytest.raises(Malformed):
        await blobs.put(
            account_owner(ward.nurse.account), photograph.reference.blob, offset, bytes(length)
        )


async def test_bounds(blobs: Blobs, ward: Ward) -> None:
    account = ward.nurse.account
    owner, audience = account_owner(account), Audience(channel=ward.channel)

    for size in (0, 2 * MIB + 1):
        with pytest.raises(BlobTooLarge):
            await blobs.begin(owner, BlobId(new_id()), size, audience, account)
    for wrong in (
        Audience(),
        Audience(ward.channel, frozenset((account,))),
        Audience(accounts=frozenset(AccountId(new_id()) for _ in range(501))),
        Audience(channel=inbox_channel(account)),
    ):
        with pytest.raises(Malformed):
            await blobs.begin(owner, BlobId(new_id()), 100, wrong, account)


async def test_who_is_no_member_uploads_nothing(blobs: Blobs, ward: Ward) -> None:
    account = ward.stranger.account

    with pytest.raises(NotAMember):
        await blobs.begin(
            account_owner(account), BlobId(new_id()), 100, Audience(ward.channel), account
        )


async def test_readers_are_told_alike_that_it_is_not_there_and_not_theirs(
    blobs: Blobs, ward: Ward
) -> None:
    photograph = a_photograph(100)
    await upload(blobs, ward, photograph)
    blob = photograph.reference.blob

    refusals = []
    for reader, asked in (
        (ward.stranger.account, blob),
        (ward.doctor.account, BlobId(new_id())),
    ):
        with pytest.raises(NoSuchBlob) as refusal:
            await blobs.access(reader, asked)
        refusals.append((type(refusal.value), str(refusal.value)))

    assert len(set(refusals)) == 1


async def test_removed_member_loses_the_photograph(blobs: Blobs, ward: Ward) -> None:
    photograph = a_photograph(100)
    await upload(blobs, ward, photograph)

    await ward.begin(a_statement(ward.nurse, ward.stranger, after=ward.made))

    with pytest.raises(NoSuchBlob):
        await blobs.access(ward.doctor.account, photograph.reference.blob)
    assert await fetch(blobs, ward.stranger.account, photograph) == photograph.stored


async def test_named_recipients_read_and_nobody_else(blobs: Blobs, ward: Ward) -> None:
    report = a_photograph(100)
    owner, blob = Owner("gateway:laboratory"), report.reference.blob
    audience = Audience(accounts=frozenset((ward.doctor.account,)))

    await blobs.begin(owner, blob, len(report.stored), audience)
    await blobs.put(owner, blob, 0, report.stored)
    await blobs.complete(owner, blob)

    assert await fetch(blobs, ward.doctor.account, report) == report.stored
    with pytest.raises(NoSuchBlob):
        await blobs.access(ward.nurse.account, blob)


async def test_nothing_is_read_before_it_is_whole(blobs: Blobs, ward: Ward) -> None:
    photograph = a_photograph(100)
    await put_all(blobs, ward.nurse, photograph, await begin(blobs, ward, photograph))

    with pytest.raises(NoSuchBlob):
        await blobs.access(ward.nurse.account, photograph.reference.blob)


async def test_another_uploader_changes_nothing(blobs: Blobs, ward: Ward) -> None:
    photograph = a_photograph(100)
    await begin(blobs, ward, photograph)
    thief, blob = account_owner(ward.doctor.account), photograph.reference.blob
    account = ward.doctor.account

    with pytest.raises(BlobDiffers):
        await blobs.begin(thief, blob, len(photograph.stored), Audience(ward.channel), account)
    for attempt in (
        blobs.put(thief, blob, 0, photograph.stored),
        blobs.complete(thief, blob),
        blobs.remove(thief, blob),
    ):
        with pytest.raises(NoSuchBlob):
            await attempt


async def test_altered_part_is_never_served(
    blobs: Blobs, ward: Ward, folder: Path, telemetry: Telemetry
) -> None:
    photograph = a_photograph()
    await upload(blobs, ward, photograph)
    first = next(each for each in parts_in(folder) if each.name.startswith("0-"))
    altered = bytearray(first.read_bytes())
    altered[1000] ^= 1
    first.write_bytes(altered)

    with pytest.raises(NoSuchBlob):
        await fetch(blobs, ward.doctor.account, photograph)
    assert telemetry.counters[Metric.BLOB_PARTS_DAMAGED] == 1
    reading = await blobs.access(ward.doctor.account, photograph.reference.blob, PART_BYTES)
    rest = b"".join([piece async for piece in blobs.read(reading)])
    assert rest == photograph.stored[PART_BYTES:]


async def test_files_hold_nothing_readable(blobs: Blobs, ward: Ward, folder: Path) -> None:
    secret = b"Compte rendu de PAYET FICTIF Jeanne. " * 1000
    await upload(blobs, ward, seal(secret))

    stored = b"".join(each.read_bytes() for each in parts_in(folder))
    assert len(stored) >= len(secret)
    assert b"PAYET" not in stored
