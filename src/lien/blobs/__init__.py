"""Blobs: sealed photographs and documents, kept in parts. This is its public face."""

from lien.blobs.errors import BlobDiffers, BlobIncomplete, BlobTooLarge, NoSuchBlob, TooManyBlobs
from lien.blobs.models import Audience, Limits, Owner, Reading, Upload, account_owner, gateway_owner
from lien.blobs.rules import MAX_READERS, PART_BYTES
from lien.blobs.service import Blobs

__all__ = [
    "MAX_READERS",
    "PART_BYTES",
    "Audience",
    "BlobDiffers",
    "BlobIncomplete",
    "BlobTooLarge",
    "Blobs",
    "Limits",
    "NoSuchBlob",
    "Owner",
    "Reading",
    "TooManyBlobs",
    "Upload",
    "account_owner",
    "gateway_owner",
]
