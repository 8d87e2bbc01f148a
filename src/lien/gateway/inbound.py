"""
The one model of a document that comes in, whatever brought it.

Every parser makes an `Inbound`; everything after knows nothing else. What a document does not
say is empty, never invented. None of these values prints itself: they are health data.
"""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from lien.gateway import ins
from lien.gateway.quarantine import Reason
from lien.ids import RppsNumber, is_rpps

# PS_IdNat and IdNat_Struct: the national numbers of people and of structures.
PERSON_OID: Final = "1.2.250.1.71.4.2.1"
STRUCTURE_OID: Final = "1.2.250.1.71.4.2.2"

MAX_TEXT: Final = 1_000  # characters of any field that is not content
MAX_RECIPIENTS: Final = 100
_NATIONAL_RPPS: Final = re.compile(r"8([0-9]{11})")


class Intent(StrEnum):
    """What the sender wants done with the document."""

    NEW = "new"
    REPLACE = "replace"
    WITHDRAW = "withdraw"


class BodyKind(StrEnum):
    """How a body is shown. HTML is always written by us, never received."""

    PDF = "pdf"
    HTML = "html"
    JPEG = "jpeg"


class NamedBy(StrEnum):
    """Where a recipient is named."""

    DOCUMENT = "document"
    ENVELOPE = "envelope"
    BOTH = "both"


@dataclass(frozen=True, slots=True, repr=False)
class Traits:
    """The strict traits of an identity, and the names in use, as received."""

    birth_name: str = ""
    birth_given_names: str = ""
    first_given_name: str = ""
    sex: str = ""  # M, F or U
    birth_date: str = ""  # YYYY-MM-DD, YYYY-MM or YYYY; 00 for what is unknown
    birth_place: str = ""  # INSEE code
    used_name: str = ""
    used_given_name: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class LocalId:
    """A number the sender's own system gives a patient."""

    root: str
    value: str


@dataclass(frozen=True, slots=True, repr=False)
class Patient:
    """An identity as received: never corrected, never merged."""

    oid: str = ""
    matricule: str = ""
    status: ins.Status = ins.Status.ABSENT
    traits: Traits = Traits()
    local_ids: tuple[LocalId, ...] = ()

    @property
    def key(self) -> str:
        """What a folder is looked up by, before its traits are compared; empty without one."""
        if self.matricule:
            return f"{self.oid}|{self.matricule}"
        return f"{self.local_ids[0].root}|{self.local_ids[0].value}" if self.local_ids else ""

    @property
    def is_readable(self) -> bool:
        """True if a person could tell whose document this is."""
        traits = self.traits
        has_given = traits.first_given_name or traits.birth_given_names or traits.used_given_name
        has_family = traits.birth_name or traits.used_name
        return bool(has_family and has_given and traits.birth_date and traits.sex)


@dataclass(frozen=True, slots=True, repr=False)
class Structure:
    """An organisation: its national number and its name."""

    identifier: str = ""
    name: str = ""
    sector: str = ""  # SA57 is care coordination


@dataclass(frozen=True, slots=True, repr=False)
class Author:
    """Who wrote; `identifier` is as received, and often is not an RPPS number."""

    identifier: str = ""
    family_name: str = ""
    given_name: str = ""
    structure: Structure = Structure()
    speciality: str = ""  # a code, as received


@dataclass(frozen=True, slots=True, repr=False)
class Recipient:
    """A recipient as named. `rpps` is 11 digits, empty if the name is not that of a person."""

    rpps: RppsNumber
    name: str = ""
    address: str = ""  # MSSanté
    named_by: NamedBy = NamedBy.DOCUMENT

    @property
    def is_valid(self) -> bool:
        """True if the number passes its check."""
        return is_rpps(self.rpps)


@dataclass(frozen=True, slots=True, repr=False)
class Body:
    """What is shown."""

    kind: BodyKind
    content: bytes


@dataclass(frozen=True, slots=True, repr=False)
class Attachment:
    """An image or file inside a structured document, named by its place."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, repr=False)
class Inbound:
    """One document, or the wish to withdraw one (then without a body)."""

    source: str  # cda, hl7v2, fhir, pdf
    intent: Intent = Intent.NEW
    document_id: str = ""  # root, or root^extension
    set_id: str = ""
    version: int = 0  # 0 when not said
    replaces: tuple[str, ...] = ()
    type_code: str = ""
    type_system: str = ""
    class_code: str = ""
    family: str = ""
    title: str = ""
    date: str = ""  # ISO 8601, as precise as received
    confidentiality: str = ""
    flags: tuple[str, ...] = ()  # MASQUE_PS, INVISIBLE_PATIENT…
    patient: Patient = Patient()
    authors: tuple[Author, ...] = ()
    structure: Structure = Structure()
    recipients: tuple[Recipient, ...] = ()
    body: Body | None = None
    attachments: tuple[Attachment, ...] = ()
    problems: tuple[Reason, ...] = ()


def rpps_of(identifier: str) -> RppsNumber:
    """
    The RPPS number in a national number: 8 and 11 digits, nothing else.

    11 digits alone are not taken for one here: an ADELI or local number may look the same.
    The check digit is looked at by the routing.
    """
    found = _NATIONAL_RPPS.fullmatch(identifier.strip())
    return RppsNumber(found[1] if found else "")


def bounded(text: str | None) -> str:
    """One line of text, its white space collapsed, cut at the bound."""
    return " ".join((text or "")[: 4 * MAX_TEXT].split())[:MAX_TEXT]


def merge(envelope: Inbound, document: Inbound) -> Inbound:
    """
    A document with its envelope.

    The document speaks for itself; the envelope adds what it leaves out, its own recipients, and
    its flags. They must not name two patients or two documents.
    """
    problems = [*envelope.problems, *document.problems]
    if _contradict(envelope, document):
        problems.append(Reason.CONTRADICTORY)
    patient = _fuller(envelope.patient, document.patient)
    if patient.matricule and envelope.patient.status is ins.Status.UNQUALIFIED:
        patient = replace(patient, status=envelope.patient.status)
    if ins.Status.AMBIGUOUS in (envelope.patient.status, document.patient.status):
        patient = replace(patient, status=ins.Status.AMBIGUOUS)
    is_replaced = Intent.REPLACE in (envelope.intent, document.intent)
    intent = Intent.REPLACE if is_replaced else document.intent
    return replace(
        document,
        source=envelope.source,
        intent=Intent.WITHDRAW if envelope.intent is Intent.WITHDRAW else intent,
        document_id=document.document_id or envelope.document_id,
        set_id=document.set_id or envelope.set_id,
        version=document.version or envelope.version,
        replaces=tuple(dict.fromkeys((*document.replaces, *envelope.replaces))),
        type_code=document.type_code or envelope.type_code,
        type_system=document.type_system or envelope.type_system,
        title=document.title or envelope.title,
        date=document.date or envelope.date,
        confidentiality=document.confidentiality or envelope.confidentiality,
        flags=tuple(dict.fromkeys((*document.flags, *envelope.flags))),
        patient=patient,
        authors=document.authors or envelope.authors,
        structure=document.structure if document.structure.identifier else envelope.structure,
        recipients=_unite(document.recipients, envelope.recipients),
        problems=tuple(dict.fromkeys(problems)),
    )


def _contradict(envelope: Inbound, document: Inbound) -> bool:
    """Silence contradicts nothing; two different words do."""
    ours, theirs = envelope.patient, document.patient
    pairs = [
        (ours.matricule, theirs.matricule),
        (ours.oid, theirs.oid),
        (ours.traits.birth_date, theirs.traits.birth_date),
        (ours.traits.birth_name.casefold(), theirs.traits.birth_name.casefold()),
        (ours.traits.sex.replace("U", ""), theirs.traits.sex.replace("U", "")),
    ]
    if any(left and right and left != right for left, right in pairs):
        return True
    if not _is_same_id(envelope.document_id, document.document_id):
        return True
    # Addresses on a server name no document; only identifiers can contradict each other.
    replaced = [each for each in envelope.replaces if not each.startswith("DocumentReference")]
    is_same = any(_is_same_id(ours, other) for ours in replaced for other in document.replaces)
    return bool(replaced and document.replaces and not is_same)


def _fuller(envelope: Patient, document: Patient) -> Patient:
    """One of the two identities, whole: parts of two are never put together."""

    def weight(patient: Patient) -> tuple[bool, bool, bool]:
        return patient.is_readable, bool(patient.matricule), bool(patient.key)

    return envelope if weight(envelope) > weight(document) else document


def _is_same_id(envelope: str, document: str) -> bool:
    """Envelopes write `root.extension`, `root^extension` or the extension alone."""
    envelope, document = envelope.lower(), document.lower()
    written = (document, document.replace("^", "."), document.rpartition("^")[2])
    return not envelope or not document or envelope in written


def _unite(
    document: tuple[Recipient, ...], envelope: tuple[Recipient, ...]
) -> tuple[Recipient, ...]:
    """Each person once. Who has no number is kept, as somebody who was named."""
    united = {each.rpps: each for each in document if each.rpps}
    for each in envelope:
        known = united.get(each.rpps)
        if each.rpps:
            united[each.rpps] = replace(known, named_by=NamedBy.BOTH) if known else each
    nameless = [each for each in (*document, *envelope) if not each.rpps]
    return (*united.values(), *nameless)[:MAX_RECIPIENTS]
