"""
The content of a document entry: the one value its recipient reads, strict in every field.

`lien.crypto.document` signs and seals it; docs/keys.md has its form and bounds.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, TypeVar

from lien.crypto.envelope import MAX_SEALED_BYTES
from lien.crypto.filing import (
    Action,
    Author,
    BlobKey,
    Filing,
    LocalId,
    Page,
    Part,
    Patient,
    Reader,
    Structure,
)
from lien.crypto.structure import Fields, encode, reading
from lien.crypto.suite import HASH_BYTES, KEY_BYTES
from lien.errors import Malformed
from lien.ids import DocumentId, RppsNumber

MAX_REPLACED: Final = 16
MAX_AUTHORS: Final = 8
MAX_READERS: Final = 50
MAX_ATTACHMENTS: Final = 32
MAX_LOCAL_IDS: Final = 8
MAX_NAME: Final = 128  # characters
MAX_TITLE: Final = 500
MAX_CODE: Final = 64
MAX_BLOB_BYTES: Final = 2**40
_MAX_VERSION: Final = 2**31 - 1

T = TypeVar("T")


class BadDocument(Malformed):
    """A document entry cannot be read, or breaks its bounds."""

    code = "bad_document"


@dataclass(frozen=True, slots=True, repr=False)
class Document:
    """What the recipient reads: all as the source said it, empty what it did not say."""

    action: Action
    document: DocumentId
    set: DocumentId | None
    version: int  # 0 when not said
    replaces: tuple[DocumentId, ...]
    filing: Filing
    patient: Patient
    authors: tuple[Author, ...]
    structure: Structure
    readers: tuple[Reader, ...]  # everyone it is delivered to, so that each knows who has it
    body: Page | None  # None exactly in a withdrawal
    attachments: tuple[Part, ...]
    sealed_at_ms: int


def encode_content(document: Document) -> bytes:
    """
    The content's bytes.

    Raises: BadDocument for content out of its bounds.
    """
    data = encode(
        document.action.value,
        document.document,
        document.set or "",
        document.version,
        list(document.replaces),
        list(document.filing),
        [*document.patient[:-1], [list(one) for one in document.patient.local_ids]],
        [list(one) for one in document.authors],
        list(document.structure),
        [list(one) for one in document.readers],
        _encode_page(document.body),
        [[one.name, one.media_type, list(one.blob)] for one in document.attachments],
        document.sealed_at_ms,
    )
    decode_content(data)
    return data


def decode_content(data: bytes) -> Document:
    """
    Read a content.

    Raises: BadDocument.
    """
    with reading(BadDocument):
        fields = Fields.decode(data, 14, MAX_SEALED_BYTES)
        action = _action(fields)
        document = Document(
            action,
            DocumentId(fields.identifier()),
            _optional_id(fields),
            fields.integer(0, _MAX_VERSION),
            tuple(DocumentId(Fields([one]).identifier()) for one in fields.items(0, MAX_REPLACED)),
            _filing(fields.value()),
            _patient(fields.value()),
            _several(fields.items(0, MAX_AUTHORS), _author),
            _structure(fields.value()),
            _several(fields.items(0, MAX_READERS), _reader),
            _page(fields.value()),
            _several(fields.items(0, MAX_ATTACHMENTS), _part),
            fields.integer(),
        )
    if (document.body is None) != (action is Action.WITHDRAW):
        raise BadDocument("a document has a body, its withdrawal has none")
    if action is Action.WITHDRAW and document.attachments:
        raise BadDocument("a withdrawal carries nothing")
    return document


def _encode_page(page: Page | None) -> list[object] | None:
    return None if page is None else [page.form, page.media_type, list(page.blob)]


def _action(fields: Fields) -> Action:
    try:
        return Action(fields.text(16))
    except ValueError as error:
        raise BadDocument("an unknown action") from error


def _optional_id(fields: Fields) -> DocumentId | None:
    value = fields.value()
    return None if value == "" else DocumentId(Fields([value]).identifier())


def _several(items: Iterable[object], read: Callable[[object], T]) -> tuple[T, ...]:
    return tuple(read(item) for item in items)


def _filing(value: object) -> Filing:
    fields = Fields.of_list(value, 6)
    return Filing(
        family=fields.text(MAX_CODE),
        type_code=fields.text(MAX_CODE),
        type_system=fields.text(MAX_CODE),
        title=fields.text(MAX_TITLE),
        date=fields.text(MAX_CODE),
        confidentiality=fields.text(MAX_CODE),
    )


def _patient(value: object) -> Patient:
    fields = Fields.of_list(value, 12)
    patient = Patient(
        oid=fields.text(MAX_CODE),
        matricule=fields.text(MAX_CODE),
        status=fields.text(MAX_CODE),
        birth_name=fields.text(MAX_NAME),
        birth_given_names=fields.text(MAX_NAME),
        first_given_name=fields.text(MAX_NAME),
        used_name=fields.text(MAX_NAME),
        used_given_name=fields.text(MAX_NAME),
        sex=fields.text(MAX_CODE),
        birth_date=fields.text(MAX_CODE),
        birth_place=fields.text(MAX_CODE),
        local_ids=_several(fields.items(0, MAX_LOCAL_IDS), _local_id),
    )
    if bool(patient.matricule) != bool(patient.oid):
        raise BadDocument("a national number never goes without its kind")
    return patient


def _local_id(value: object) -> LocalId:
    fields = Fields.of_list(value, 2)
    return LocalId(fields.text(MAX_NAME), fields.text(MAX_NAME))


def _author(value: object) -> Author:
    fields = Fields.of_list(value, 4)
    return Author(_rpps(fields), *(fields.text(MAX_NAME) for _ in range(3)))


def _structure(value: object) -> Structure:
    fields = Fields.of_list(value, 2)
    return Structure(fields.text(MAX_CODE), fields.text(MAX_NAME))


def _reader(value: object) -> Reader:
    fields = Fields.of_list(value, 3)
    return Reader(_rpps(fields), fields.text(MAX_NAME), fields.text(MAX_NAME))


def _rpps(fields: Fields) -> RppsNumber:
    text = fields.text(11)
    if text and not (len(text) == 11 and text.isascii() and text.isdigit()):
        raise BadDocument("an RPPS number is 11 digits")
    return RppsNumber(text)


def _page(value: object) -> Page | None:
    if value is None:
        return None
    fields = Fields.of_list(value, 3)
    return Page(fields.text(16), fields.text(MAX_NAME), _blob(fields.value()))


def _part(value: object) -> Part:
    fields = Fields.of_list(value, 3)
    return Part(fields.text(MAX_NAME), fields.text(MAX_NAME), _blob(fields.value()))


def _blob(value: object) -> BlobKey:
    fields = Fields.of_list(value, 4)
    return BlobKey(
        fields.identifier(),
        fields.blob(KEY_BYTES),
        fields.integer(0, MAX_BLOB_BYTES),
        fields.blob(HASH_BYTES),
    )
