"""
A PDF with its metadata in a JSON beside it: for those who have neither CDA, HL7v2 nor FHIR.

The metadata is ours, so it is read strictly: an unknown name is an error, not a wish unheard.
Its form is in docs/gateway.md.
"""

from typing import Final

from lien.gateway import content, ins, strictjson, timestamp
from lien.gateway.inbound import (
    MAX_RECIPIENTS,
    Author,
    Inbound,
    Intent,
    LocalId,
    NamedBy,
    Patient,
    Recipient,
    Structure,
    Traits,
    bounded,
)
from lien.gateway.quarantine import Reason, Unreadable
from lien.gateway.strictjson import Node, node, nodes, text
from lien.ids import RppsNumber

MARK: Final = "lien_document"
_FORM: Final = 1
_NAMES: Final = frozenset(
    {MARK, "id", "set_id", "version", "replaces", "type", "title", "date", "confidentiality"}
    | {"flags", "patient", "author", "structure", "recipients"}
)
_PATIENT: Final = frozenset({"oid", "matricule", "reliability", "local_id", *Traits.__slots__})
_PERSON: Final = frozenset({"identifier", "family_name", "given_name"})
_STRUCTURE: Final = frozenset({"identifier", "name", "sector"})
_RECIPIENT: Final = frozenset({"rpps", "name", "address"})


def is_metadata(value: Node) -> bool:
    """True for an object that says it is a document's metadata."""
    return MARK in value


def parse(metadata: bytes, data: bytes) -> Inbound:
    """
    The document of two files.

    Raises: Unreadable.
    """
    value = strictjson.parse(metadata)
    if value.get(MARK) != _FORM or set(value) - _NAMES:
        raise Unreadable(Reason.UNREADABLE)
    version, replaces = value.get("version", 0), value.get("replaces", [])
    if not isinstance(version, int) or isinstance(version, bool) or not 0 <= version < 1_000_000:
        raise Unreadable(Reason.UNREADABLE)
    if not isinstance(replaces, list) or not isinstance(value.get("flags", []), list):
        raise Unreadable(Reason.UNREADABLE)
    replaced = tuple(bounded(text(each)) for each in replaces[:50] if text(each))
    return Inbound(
        source="pdf",
        intent=Intent.REPLACE if replaced else Intent.NEW,
        document_id=bounded(text(value.get("id"))),
        set_id=bounded(text(value.get("set_id"))),
        version=version,
        replaces=replaced,
        type_code=bounded(text(value.get("type"))),
        title=bounded(text(value.get("title"))),
        date=timestamp.from_iso(text(value.get("date"))),
        confidentiality=bounded(text(value.get("confidentiality"))),
        flags=tuple(bounded(text(each)) for each in value.get("flags", [])[:50]),
        patient=_patient(_part(value, "patient", _PATIENT)),
        authors=_authors(_part(value, "author", _PERSON)),
        structure=Structure(**_texts(_part(value, "structure", _STRUCTURE))),
        recipients=tuple(_recipients(value)),
        body=content.body_of("application/pdf", data),
    )


def _part(value: Node, name: str, names: frozenset[str]) -> Node:
    part = value.get(name, {})
    if not isinstance(part, dict) or set(part) - names:
        raise Unreadable(Reason.UNREADABLE)
    return node(part)


def _texts(part: Node) -> dict[str, str]:
    return {name: bounded(text(value)) for name, value in part.items()}


def _patient(part: Node) -> Patient:
    written = _texts({name: value for name, value in part.items() if name in Traits.__slots__})
    written["birth_date"] = timestamp.birth_date(written.get("birth_date", ""))
    if written.get("sex", "") not in {"", "M", "F", "U"}:
        raise Unreadable(Reason.UNREADABLE)
    oid, matricule = bounded(text(part.get("oid"))), bounded(text(part.get("matricule")))
    if matricule and oid not in ins.OIDS:
        raise Unreadable(Reason.IDENTITY_UNREADABLE)  # a number without its kind means nothing
    local = node(part.get("local_id"))
    root, value = bounded(text(local.get("root"))), bounded(text(local.get("value")))
    return Patient(
        oid=oid if matricule else "",
        matricule=matricule,
        status=ins.status_of(oid, matricule, text(part.get("reliability"))),
        traits=Traits(**written),
        local_ids=(LocalId(root, value),) if root and value else (),
    )


def _authors(part: Node) -> tuple[Author, ...]:
    written = _texts(part)
    author = Author(
        identifier=written.get("identifier", ""),
        family_name=written.get("family_name", ""),
        given_name=written.get("given_name", ""),
    )
    return (author,) if part else ()


def _recipients(value: Node) -> list[Recipient]:
    listed = value.get("recipients", [])
    named = nodes(listed, MAX_RECIPIENTS)
    if not isinstance(listed, list) or len(named) != len(listed):
        raise Unreadable(Reason.UNREADABLE)
    if any(set(each) - _RECIPIENT for each in named):
        raise Unreadable(Reason.UNREADABLE)
    found = [_texts(each) for each in named]
    return [
        Recipient(
            rpps=RppsNumber(each.get("rpps", "")),
            name=each.get("name", ""),
            address=each.get("address", ""),
            named_by=NamedBy.ENVELOPE,
        )
        for each in found
    ]
