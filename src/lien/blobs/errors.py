"""
What the blobs answer instead of doing it.

* `Malformed`
    * `BlobTooLarge`    blob_too_large
* `NotFound`
    * `NoSuchBlob`      not_found
* `Conflict`
    * `BlobDiffers`     blob_differs
    * `BlobIncomplete`  blob_incomplete
* `TooManyAttempts`
    * `TooManyBlobs`    too_many
"""

from lien.accounts import TooManyAttempts
from lien.errors import Conflict, Malformed, NotFound


class BlobTooLarge(Malformed):
    """More than this deployment takes in one piece."""

    code = "blob_too_large"


class NoSuchBlob(NotFound):
    """None, none any more, or none for this caller: which of them is nobody's business."""


class BlobDiffers(Conflict):
    """This id, or this place in the blob, was used for something else."""

    code = "blob_differs"


class BlobIncomplete(Conflict):
    """Parts are missing."""

    code = "blob_incomplete"


class TooManyBlobs(TooManyAttempts):
    """The uploader's quota of this day is used up."""
