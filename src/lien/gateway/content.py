"""Bytes inside documents: out of base64, and what they say they are."""

import base64
import binascii
from typing import Final

from lien.gateway import narrative
from lien.gateway.inbound import Body, BodyKind
from lien.gateway.quarantine import Reason, Unreadable

MAX_CONTENT_BYTES: Final = 24 * 1024**2
_BEGINNINGS: Final = {
    "application/pdf": (b"%PDF-", BodyKind.PDF),
    "image/jpeg": (b"\xff\xd8\xff", BodyKind.JPEG),
}


def decode_base64(text: str) -> bytes:
    """
    Base64 with its line breaks; everything else in it is damage.

    Raises: Unreadable.
    """
    try:
        packed = text.encode("ascii").translate(None, b" \t\r\n")
        if len(packed) > MAX_CONTENT_BYTES * 4 // 3 + 4:
            raise Unreadable(Reason.TOO_LARGE)
        return base64.b64decode(packed, validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise Unreadable(Reason.BAD_BASE64) from error


def body_of(media_type: str, content: bytes) -> Body:
    """
    A body of a declared type, whose first bytes must agree.

    Raises: Unreadable.
    """
    media_type = media_type.lower().split(";")[0].strip()
    if media_type == "text/plain":
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise Unreadable(Reason.BAD_CHARSET) from error
        return Body(BodyKind.HTML, narrative.paragraphs(text).encode())
    if media_type not in _BEGINNINGS:
        raise Unreadable(Reason.UNSUPPORTED_CONTENT)
    beginning, kind = _BEGINNINGS[media_type]
    # Readers of PDF accept up to 1,024 bytes before the mark; some printers' drivers write them.
    if beginning not in content[: 1_024 if kind is BodyKind.PDF else len(beginning)]:
        raise Unreadable(Reason.DAMAGED_CONTENT)
    return Body(kind, content)
