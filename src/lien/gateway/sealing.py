"""
From what came in to what a reader opens: the content of a document entry, cut to its bounds.

Names too long are cut, never refused: a report must not stay in the hospital for a long title.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from lien.crypto import document_content as bounds
from lien.crypto.document_content import Document
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
from lien.gateway.inbound import BodyKind, Inbound, rpps_of
from lien.gateway.spool import Item
from lien.ids import RppsNumber

BODY: Final = "body"  # the name of the body among the blobs; an attachment's is `part-<place>`
_FORMS: Final = {
    BodyKind.PDF: ("pdf", "application/pdf"),
    BodyKind.HTML: ("html", "text/html"),
    BodyKind.JPEG: ("jpeg", "image/jpeg"),
}


def contents_of(item: Item) -> dict[str, bytes]:
    """What is to be put into blobs, by name."""
    inbound = item.inbound
    if item.action is Action.WITHDRAW or inbound.body is None:
        return {}
    parts = inbound.attachments[: bounds.MAX_ATTACHMENTS]
    return {
        BODY: inbound.body.content,
        **{f"part-{place}": part.content for place, part in enumerate(parts)},
    }


def document_of(
    item: Item, readers: Sequence[Reader], blobs: Mapping[str, BlobKey], now_ms: int
) -> Document:
    """The content that is signed and sealed to each recipient."""
    inbound = item.inbound
    return Document(
        action=item.action,
        document=item.document,
        set=item.set,
        version=item.version,
        replaces=item.replaces[: bounds.MAX_REPLACED] if item.action is Action.REPLACE else (),
        filing=Filing(
            family=_code(inbound.family),
            type_code=_code(inbound.type_code),
            type_system=_code(inbound.type_system),
            title=inbound.title[: bounds.MAX_TITLE],
            date=_code(inbound.date),
            confidentiality=_code(inbound.confidentiality),
        ),
        patient=_patient(inbound),
        authors=_authors(inbound),
        structure=_structure(inbound),
        readers=tuple(readers[: bounds.MAX_READERS]),
        body=_body(inbound, blobs),
        attachments=_attachments(inbound, blobs),
        sealed_at_ms=now_ms,
    )


def reader_of(rpps: RppsNumber, name: str, profession: str) -> Reader:
    """A reader as the other readers see them."""
    return Reader(rpps, _name(name), _name(profession))


def _patient(inbound: Inbound) -> Patient:
    patient, traits = inbound.patient, inbound.patient.traits
    has_number = bool(patient.oid and patient.matricule)
    return Patient(
        oid=_code(patient.oid) if has_number else "",
        matricule=_code(patient.matricule) if has_number else "",
        status=patient.status.value,
        birth_name=_name(traits.birth_name),
        birth_given_names=_name(traits.birth_given_names),
        first_given_name=_name(traits.first_given_name),
        used_name=_name(traits.used_name),
        used_given_name=_name(traits.used_given_name),
        sex=_code(traits.sex),
        birth_date=_code(traits.birth_date),
        birth_place=_code(traits.birth_place),
        local_ids=tuple(
            LocalId(_name(one.root), _name(one.value))
            for one in patient.local_ids[: bounds.MAX_LOCAL_IDS]
        ),
    )


def _authors(inbound: Inbound) -> tuple[Author, ...]:
    return tuple(
        Author(
            rpps_of(one.identifier),
            _name(one.family_name),
            _name(one.given_name),
            _name(one.speciality),
        )
        for one in inbound.authors[: bounds.MAX_AUTHORS]
        if one.family_name or one.identifier
    )


def _structure(inbound: Inbound) -> Structure:
    """The document's, or that of the first author who names one."""
    places = [inbound.structure, *(author.structure for author in inbound.authors)]
    found = next((one for one in places if one.name or one.identifier), inbound.structure)
    return Structure(_code(found.identifier), _name(found.name))


def _body(inbound: Inbound, blobs: Mapping[str, BlobKey]) -> Page | None:
    if inbound.body is None or BODY not in blobs:
        return None
    return Page(*_FORMS[inbound.body.kind], blobs[BODY])


def _attachments(inbound: Inbound, blobs: Mapping[str, BlobKey]) -> tuple[Part, ...]:
    return tuple(
        Part(_name(one.name), _name(one.media_type), blobs[f"part-{place}"])
        for place, one in enumerate(inbound.attachments)
        if f"part-{place}" in blobs
    )


def _name(text: str) -> str:
    return text[: bounds.MAX_NAME]


def _code(text: str) -> str:
    return text[: bounds.MAX_CODE]
