"""
Blobs from the other side: sealed, sent in parts that a retry does not repeat, fetched, opened.

    reference = await upload(http, pdf, channel=channel)
    content = await download(http, reference)
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Final

from lien.client.errors import BadAnswer, reading_answer
from lien.client.http import Http, failure_of
from lien.crypto.blob import BOX_BYTES, BadBlob, new_blob_key, open_blob, seal_blob, stored_size
from lien.crypto.suite import hash32
from lien.ids import AccountId, BlobId, ChannelId, new_id

PART_BYTES: Final = 4 * BOX_BYTES
_TYPE: Final = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class BlobReference:
    """What opens a blob: it travels sealed, in an envelope or a document."""

    blob: BlobId
    key: bytes = field(repr=False)
    size: int  # of the content
    hash: bytes  # SHA-256 of the content


@dataclass(frozen=True, slots=True)
class SealedBlob:
    """A blob before it is uploaded; kept until the server has it: a retry sends the same."""

    reference: BlobReference
    stored: bytes = field(repr=False)


def seal(content: bytes) -> SealedBlob:
    """Seal a content under a key and an id of its own."""
    blob, key = BlobId(new_id()), new_blob_key()
    stored = b"".join(seal_blob(key, blob, len(content), [content]))
    return SealedBlob(BlobReference(blob, key, len(content), hash32(content)), stored)


async def upload(
    http: Http,
    sealed: SealedBlob,
    *,
    channel: ChannelId | None = None,
    accounts: Collection[AccountId] = (),
) -> int:
    """
    Send what the server lacks of a blob, for a conversation or for accounts; when it will expire.

    Again after a failure goes on where it was. Raises: ServerFailure, httpx.TransportError.
    """
    blob, stored = sealed.reference.blob, sealed.stored
    body: dict[str, Any] = {
        "blob": blob,
        "size": len(stored),
        "channel": channel,
        "accounts": sorted(accounts),
    }
    answer = await http.post("/api/blobs", body)
    with reading_answer():
        missing = [int(offset) for offset in answer["missing"]]
    for offset in missing:
        part = stored[offset : offset + PART_BYTES]
        response = await http.request("PUT", f"/api/blobs/{blob}?offset={offset}", part, _TYPE)
        if not response.is_success:
            raise failure_of(response)
    answer = await http.post(f"/api/blobs/{blob}/complete", {})
    with reading_answer():
        return int(answer["expires_at_ms"])


async def download(http: Http, reference: BlobReference) -> bytes:
    """
    Fetch a blob and open it.

    Raises: ServerFailure (`not_found` also when it is not for this account), BadBlob.
    """
    size = stored_size(reference.size)
    stored = bytearray()
    while len(stored) < size:
        part = await http.request(
            "GET",
            f"/api/blobs/{reference.blob}",
            headers={"Range": f"bytes={len(stored)}-{len(stored) + PART_BYTES - 1}"},
        )
        if part.status_code != 206:
            raise failure_of(part)
        if not part.content:
            raise BadAnswer("an empty part")
        stored += part.content
    content = b"".join(open_blob(reference.key, reference.blob, [bytes(stored)]))
    if len(content) != reference.size or hash32(content) != reference.hash:
        raise BadBlob("another content than the one that was promised")
    return content
