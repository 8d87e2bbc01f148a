"""
A clinical document for one recipient: metadata and the keys of its blobs, signed by the gateway
and sealed to the recipient's account. Nobody on the way can read it or write one.

The entry's clear header has the form of an envelope's: the recipient's inbox, the generation of
their secret as epoch, their account, the gateway as device, the delivery's id, kind 4.
"""

from typing import Final

from lien.crypto.account import AccountSecret
from lien.crypto.document_content import BadDocument, Document, decode_content, encode_content
from lien.crypto.envelope import MAX_SEALED_BYTES, Header, Kind, decode_header, encode_header
from lien.crypto.sealing import seal
from lien.crypto.signing import SIGNATURE_BYTES, SigningKey, verify
from lien.crypto.structure import encode
from lien.crypto.suite import derive, hash32, pad, unpad
from lien.ids import (
    AccountId,
    DeviceId,
    DocumentId,
    EnvelopeId,
    GatewayId,
    b64encode,
    inbox_channel,
    inbox_owner,
)

LABEL: Final = "lien/v1/document"
ID_LABEL: Final = "lien/v1/document-id"
DELIVERY_LABEL: Final = b"lien/v1/delivery\0"


def document_id(id_key: bytes, source_id: str) -> DocumentId:
    """
    The id of a document, from the identifier its source gave it.

    The same for ever under one key, and says nothing to whoever lacks the key.
    """
    return DocumentId(b64encode(derive(id_key, ID_LABEL, source_id.encode(), 16)))


def delivery_header(
    gateway: GatewayId, document: Document, account: AccountId, generation: int
) -> Header:
    """The clear header; its id is the same whenever the same is delivered to the same account."""
    named = encode(gateway, document.document, document.version, document.action.value, account)
    return Header(
        inbox_channel(account),
        generation,
        account,
        DeviceId(gateway),
        EnvelopeId(b64encode(hash32(DELIVERY_LABEL + named)[:16])),
        Kind.DOCUMENT,
    )


def require_delivery(header: bytes) -> Header:
    """
    A header of a document entry for the owner of the inbox it names.

    Raises: BadEnvelope, BadDocument.
    """
    read = decode_header(header)
    if read.kind is not Kind.DOCUMENT or inbox_owner(read.channel) != read.account:
        raise BadDocument("not the header of a document for the owner of an inbox")
    return read


def seal_document(
    header: Header, document: Document, key: SigningKey, recipient_public: bytes
) -> tuple[bytes, bytes]:
    """
    The header's bytes and the sealed content.

    Raises: BadDocument for content out of its bounds, Malformed for a bad sealing key.
    """
    clear, content = encode_header(header), encode_content(document)
    signature = key.sign(LABEL, _signed(clear, content))
    sealed = seal(recipient_public, pad(signature + content), LABEL, clear)
    if len(sealed) > MAX_SEALED_BYTES:
        raise BadDocument("the metadata of a document is too long")
    return clear, sealed


def open_document(
    header: bytes, sealed: bytes, *, secret: AccountSecret, expected_gateway_public: bytes
) -> Document:
    """
    The content, if it was sealed for this header and signed by this gateway.

    The caller reads the header first, and takes the secret of its generation and the key of its
    gateway, whose certificate it checked for the instant of the entry.

    Raises: BadSeal when it does not open or is not signed, BadDocument when it cannot be read.
    """
    require_delivery(header)
    if len(sealed) > MAX_SEALED_BYTES:
        raise BadDocument("a sealed document is too long")
    plaintext = unpad(secret.sealing.open(sealed, LABEL, header))
    signature, content = plaintext[:SIGNATURE_BYTES], plaintext[SIGNATURE_BYTES:]
    verify(expected_gateway_public, LABEL, _signed(header, content), signature)
    return decode_content(content)


def _signed(header: bytes, content: bytes) -> bytes:
    return len(header).to_bytes(4, "big") + header + content
