"""
Documents in FHIR R4: the French MHD profile (PDSm), ITI-65 transactions and ITI-105.

An ITI-65 bundle is an envelope: its submission set names the recipients, its document references
describe, its binaries carry. A `PATCH` of an older reference to `superseded` is how it replaces.
Other resources are no documents, and are said to be what they are.
"""

import base64
import hashlib
from dataclasses import dataclass, replace
from typing import Final

from lien.gateway import cda, content, strictjson, timestamp
from lien.gateway.fhirpeople import author_of, patient_of, recipient_of, structure_of
from lien.gateway.fhirpool import Pool
from lien.gateway.inbound import (
    MAX_RECIPIENTS,
    Inbound,
    Intent,
    NamedBy,
    Recipient,
    bounded,
    merge,
)
from lien.gateway.quarantine import Reason, Unreadable
from lien.gateway.strictjson import Node, node, nodes, text

MAX_ENTRIES: Final = 1_000
_INTENDED: Final = frozenset(
    {
        "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/pdsm-ext-intended-recipient",
        "https://profiles.ihe.net/ITI/MHD/StructureDefinition/ihe-intendedRecipient",
    }
)
# LOINC and TRE_A05, by address or OID.
_TYPES: Final = (
    "loinc.org",
    "2.16.840.1.113883.6.1",
    "TRE_A05",
    "1.2.250.1.213.1.1.4.12",
)
_XML_TYPES: Final = frozenset({"application/xml", "text/xml", "application/hl7-cda+xml"})
_MASKS: Final = frozenset({"MASQUE_PS", "INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX"})


@dataclass(frozen=True, slots=True, repr=False)
class Submission:
    """What a resource is, and the documents it submits: none for what is no submission."""

    kind: str
    documents: tuple[Inbound, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class _Envelope:
    """What a bundle says of all its documents."""

    pool: Pool
    recipients: tuple[Recipient, ...] = ()
    superseded: tuple[str, ...] = ()


def parse(data: bytes) -> Submission:
    """
    What a file submits.

    Raises: Unreadable.
    """
    resource = strictjson.parse(data)
    kind = bounded(text(resource.get("resourceType")))
    if not kind:
        raise Unreadable(Reason.UNKNOWN_FORMAT)
    if kind == "DocumentReference":
        envelope = _Envelope(Pool({}))
        return Submission("simplified publish (ITI-105)", (_document(resource, envelope),))
    if kind != "Bundle":
        return Submission(f"resource {kind}")
    bundle_type = bounded(text(resource.get("type")))
    listed = resource.get("entry")
    if isinstance(listed, list) and len(listed) > MAX_ENTRIES:
        raise Unreadable(Reason.TOO_COMPLEX)
    entries = nodes(listed, MAX_ENTRIES)
    if bundle_type == "transaction":
        return Submission("transaction (ITI-65)", _transaction(entries))
    if bundle_type == "document":
        return Submission("FHIR document", (_composed(resource, entries),))
    return Submission(f"bundle {bundle_type or 'without a type'}")


def _transaction(entries: list[Node]) -> tuple[Inbound, ...]:
    pool = Pool.of(entries)
    posted = [
        node(each.get("resource"))
        for each in entries
        if text(node(each.get("request")).get("method")).upper() == "POST"
    ]
    sets = [each for each in posted if _is_submission_set(each)]
    references = [each for each in posted if each.get("resourceType") == "DocumentReference"]
    if len(sets) > 1:
        raise Unreadable(Reason.CONTRADICTORY)
    if not references:
        raise Unreadable(Reason.NO_CONTENT)
    envelope = _Envelope(
        pool=pool,
        recipients=tuple(
            recipient for each in sets for recipient in _intended(each, pool, NamedBy.ENVELOPE)
        ),
        superseded=tuple(_superseded(each) for each in entries if _superseded(each)),
    )
    if len(references) > 1 and envelope.superseded:
        # Which of them takes the old one's place is said by each alone, in `relatesTo`.
        envelope = replace(envelope, superseded=())
    return tuple(_document(each, envelope) for each in references)


def _is_submission_set(resource: Node) -> bool:
    codes = {text(each.get("code")) for each in nodes(node(resource.get("code")).get("coding"))}
    return resource.get("resourceType") == "List" and "folder" not in codes


def _superseded(entry: Node) -> str:
    """The document reference a `PATCH` retires."""
    request = node(entry.get("request"))
    url = bounded(text(request.get("url")))
    if text(request.get("method")).upper() != "PATCH" or not url.startswith("DocumentReference"):
        return ""
    return url if "superseded" in _patched(node(entry.get("resource"))) else ""


def _patched(resource: Node) -> set[str]:
    """The values a patch writes: FHIRPath parameters, or a JSON patch in a binary."""
    found = {
        text(part.get("valueCode") or part.get("valueString"))
        for parameter in nodes(resource.get("parameter"))
        for part in nodes(parameter.get("part"))
    }
    if resource.get("resourceType") == "Binary":
        written = content.decode_base64(text(resource.get("data"))[:10_000])
        found |= {"superseded"} if b'"superseded"' in written else set()
    return found


def _document(reference: Node, envelope: _Envelope) -> Inbound:
    described = _described(reference, envelope)
    try:
        media_type, data = _carried(reference, envelope)
        if not data:
            return described
        if media_type in _XML_TYPES:
            return merge(described, cda.parse(data))
        return replace(described, body=content.body_of(media_type, data))
    except Unreadable as error:
        reason = error.reason
        if reason is Reason.UNREADABLE:
            reason = Reason.UNREADABLE_CONTENT
        return replace(described, problems=(*described.problems, reason))


def _described(reference: Node, envelope: _Envelope) -> Inbound:
    pool = envelope.pool.within(reference)
    attachment = _attachment(reference)
    replaces = [
        _target(node(each.get("target")))
        for each in nodes(reference.get("relatesTo"))
        if each.get("code") == "replaces"
    ]
    replaces = list(dict.fromkeys(each for each in (*replaces, *envelope.superseded) if each))
    labels = [_code(each)[0] for each in nodes(reference.get("securityLabel"))]
    type_code, type_system = _code(node(reference.get("type")))
    status = text(reference.get("status"))
    own = _intended(reference, pool, NamedBy.DOCUMENT)
    known = {each.rpps for each in envelope.recipients if each.rpps}
    authors = tuple(author_of(each, pool) for each in nodes(reference.get("author")))
    custodian = structure_of(node(reference.get("custodian")), pool)
    written = text(reference.get("date")) or text(attachment.get("creation"))
    return Inbound(
        source="fhir",
        intent=Intent.REPLACE if replaces else Intent.NEW,
        document_id=_unique_id(node(reference.get("masterIdentifier"))),
        replaces=tuple(replaces),
        type_code=type_code,
        type_system=type_system,
        class_code=next((_code(each)[0] for each in nodes(reference.get("category"))), ""),
        title=bounded(text(attachment.get("title")) or text(reference.get("description"))),
        date=timestamp.from_iso(written),
        confidentiality=next((each for each in labels if each not in _MASKS), ""),
        flags=tuple(each for each in labels if each in _MASKS),
        patient=patient_of(reference, pool),
        authors=authors,
        structure=custodian,
        recipients=(*envelope.recipients, *(each for each in own if each.rpps not in known)),
        problems=() if status in {"", "current"} else (Reason.NOT_CURRENT,),
    )


def _intended(holder: Node, pool: Pool, named_by: NamedBy) -> tuple[Recipient, ...]:
    pool = pool.within(holder)
    return tuple(
        recipient_of(node(each.get("valueReference")), pool, named_by)
        for each in nodes(holder.get("extension"), MAX_RECIPIENTS)
        if each.get("url") in _INTENDED
    )


def _attachment(reference: Node) -> Node:
    return node(next(iter(nodes(reference.get("content"))), {}).get("attachment"))


def _carried(reference: Node, envelope: _Envelope) -> tuple[str, bytes]:
    """
    The type and bytes of the content. An address outside the submission is never fetched.

    Raises: Unreadable, also for bytes that differ from the size and hash declared.
    """
    if len(nodes(reference.get("content"))) > 1:
        raise Unreadable(Reason.UNSUPPORTED_CONTENT)
    attachment = _attachment(reference)
    binary = envelope.pool.at(text(attachment.get("url")))
    if binary.get("resourceType") != "Binary":
        binary = {}
    data = content.decode_base64(text(attachment.get("data")) or text(binary.get("data")))
    media_type = text(attachment.get("contentType")) or text(binary.get("contentType"))
    size, digest = attachment.get("size"), text(attachment.get("hash"))
    # FHIR R4, Attachment.hash: SHA-1. It tells damage, not malice: both come in one file.
    seen = base64.b64encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()
    if data and ((isinstance(size, int) and size != len(data)) or (digest and digest != seen)):
        raise Unreadable(Reason.DAMAGED_CONTENT)
    return media_type.lower().split(";")[0].strip(), data


def _composed(bundle: Node, entries: list[Node]) -> Inbound:
    """A FHIR document: read for what it is, but none of the ways in, and not rendered."""
    pool = Pool.of(entries)
    composition = node(next(iter(entries), {}).get("resource"))
    type_code, type_system = _code(node(composition.get("type")))
    return Inbound(
        source="fhir",
        document_id=_unique_id(node(bundle.get("identifier"))),
        type_code=type_code,
        type_system=type_system,
        title=bounded(text(composition.get("title"))),
        date=timestamp.from_iso(text(composition.get("date"))),
        patient=patient_of(composition, pool),
        authors=tuple(author_of(each, pool) for each in nodes(composition.get("author"))),
        problems=(Reason.UNSUPPORTED_CONTENT,),
    )


def _code(concept: Node) -> tuple[str, str]:
    """The first coding, or the one of a nomenclature that document types are of."""
    codings = nodes(concept.get("coding"))
    known = (each for each in codings if any(mark in text(each.get("system")) for mark in _TYPES))
    coding = next(known, next(iter(codings), {}))
    return bounded(text(coding.get("code"))), bounded(text(coding.get("system")))


def _unique_id(identifier: Node) -> str:
    value = bounded(text(identifier.get("value")))
    return value.removeprefix("urn:oid:").removeprefix("urn:uuid:")


def _target(target: Node) -> str:
    return _unique_id(node(target.get("identifier"))) or bounded(text(target.get("reference")))
