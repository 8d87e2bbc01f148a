"""A photograph from one phone to another through a running server."""

from pathlib import Path

import pytest

from lien.client.blobs import PART_BYTES, download, seal, upload
from lien.client.errors import ServerFailure
from tests.client.conftest import Enrol
from tests.running import RunningServer

PHOTOGRAPH = b"A fictitious wound. " * 40_000


async def test_sealed_here_opened_there(enrol: Enrol, server: RunningServer) -> None:
    nurse, doctor, stranger = await enrol(), await enrol(), await enrol()
    channel = await nurse.open_direct(doctor.account)
    sealed = seal(PHOTOGRAPH)

    await upload(nurse.device.http, sealed, channel=channel)

    assert await download(doctor.device.http, sealed.reference) == PHOTOGRAPH
    with pytest.raises(ServerFailure, match="not_found"):
        await download(stranger.device.http, sealed.reference)
    assert not finds(server.data_dir, b"fictitious wound")


async def test_upload_goes_on_after_a_cut(enrol: Enrol) -> None:
    nurse, doctor = await enrol(), await enrol()
    channel = await nurse.open_direct(doctor.account)
    sealed, http = seal(PHOTOGRAPH), nurse.device.http
    body = {
        "blob": sealed.reference.blob,
        "size": len(sealed.stored),
        "channel": channel,
        "accounts": [],
    }
    await http.post("/api/blobs", body)
    path = f"/api/blobs/{sealed.reference.blob}?offset=0"
    part = sealed.stored[:PART_BYTES]
    assert (await http.request("PUT", path, part, "application/octet-stream")).is_success

    await upload(http, sealed, channel=channel)

    assert await download(doctor.device.http, sealed.reference) == PHOTOGRAPH


async def test_for_named_accounts(enrol: Enrol) -> None:
    sender, recipient = await enrol(), await enrol()
    sealed = seal(b"Compte rendu")

    await upload(sender.device.http, sealed, accounts=[recipient.account])

    assert await download(recipient.device.http, sealed.reference) == b"Compte rendu"
    with pytest.raises(ServerFailure, match="not_found"):
        await download(sender.device.http, sealed.reference)


def finds(folder: Path, text: bytes) -> bool:
    return any(text in each.read_bytes() for each in folder.rglob("*") if each.is_file())
