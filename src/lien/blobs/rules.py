"""
Decisions about blobs: pure.

A blob is stored in parts of `PART_BYTES`, the last one shorter. A part holds whole chunks of the
sealed content, so that a phone on a bad network repeats a quarter of a megabyte, not the blob.
"""

import hashlib
from typing import Final

from lien.blobs.errors import BlobTooLarge, NoSuchBlob
from lien.blobs.models import Audience, Blob, Limits, Owner
from lien.crypto.blob import BOX_BYTES
from lien.errors import Malformed

PART_BYTES: Final = 4 * BOX_BYTES
MAX_READERS: Final = 500
# An upload that stands still is given up after a day.
UPLOAD_LIFE_MS: Final = 86_400_000
# A message that waits for the network has its photograph's life begun anew when it leaves.
RENEWED_MS: Final = 7 * 86_400_000
# A message is sent after its photograph was: the photograph must not go before it.
GRACE_MS: Final = 3_600_000
# Uploads of one person: at once, then one each two seconds. A hospital has a night's reports.
_BEGINS: Final = (50, 0.5)
_GATEWAY_BEGINS: Final = (5_000, 100.0)


def begins_of(owner: Owner) -> tuple[int, float]:
    """How many uploads at once, and how many a second after that."""
    return _GATEWAY_BEGINS if is_gateway(owner) else _BEGINS


def bytes_per_day(owner: Owner, limits: Limits) -> int:
    """What one owner may upload in a day."""
    return limits.gateway_bytes_per_day if is_gateway(owner) else limits.bytes_per_day


def is_gateway(owner: Owner) -> bool:
    """True for a hospital's gateway, false for a person."""
    return owner.startswith("gateway:")


def part_count(size: int) -> int:
    """How many parts a blob of so many stored bytes has."""
    return -(-size // PART_BYTES)


def require_size(size: int, limits: Limits) -> None:
    """
    A blob is not empty and within the bounds.

    Raises: BlobTooLarge.
    """
    if not 0 < size <= limits.max_bytes:
        raise BlobTooLarge("larger than this deployment takes")


def require_audience(audience: Audience) -> None:
    """
    A conversation, or some accounts.

    Raises: Malformed.
    """
    if (audience.channel is None) == (not audience.accounts):
        raise Malformed("a blob is for a conversation or for accounts")
    if len(audience.accounts) > MAX_READERS:
        raise Malformed("a blob is for too many accounts")
    if audience.channel is not None and audience.channel[0] == "i":
        raise Malformed("an inbox is no conversation")


def audience_name(audience: Audience) -> str:
    """The same text for the same audience, to compare an upload that is begun again."""
    if audience.channel is not None:
        return f"channel:{audience.channel}"
    digest = hashlib.sha256(" ".join(sorted(audience.accounts)).encode()).hexdigest()
    return f"accounts:{digest}"


def part_at(size: int, offset: int, length: int) -> int:
    """
    The number of the part that these bytes are.

    Raises: Malformed when they are not exactly one.
    """
    if offset % PART_BYTES or not 0 <= offset < size:
        raise Malformed("an offset where no part begins")
    if length != min(PART_BYTES, size - offset):
        raise Malformed("not the length of this part")
    return offset // PART_BYTES


def parts_of(start: int, end: int) -> range:
    """The numbers of the parts that hold bytes `start` to `end`, the latter not included."""
    return range(start // PART_BYTES, -(-end // PART_BYTES))


def require_readable(blob: Blob | None, now_ms: int) -> Blob:
    """
    A blob that is whole and not over. Whether the caller may is asked next.

    Raises: NoSuchBlob.
    """
    if blob is None or not blob.is_complete or blob.expires_at_ms <= now_ms:
        raise NoSuchBlob("no such blob for this caller")
    return blob


def expiry(created_at_ms: int, now_ms: int, retention_ms: int) -> int:
    """When a blob that is whole now ends; saying so again and again does not keep it for ever."""
    return min(now_ms, created_at_ms + RENEWED_MS) + retention_ms + GRACE_MS
