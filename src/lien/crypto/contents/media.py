"""
Photographs, files and voices: what shows them, with a small picture for a poor network.

The content itself is in blobs (`lien.crypto.blob`). What is said about it travels here, under the
encryption and the signature of the message.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final

from lien.crypto.blob import MAX_CONTENT_BYTES
from lien.crypto.contents.body import Body
from lien.crypto.contents.messages import (
    MAX_MENTIONS,
    MAX_TEXT_CHARACTERS,
    Intent,
    Target,
    intent_body,
    parse_intent,
    parse_target,
)
from lien.crypto.structure import Fields
from lien.crypto.suite import HASH_BYTES, KEY_BYTES
from lien.errors import Malformed
from lien.ids import AccountId, BlobId

MAX_ITEMS: Final = 10
MAX_NAME_CHARACTERS: Final = 128
MAX_SITE_CHARACTERS: Final = 64
MAX_THUMBNAIL_BYTES: Final = 24_576
# Of all items of one message: what is sealed has at most 60,000 bytes.
MAX_THUMBNAILS_BYTES: Final = 40_960
MAX_WAVEFORM_BYTES: Final = 64
_MAX_SIDE: Final = 65_535
_MAX_DURATION_MS: Final = 86_400_000
_MEDIA_TYPE: Final = re.compile(r"[a-z]{1,20}/[a-z0-9][a-z0-9.+-]{0,99}")
_CONSENTS: Final = frozenset({"given", "oral", "impossible", "refused"})


@dataclass(frozen=True, slots=True)
class Item:
    """
    One photograph, file or voice.

    `width` and `height` are pixels, 0 when it is no picture; `waveform` is the loudness of a
    voice in equal steps of time, 0 to 255 each.
    """

    blob: BlobId
    key: bytes = field(repr=False)
    size: int
    hash: bytes = field(repr=False)
    media_type: str
    name: str = field(default="", repr=False)
    width: int = 0
    height: int = 0
    duration_ms: int = 0
    thumbnail: bytes = field(default=b"", repr=False)
    waveform: bytes = field(default=b"", repr=False)

    def body(self) -> dict[str, object]:
        """The map of what is known of it."""
        more: Mapping[str, object] = {
            "name": self.name,
            "width": self.width,
            "height": self.height,
            "duration_ms": self.duration_ms,
            "thumbnail": self.thumbnail,
            "waveform": self.waveform,
        }
        return {
            "blob": [self.blob, self.key, self.size, self.hash],
            "media_type": self.media_type,
            **{name: value for name, value in more.items() if value},
        }

    @classmethod
    def parse(cls, body: Body) -> "Item":
        """Raises: Malformed, Newer."""
        blob = Fields.of_list(body.value("blob"), 4)
        item = cls(
            BlobId(blob.identifier()),
            blob.blob(KEY_BYTES),
            blob.integer(0, MAX_CONTENT_BYTES),
            blob.blob(HASH_BYTES),
            body.text("media_type", 121, 1),
            body.optional("name", lambda name: body.text(name, MAX_NAME_CHARACTERS, 1)) or "",
            body.optional("width", lambda name: body.integer(name, 1, _MAX_SIDE)) or 0,
            body.optional("height", lambda name: body.integer(name, 1, _MAX_SIDE)) or 0,
            body.optional("duration_ms", lambda name: body.integer(name, 1, _MAX_DURATION_MS)) or 0,
            _bytes(body, "thumbnail", MAX_THUMBNAIL_BYTES),
            _bytes(body, "waveform", MAX_WAVEFORM_BYTES),
        )
        body.end()
        if not _MEDIA_TYPE.fullmatch(item.media_type):
            raise Malformed("a media type is none")
        if bool(item.width) != bool(item.height):
            raise Malformed("a picture has two sides")
        return item


@dataclass(frozen=True, slots=True)
class Media:
    """Photographs, files or a voice, with what is said about them."""

    type: ClassVar[str] = "media"
    items: tuple[Item, ...]
    text: str = field(default="", repr=False)
    site: str = field(default="", repr=False)
    consent: str = field(default="", repr=False)
    reply_to: Target | None = None
    mentions: tuple[AccountId, ...] = ()
    intent: Intent = Intent()
    is_forwarded: bool = False

    def body(self) -> dict[str, object]:
        more = {"text": self.text, "site": self.site, "consent": self.consent}
        return {
            "items": [item.body() for item in self.items],
            **{name: value for name, value in more.items() if value},
            **({"reply_to": list(self.reply_to)} if self.reply_to else {}),
            **({"mentions": list(self.mentions)} if self.mentions else {}),
            **intent_body(self.intent),
            **({"forwarded": True} if self.is_forwarded else {}),
        }

    @classmethod
    def parse(cls, body: Body) -> "Media":
        media = cls(
            parse_items(body, MAX_ITEMS),
            body.optional("text", lambda name: body.text(name, MAX_TEXT_CHARACTERS, 1)) or "",
            body.optional("site", lambda name: body.text(name, MAX_SITE_CHARACTERS, 1)) or "",
            body.optional("consent", lambda name: body.text(name, 16, 1)) or "",
            body.optional("reply_to", lambda name: parse_target(body, name)),
            body.accounts("mentions", MAX_MENTIONS),
            parse_intent(body),
            body.mark("forwarded"),
        )
        if media.consent and media.consent not in _CONSENTS:
            raise Malformed("a consent is not one of four")
        return media


def parse_items(body: Body, most: int) -> tuple[Item, ...]:
    """The field `items`: each blob once, and all of them in one message. Raises: Malformed."""
    items = tuple(_item(value) for value in body.items("items", 1, most))
    if len({item.blob for item in items}) != len(items):
        raise Malformed("a blob is shown twice")
    if sum(len(item.thumbnail) for item in items) > MAX_THUMBNAILS_BYTES:
        raise Malformed("the thumbnails of a message are too large")
    return items


def _item(value: object) -> Item:
    if not isinstance(value, dict):
        raise Malformed("an item is a map")
    return Item.parse(Body(value))


def _bytes(body: Body, name: str, longest: int) -> bytes:
    if not body.has(name):
        return b""
    value = body.blob_up_to(name, longest)
    if not value:
        raise Malformed("a field is empty instead of not there")
    return value
