"""
CDA R2 documents of the French interoperability framework (CI-SIS), read tolerantly.

What a document leaves out stays empty here; the routing decides what may be missing. The
document is data: instructions, style sheets and addresses in it are never followed. A
self-presentable file, wrapped in a style sheet, is read for the document inside.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final
from xml.etree.ElementTree import Element

from lien.gateway import content, ins, narrative, timestamp, xmltree
from lien.gateway.inbound import (
    MAX_RECIPIENTS,
    PERSON_OID,
    STRUCTURE_OID,
    Attachment,
    Author,
    Body,
    BodyKind,
    Inbound,
    Intent,
    LocalId,
    Patient,
    Recipient,
    Structure,
    Traits,
    bounded,
    rpps_of,
)
from lien.gateway.quarantine import Reason, Unreadable

NAMES: Final = {"h": "urn:hl7-org:v3"}
_ROOT: Final = f"{narrative.HL7}ClinicalDocument"
_MASKS: Final = frozenset({"MASQUE_PS", "INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX"})
_MAX_LISTED: Final = 50


def parse(data: bytes) -> Inbound:
    """
    The document of a file.

    Raises: Unreadable.
    """
    document = _find_document(xmltree.parse(data))
    problems: list[Reason] = []
    body: Body | None = None
    attachments: tuple[Attachment, ...] = ()
    try:
        body, attachments = _content(document)
    except Unreadable as error:
        problems.append(error.reason)
    replaces = tuple(
        _identifier(parent)
        for parent in document.iterfind(
            "h:relatedDocument[@typeCode='RPLC']/h:parentDocument", NAMES
        )
    )[:_MAX_LISTED]
    confidentiality = [
        bounded(code.get("code")) for code in document.iterfind("h:confidentialityCode", NAMES)
    ][:_MAX_LISTED]
    code = document.find("h:code", NAMES)
    authors = tuple(_author(each) for each in _first(document, "h:author/h:assignedAuthor"))
    return Inbound(
        source="cda",
        intent=Intent.REPLACE if replaces else Intent.NEW,
        document_id=_identifier(document),
        set_id=_identifier(document, "setId"),
        version=_number(_attribute(document, "h:versionNumber", "value")),
        replaces=tuple(each for each in replaces if each),
        type_code=bounded(code.get("code")) if code is not None else "",
        type_system=bounded(code.get("codeSystem")) if code is not None else "",
        title=_title(document),
        date=timestamp.from_hl7(_attribute(document, "h:effectiveTime", "value")),
        confidentiality=next((each for each in confidentiality if each not in _MASKS), ""),
        flags=tuple(each for each in confidentiality if each in _MASKS),
        patient=_patient(document),
        authors=authors,
        structure=_structure_of(document, authors),
        recipients=tuple(
            _recipient(each)
            for each in _first(
                document, "h:informationRecipient/h:intendedRecipient", MAX_RECIPIENTS
            )
        ),
        body=body,
        attachments=attachments,
        problems=tuple(problems),
    )


def _find_document(root: Element) -> Element:
    """The document itself, or the only one inside a self-presentable file."""
    if root.tag == _ROOT:
        return root
    found = list(root.iter(_ROOT))
    if not found:
        raise Unreadable(Reason.UNKNOWN_FORMAT)
    if len(found) > 1:
        raise Unreadable(Reason.CONTRADICTORY)
    return found[0]


def _content(document: Element) -> tuple[Body | None, tuple[Attachment, ...]]:
    text = document.find("h:component/h:nonXMLBody/h:text", NAMES)
    if text is not None:
        media_type = text.get("mediaType", "text/plain")
        written = "".join(text.itertext())
        is_packed = text.get("representation") == "B64"
        data = content.decode_base64(written) if is_packed else written.encode()
        return (content.body_of(media_type, data) if data else None), ()
    body = document.find("h:component/h:structuredBody", NAMES)
    if body is None or body.find("h:component/h:section", NAMES) is None:
        return None, ()
    html = narrative.render(body, _title(document))
    return Body(BodyKind.HTML, html.encode()), tuple(_attachments(body))


def _attachments(body: Element) -> Iterator[Attachment]:
    """Pictures and files in the sections, by the id the narrative refers to."""
    total = 0
    for number, media in enumerate(body.iter(f"{narrative.HL7}observationMedia")):
        value = media.find("h:value", NAMES)
        if value is None or value.get("representation") != "B64":
            continue  # a reference to somewhere else is never followed
        if number >= _MAX_LISTED:
            raise Unreadable(Reason.TOO_COMPLEX)
        data = content.decode_base64("".join(value.itertext()))
        total += len(data)
        if total > content.MAX_CONTENT_BYTES:
            raise Unreadable(Reason.TOO_LARGE)
        name = bounded(media.get("ID")) or f"media-{number}"
        yield Attachment(name, bounded(value.get("mediaType")), data)


def _patient(document: Element) -> Patient:
    """The patient; two that differ are ambiguous, and none of them is chosen."""
    found = [_patient_in(role) for role in _first(document, "h:recordTarget/h:patientRole")]
    if not found:
        return Patient()
    is_one = all(each == found[0] for each in found)
    return found[0] if is_one else replace(found[0], status=ins.Status.AMBIGUOUS)


def _patient_in(role: Element) -> Patient:
    numbers = list(
        dict.fromkeys(
            (bounded(each.get("root")), bounded(each.get("extension")))
            for each in _first(role, "h:id")
            if each.get("extension")
        )
    )
    national = [each for each in numbers if each[0] in ins.OIDS]
    oid, matricule = national[0] if national else ("", "")
    status = ins.Status.AMBIGUOUS if len(national) > 1 else ins.status_of(oid, matricule)
    local = tuple(LocalId(*each) for each in numbers if each[0] not in ins.OIDS)
    return Patient(oid, matricule, status, _traits(role), local)


def _traits(role: Element) -> Traits:
    patient = role.find("h:patient", NAMES)
    if patient is None:
        return Traits()
    families: dict[str, str] = {}
    givens: dict[str, str] = {}
    for name in _first(patient, "h:name"):
        for kind, parts in (("family", families), ("given", givens)):
            for part in name.iterfind(f"h:{kind}", NAMES):
                qualifier = part.get("qualifier", "").upper()
                parts.setdefault(qualifier, bounded("".join(part.itertext())))
    sex = _attribute(patient, "h:administrativeGenderCode", "code").upper()
    place = patient.find("h:birthplace/h:place/h:addr/h:county", NAMES)
    return Traits(
        birth_name=families.get("BR") or families.get("", ""),
        birth_given_names=givens.get("") or givens.get("BR", ""),
        first_given_name=givens.get("BR", ""),
        sex=sex if sex in {"M", "F", "U"} else "U" if sex == "UN" else "",
        birth_date=timestamp.birth_date(_attribute(patient, "h:birthTime", "value")),
        birth_place=bounded("".join(place.itertext())) if place is not None else "",
        used_name=families.get("CL") or families.get("SP", ""),
        used_given_name=givens.get("CL", ""),
    )


def _author(assigned: Element) -> Author:
    name = assigned.find("h:assignedPerson/h:name", NAMES)
    structure = assigned.find("h:representedOrganization", NAMES)
    return Author(
        identifier=_national(assigned, PERSON_OID),
        family_name=_text(name, "h:family"),
        given_name=_text(name, "h:given"),
        structure=_organisation(structure),
        speciality=_attribute(assigned, "h:code", "code"),
    )


def _organisation(element: Element | None) -> Structure:
    if element is None:
        return Structure()
    return Structure(_national(element, STRUCTURE_OID), _text(element, "h:name"))


def _structure_of(document: Element, authors: tuple[Author, ...]) -> Structure:
    """Who keeps the document, and the sector of the place where the care was given."""
    keeper = _organisation(
        document.find("h:custodian/h:assignedCustodian/h:representedCustodianOrganization", NAMES)
    )
    place = "h:componentOf/h:encompassingEncounter/h:location/h:healthCareFacility/h:code"
    if not keeper.identifier and authors:
        keeper = authors[0].structure
    return Structure(keeper.identifier, keeper.name, _attribute(document, place, "code"))


def _recipient(intended: Element) -> Recipient:
    """Only a national number of the recipient's own; a structure's number names nobody."""
    numbers = [
        rpps_of(each.get("extension", ""))
        for each in _first(intended, "h:id")
        if each.get("root") == PERSON_OID
    ]
    person = intended.find("h:informationRecipient/h:name", NAMES)
    if person is None:
        person = intended.find("h:receivedOrganization/h:name", NAMES)
    addresses = (
        bounded(each.get("value")).removeprefix("mailto:")
        for each in _first(intended, "h:telecom")
        if each.get("value", "").startswith("mailto:")
    )
    return Recipient(
        rpps=next((each for each in numbers if each), rpps_of("")),
        name=bounded(" ".join(person.itertext())) if person is not None else "",
        address=next(addresses, ""),
    )


def _identifier(element: Element, name: str = "id") -> str:
    """`root`, or `root^extension` when there is one."""
    found = element.find(f"h:{name}", NAMES)
    if found is None:
        return ""
    root, extension = bounded(found.get("root")), bounded(found.get("extension"))
    return f"{root}^{extension}" if root and extension else root


def _national(element: Element, oid: str) -> str:
    """The number of this kind, else the first of any."""
    numbers = [(each.get("root"), each.get("extension")) for each in _first(element, "h:id")]
    ours = [extension for root, extension in numbers if root == oid and extension]
    others = [extension for _, extension in numbers if extension]
    return bounded(next(iter(ours + others), ""))


def _title(document: Element) -> str:
    return _text(document, "h:title") or _attribute(document, "h:code", "displayName")


def _text(element: Element | None, path: str) -> str:
    found = element.find(path, NAMES) if element is not None else None
    return bounded("".join(found.itertext())) if found is not None else ""


def _attribute(element: Element, path: str, name: str) -> str:
    found = element.find(path, NAMES)
    return bounded(found.get(name)) if found is not None else ""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _first(element: Element, path: str, limit: int = _MAX_LISTED) -> list[Element]:
    return element.findall(path, NAMES)[:limit]
