"""
What is said in a conversation: a clear header for routing, and sealed, padded, signed content.

The signature is inside the encryption, so the server cannot tell who signed; it covers the
header, so the server cannot move content to another header.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from lien.crypto.contents import Said, Text, encode_said, parse_said, require_body
from lien.crypto.signing import SIGNATURE_BYTES, SigningKey, verify
from lien.crypto.statement import SignedStatement
from lien.crypto.structure import Fields, encode, reading
from lien.crypto.suite import HASH_BYTES, decrypt, derive, encrypt, pad, unpad
from lien.errors import Malformed
from lien.ids import AccountId, ChannelId, DeviceId, EnvelopeId

LABEL: Final = "lien/v1/envelope"
MAX_HEADER_BYTES: Final = 256
MAX_SEALED_BYTES: Final = 60_000
_MAX_TYPE_CHARACTERS: Final = 32


class BadEnvelope(Malformed):
    """A header or content cannot be read, or breaks its bounds."""

    code = "bad_envelope"


class Kind(IntEnum):
    """What an entry of a log holds."""

    MESSAGE = 1
    STATEMENT = 2
    NOTICE = 3
    DOCUMENT = 4
    URGENT = 5  # a message for which a device may be woken in its quiet hours
    QUIET = 6  # a message for which no device is woken


@dataclass(frozen=True, slots=True)
class Header:
    """What the server may know. `envelope` is chosen by the device and makes a retry harmless."""

    channel: ChannelId
    epoch: int
    account: AccountId
    device: DeviceId | None  # None (written as "") only in a notice
    envelope: EnvelopeId
    kind: Kind


@dataclass(frozen=True, slots=True)
class Content:
    """What only members may know; `body` is not checked further when `type` is unknown."""

    type: str
    body: Mapping[str, object] = field(repr=False)
    counter: int
    statement_hash: bytes = field(repr=False)

    @classmethod
    def of(cls, said: Said, counter: int, statement_hash: bytes) -> "Content":
        """Raises: BadEnvelope when it is out of its bounds."""
        with reading(BadEnvelope):
            kind, body = encode_said(said)
        return cls(kind, body, counter, statement_hash)

    @classmethod
    def of_text(cls, text: str, counter: int, statement_hash: bytes) -> "Content":
        """Raises: BadEnvelope when it is too long."""
        return cls.of(Text(text), counter, statement_hash)

    @property
    def said(self) -> Said | None:
        """What it says, None when it takes a newer version to read it."""
        return parse_said(self.type, self.body)

    @property
    def text(self) -> str | None:
        """What was written, None for everything but a text."""
        said = self.said
        return said.text if isinstance(said, Text) else None


def encode_header(header: Header) -> bytes:
    """The header's bytes: what is authenticated, stored and sent."""
    return encode(
        header.channel,
        header.epoch,
        header.account,
        header.device or "",
        header.envelope,
        int(header.kind),
    )


def decode_header(data: bytes) -> Header:
    """
    Read a header.

    Raises: BadEnvelope.
    """
    with reading(BadEnvelope):
        fields = Fields.decode(data, 7, MAX_HEADER_BYTES)
        channel, epoch = fields.channel(), fields.integer()
        account = AccountId(fields.identifier())
        value = fields.value()
        device = None if value == "" else DeviceId(Fields([value]).identifier())
        envelope = EnvelopeId(fields.identifier())
        kind = Kind(fields.integer(Kind.MESSAGE, Kind.QUIET))
    if (device is None or epoch == 0) and kind is not Kind.NOTICE:
        raise BadEnvelope("only a notice has no device or epoch")
    return Header(channel, epoch, account, device, envelope, kind)


def seal_envelope(
    header: Header, content: Content, key: bytes, device_key: SigningKey
) -> tuple[bytes, bytes]:
    """
    The header's bytes and the sealed content, to be stored before they are sent.

    Raises: BadEnvelope for content out of its bounds.
    """
    _require_bounds(content)
    clear = encode_header(header)
    inner = encode(content.type, dict(content.body), content.counter, content.statement_hash)
    signature = device_key.sign(LABEL, _signed(clear, inner))
    sealed = encrypt(_envelope_key(key, header.channel), pad(signature + inner), clear)
    if len(sealed) > MAX_SEALED_BYTES:
        raise BadEnvelope("content is too long")
    return clear, sealed


def open_envelope(
    header: bytes, sealed: bytes, *, key: bytes, expected_device_public: bytes
) -> Content:
    """
    The content, if it was sealed for this header and signed by this device.

    The caller reads the header first, and takes the epoch's key and the device's public key.

    Raises: BadSeal when it does not open or is not signed, BadEnvelope when it cannot be read.
    """
    if len(sealed) > MAX_SEALED_BYTES:
        raise BadEnvelope("a sealed content is too long")
    channel = decode_header(header).channel
    plaintext = unpad(decrypt(_envelope_key(key, channel), sealed, header))
    signature, inner = plaintext[:SIGNATURE_BYTES], plaintext[SIGNATURE_BYTES:]
    verify(expected_device_public, LABEL, _signed(header, inner), signature)
    return _decode_content(inner)


def format_statement_entry(statement: SignedStatement) -> bytes:
    """What a log entry of kind STATEMENT carries as `sealed`."""
    return statement.signature + statement.data


def parse_statement_entry(sealed: bytes) -> SignedStatement:
    """
    The inverse of `format_statement_entry`.

    Raises: BadEnvelope.
    """
    if len(sealed) <= SIGNATURE_BYTES:
        raise BadEnvelope("a statement entry is too short")
    return SignedStatement(sealed[SIGNATURE_BYTES:], sealed[:SIGNATURE_BYTES])


def _signed(header: bytes, content: bytes) -> bytes:
    # The length in front, so that no byte moves between header and content under one signature.
    return len(header).to_bytes(4, "big") + header + content


def _envelope_key(key: bytes, channel: ChannelId) -> bytes:
    return derive(key, "lien/v1/envelope", channel.encode("ascii"))


def _decode_content(data: bytes) -> Content:
    with reading(BadEnvelope):
        fields = Fields.decode(data, 5, MAX_SEALED_BYTES)
        kind, body = fields.text(_MAX_TYPE_CHARACTERS), fields.value()
        if not isinstance(body, dict):
            raise BadEnvelope("a content's body is a map")
        content = Content(kind, body, fields.integer(1), fields.blob(HASH_BYTES))
    _require_bounds(content)
    return content


def _require_bounds(content: Content) -> None:
    with reading(BadEnvelope):
        require_body(content.type, content.body)
