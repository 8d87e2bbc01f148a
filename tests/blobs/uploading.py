"""Uploads of the nurse into the conversation."""

from lien.blobs import Audience, Blobs, account_owner
from lien.client.blobs import SealedBlob
from tests.blobs.conftest import Ward, put_all


async def begin(blobs: Blobs, ward: Ward, sealed: SealedBlob) -> list[int]:
    """Begin (again) an upload of the nurse into the conversation."""
    account = ward.nurse.account
    audience = Audience(channel=ward.channel)
    upload = await blobs.begin(
        account_owner(account), sealed.reference.blob, len(sealed.stored), audience, account
    )
    return list(upload.missing)


async def upload(blobs: Blobs, ward: Ward, sealed: SealedBlob) -> int:
    await put_all(blobs, ward.nurse, sealed, await begin(blobs, ward, sealed))
    return await blobs.complete(account_owner(ward.nurse.account), sealed.reference.blob)
