"""Patients, professionals and structures in FHIR resources, found without ever asking a server."""

import re
from typing import Final
from urllib.parse import unquote

from lien.gateway import ins, timestamp
from lien.gateway.fhirpool import Pool
from lien.gateway.inbound import (
    PERSON_OID,
    STRUCTURE_OID,
    Author,
    LocalId,
    NamedBy,
    Patient,
    Recipient,
    Structure,
    Traits,
    bounded,
    rpps_of,
)
from lien.gateway.strictjson import Node, node, nodes, text
from lien.ids import RppsNumber

_OID: Final = "urn:oid:"
_RPPS_SYSTEMS: Final = frozenset({"https://rpps.esante.gouv.fr", "http://rpps.fr"})
_SEARCH: Final = re.compile(r"Patient\?identifier=([^|&]{1,200})\|([^|&]{1,100})")
_SEX: Final = {"male": "M", "female": "F", "unknown": "U", "other": "U"}
_BIRTH_NAMES: Final = "birth-list-given-name"
_BIRTH_PLACE: Final = "birthPlace"
_RELIABILITY: Final = "identity-reliability"


def patient_of(holder: Node, pool: Pool) -> Patient:
    """
    The subject, or the patient as the source knew them.

    A reference like `Patient?identifier=system|number` is a search never made: its number is
    taken from the text.
    """
    subject = node(holder.get("subject"))
    source = node(node(holder.get("context")).get("sourcePatientInfo"))
    found = [each for each in (pool.find(subject), pool.find(source)) if each]
    resource = max(found, key=lambda each: len(each), default={})
    numbers = [number for each in found for number in _numbers(each)]
    searched = _SEARCH.fullmatch(unquote(text(subject.get("reference"))[:1_000]))
    if searched:
        numbers.append((searched[1].removeprefix(_OID), bounded(searched[2])))
    numbers += _numbers({"identifier": [node(subject.get("identifier"))]})
    numbers = list(dict.fromkeys(numbers))
    national = [each for each in numbers if each[0] in ins.OIDS]
    oid, matricule = national[0] if national else ("", "")
    status = ins.status_of(oid, matricule, _reliability(resource))
    is_several = len(national) > 1 or len(found) > 1 and _are_two(*map(_traits, found))
    return Patient(
        oid=oid,
        matricule=matricule,
        status=ins.Status.AMBIGUOUS if is_several else status,
        traits=_traits(resource),
        local_ids=tuple(LocalId(*each) for each in numbers if each[0] not in ins.OIDS),
    )


def _are_two(one: Traits, other: Traits) -> bool:
    """What both say differs; silence contradicts nothing."""
    pairs = (
        (one.birth_name.casefold(), other.birth_name.casefold()),
        (one.birth_date, other.birth_date),
        (one.sex.replace("U", ""), other.sex.replace("U", "")),
    )
    return any(left and right and left != right for left, right in pairs)


def author_of(reference: Node, pool: Pool) -> Author:
    """A person, or the person of a role; a structure alone has no name of a person."""
    resource = pool.find(reference)
    structure = Structure()
    if resource.get("resourceType") == "PractitionerRole":
        structure = structure_of(node(resource.get("organization")), pool)
        resource = pool.find(resource.get("practitioner"))
    if resource.get("resourceType") == "Organization":
        return Author(structure=_structure(resource))
    name = next(iter(nodes(resource.get("name"))), {})
    return Author(
        identifier=_national(resource, PERSON_OID),
        family_name=bounded(text(name.get("family"))),
        given_name=_joined(name.get("given")),
        structure=structure,
    )


def structure_of(reference: Node, pool: Pool) -> Structure:
    """The organisation referred to."""
    return _structure(pool.find(reference))


def recipient_of(reference: Node, pool: Pool, named_by: NamedBy) -> Recipient:
    """
    Who an intended-recipient extension names: a person, a person in a role, or a structure.

    A structure is nobody: its recipient has no number.
    """
    resource = pool.find(reference)
    role_number = ""
    if resource.get("resourceType") == "PractitionerRole":
        practitioner = node(resource.get("practitioner"))
        role_number = _person_number({"identifier": [node(practitioner.get("identifier"))]})
        resource = pool.find(practitioner)
    if resource.get("resourceType") == "Organization":
        return Recipient(rpps_of(""), bounded(text(resource.get("name"))), "", named_by)
    logical = _person_number({"identifier": [node(reference.get("identifier"))]})
    name = next(iter(nodes(resource.get("name"))), {})
    addresses = [
        bounded(text(each.get("value"))).removeprefix("mailto:")
        for each in nodes(resource.get("telecom"))
        if each.get("system") == "email"
    ]
    number = _person_number(resource) or role_number or logical
    return Recipient(
        rpps=RppsNumber(number),
        name=bounded(f"{text(name.get('family'))} {_joined(name.get('given'))}".strip()),
        address=next(iter(addresses), ""),
        named_by=named_by,
    )


def _person_number(resource: Node) -> str:
    for each in nodes(resource.get("identifier")):
        system, value = text(each.get("system")), text(each.get("value")).strip()
        if system == _OID + PERSON_OID and rpps_of(value):
            return rpps_of(value)
        if system in _RPPS_SYSTEMS and re.fullmatch(r"[0-9]{11}", value):
            return value
    return ""


def _numbers(resource: Node) -> list[tuple[str, str]]:
    """Numbers in force; `use=old` is a retired identity."""
    return [
        (bounded(text(each.get("system"))).removeprefix(_OID), bounded(text(each.get("value"))))
        for each in nodes(resource.get("identifier"))
        if each.get("value") and each.get("use") != "old"
    ]


def _national(resource: Node, oid: str) -> str:
    numbers = _numbers(resource)
    ours = [value for system, value in numbers if system == oid]
    return next(iter([*ours, *(value for _, value in numbers)]), "")


def _structure(resource: Node) -> Structure:
    return Structure(_national(resource, STRUCTURE_OID), bounded(text(resource.get("name"))))


def _traits(resource: Node) -> Traits:
    names = nodes(resource.get("name"))
    birth = next((each for each in names if each.get("use") == "official"), None)
    birth = birth or next(iter(names), {})
    used = next((each for each in names if each.get("use") == "usual"), {})
    listed = _extension(birth, _BIRTH_NAMES)
    place = node(_extension(resource, _BIRTH_PLACE).get("valueAddress"))
    code = next(
        (text(node(each.get("valueCoding")).get("code")) for each in nodes(place.get("extension"))),
        "",
    )
    given = birth.get("given")
    first = bounded(text(given[0])) if isinstance(given, list) and given else ""
    return Traits(
        birth_name=bounded(text(birth.get("family"))),
        birth_given_names=bounded(text(listed.get("valueString"))) or _joined(given),
        first_given_name=first,
        sex=_SEX.get(text(resource.get("gender")), ""),
        birth_date=timestamp.birth_date(text(resource.get("birthDate"))),
        birth_place=bounded(code),
        used_name=bounded(text(used.get("family"))),
        used_given_name=_joined(used.get("given")),
    )


def _reliability(resource: Node) -> str:
    extension = _extension(resource, _RELIABILITY)
    inner = next(iter(nodes(extension.get("extension"))), extension)
    return text(node(inner.get("valueCoding")).get("code"))


def _extension(resource: Node, ending: str) -> Node:
    found = nodes(resource.get("extension"))
    ending = ending.lower()
    return next((each for each in found if text(each.get("url")).lower().endswith(ending)), {})


def _joined(value: object) -> str:
    listed = value[:20] if isinstance(value, list) else []
    return bounded(" ".join(text(each) for each in listed))
