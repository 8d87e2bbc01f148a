"""
Documents in HL7v2: MDM^T02, T10, T04 and ORU^R01 of the French volet, versions 2.0 and 2.1.

The message is an envelope around a CDA in base64 (or a PDF). It may add recipients (`PRT` with
the role `RCT`) and forbid (`MASQUE_PS`). What it asks for is written twice, in the event and in
OBX-11, and both must agree.
"""

from dataclasses import dataclass, field, replace
from typing import Final

from lien.gateway import cda, content, er7, ins, mllp, timestamp
from lien.gateway.inbound import (
    MAX_RECIPIENTS,
    PERSON_OID,
    Inbound,
    Intent,
    LocalId,
    NamedBy,
    Patient,
    Recipient,
    Traits,
    bounded,
    merge,
    rpps_of,
)
from lien.gateway.quarantine import Reason, Unreadable
from lien.ids import RppsNumber

_INTENTS: Final = {"F": Intent.NEW, "C": Intent.REPLACE, "D": Intent.WITHDRAW}
_EVENTS: Final = {"T02": Intent.NEW, "T10": Intent.REPLACE, "T04": Intent.WITHDRAW}
_FLAGS: Final = frozenset(
    """MASQUE_PS INVISIBLE_PATIENT INVISIBLE_REP_LEGAUX CONNEXION_SECRETE MODIF_CONF_CODE DESTDMP
    DESTMSSANTEPS DESTMSSANTEPAT ACK_RECEPTION ACK_LECTURE_MSS CORPSMAIL_PS""".split()
)
_MAX_DOCUMENTS: Final = 4  # the volet has at most two


@dataclass(slots=True)
class _Carried:
    """A document's OBX and the participations that follow it."""

    observation: er7.Segment
    participations: list[er7.Segment] = field(default_factory=list)


def parse(data: bytes) -> tuple[Inbound, ...]:
    """
    The documents of a message, framed or not.

    Raises: Unreadable.
    """
    message = er7.parse(mllp.unframe(data) if data[:1] == mllp.START else data)
    kind = message.header.field(9)
    event = kind.component(2)
    is_mdm = kind.component(1) == "MDM" and event in _EVENTS
    if not is_mdm and (kind.component(1), event) != ("ORU", "R01"):
        raise Unreadable(Reason.UNKNOWN_FORMAT)
    carried = _carried(message)
    if len(carried) > (1 if is_mdm else _MAX_DOCUMENTS):
        raise Unreadable(Reason.CONTRADICTORY)
    expected = _EVENTS[event] if is_mdm else None
    shared = _shared(message, expected)
    if not carried:
        lost = () if expected is Intent.WITHDRAW else (Reason.NO_CONTENT,)
        return (replace(shared, problems=(*shared.problems, *lost)),)
    return tuple(_document(each, shared, expected) for each in carried)


def _carried(message: er7.Message) -> list[_Carried]:
    found: list[_Carried] = []
    for segment in message.segments:
        if segment.name == "OBX" and _is_document(segment):
            found.append(_Carried(segment))
        elif segment.name == "PRT" and found:
            found[-1].participations.append(segment)
    return found


def _is_document(observation: er7.Segment) -> bool:
    """An encapsulated document that is not one of the flags or the body of a mail."""
    value = observation.field(5)
    return (
        observation.raw(2) == "ED"
        and observation.field(3).component(1) not in _FLAGS
        and value.component(3).upper() in {"XML", "PDF"}
    )


def _shared(message: er7.Message, expected: Intent | None) -> Inbound:
    """What the message says of every document in it."""
    header = message.find("TXA")
    replaced = _entity(header.field(13)) if header else ""
    problems: list[Reason] = []
    headers = sum(segment.name == "TXA" for segment in message.segments)
    if (replaced and expected is Intent.NEW) or headers > 1:
        problems.append(Reason.CONTRADICTORY)
    return Inbound(
        source="hl7v2",
        intent=expected or Intent.NEW,
        document_id=_entity(header.field(12)) if header else "",
        replaces=(replaced,) if replaced else (),
        type_code=bounded(header.field(2).component(1)) if header else "",
        date=timestamp.from_hl7(header.field(4).component(1)) if header else "",
        flags=_flags(message),
        patient=_patient(message),
        problems=tuple(problems),
    )


def _document(carried: _Carried, shared: Inbound, expected: Intent | None) -> Inbound:
    observation = carried.observation
    asked = _INTENTS.get(observation.raw(11).strip())
    intent = expected or asked or Intent.NEW
    problems = list(shared.problems)
    if asked is None or (expected and asked is not expected):
        problems.append(Reason.CONTRADICTORY)
    envelope = replace(
        shared,
        intent=intent,
        type_code=shared.type_code or bounded(observation.field(3).component(1)),
        recipients=_recipients(carried.participations),
        problems=tuple(problems),
    )
    value = observation.field(5)
    is_pdf = value.component(3).upper() == "PDF"
    try:
        if len(observation.repetitions(5)) > 1:
            raise Unreadable(Reason.UNSUPPORTED_CONTENT)  # the others would be lost
        if value.component(4).lower() != "base64":
            raise Unreadable(Reason.BAD_BASE64)
        data = content.decode_base64(value.component(5))
        if is_pdf:
            body = content.body_of("application/pdf", data)
            title = bounded(observation.field(3).component(2))
            found = replace(envelope, title=title, body=body)
        else:
            found = merge(envelope, cda.parse(data))
    except Unreadable as error:
        found = replace(envelope, problems=(*envelope.problems, _carried_reason(error.reason)))
    return _withdrawn(found, envelope) if intent is Intent.WITHDRAW else found


def _carried_reason(reason: Reason) -> Reason:
    """What is wrong inside an envelope that can be read."""
    return Reason.UNREADABLE_CONTENT if reason is Reason.UNREADABLE else reason


def _withdrawn(found: Inbound, envelope: Inbound) -> Inbound:
    """A withdrawal needs no content: damage to it does not matter, a contradiction does."""
    problems = (Reason.CONTRADICTORY,) if Reason.CONTRADICTORY in found.problems else ()
    return replace(
        found,
        document_id=envelope.document_id or found.document_id,
        body=None,
        attachments=(),
        problems=problems,
    )


def _flags(message: er7.Message) -> tuple[str, ...]:
    """The flags that are set. `MASQUE_PS` is, unless it says no: doubt never shows a document."""
    found: dict[str, None] = {}
    for segment in message.segments:
        if segment.name != "OBX":
            continue
        name = segment.field(3).component(1)
        answer = segment.field(5).component(1).strip().upper()
        if name in _FLAGS and (answer == "Y" or (name == "MASQUE_PS" and answer != "N")):
            found[name] = None
    return tuple(found)


def _recipients(participations: list[er7.Segment]) -> tuple[Recipient, ...]:
    named = [each for each in participations if each.field(4).component(1) == "RCT"]
    return tuple(_recipient(each) for each in named[:MAX_RECIPIENTS])


def _recipient(participation: er7.Segment) -> Recipient:
    """Version 2.1 marks a national number `IDNPS`, 2.0 marks it `RPPS`."""
    person = participation.field(5)
    number = person.component(1)
    is_national = person.component(13) in {"IDNPS", "RPPS"} or (
        person.component(9, 2) == PERSON_OID and not person.component(13)
    )
    rpps = rpps_of(number) if is_national else rpps_of("")
    if person.component(13) == "RPPS" and len(number) == 11 and number.isascii():
        rpps = RppsNumber(number) if number.isdigit() else rpps
    name = f"{person.component(2)} {person.component(3)}".strip()
    return Recipient(
        rpps=rpps,
        name=bounded(name or participation.field(8).component(1)),
        address=bounded(participation.field(15).component(4)),
        named_by=NamedBy.ENVELOPE,
    )


def _patient(message: er7.Message) -> Patient:
    """The patient; two that differ are ambiguous, and none of them is chosen."""
    found = [_patient_in(segment) for segment in message.segments if segment.name == "PID"]
    if not found:
        return Patient()
    is_one = all(each == found[0] for each in found)
    return found[0] if is_one else replace(found[0], status=ins.Status.AMBIGUOUS)


def _patient_in(segment: er7.Segment) -> Patient:
    numbers = list(
        dict.fromkeys(
            (bounded(each.component(4, 2) or each.component(4, 1)), bounded(each.component(1)))
            for each in segment.repetitions(3)
            if each.component(1)
        )
    )
    national = [each for each in numbers if each[0] in ins.OIDS]
    oid, matricule = national[0] if national else ("", "")
    reliability = segment.field(32).component(1)
    status = ins.status_of(oid, matricule, reliability)
    return Patient(
        oid=oid,
        matricule=matricule,
        status=ins.Status.AMBIGUOUS if len(national) > 1 else status,
        traits=_traits(segment),
        local_ids=tuple(LocalId(*each) for each in numbers if each[0] not in ins.OIDS),
    )


def _traits(segment: er7.Segment) -> Traits:
    names = {each.component(7).upper(): each for each in reversed(segment.repetitions(5))}
    birth = names.get("L") or segment.field(5)
    used = names.get("D")
    places = [each for each in segment.repetitions(11) if each.component(7) == "BDL"]
    sex = segment.field(8).component(1).upper()
    return Traits(
        birth_name=bounded(birth.component(1)),
        birth_given_names=bounded(birth.component(3) or birth.component(2)),
        first_given_name=bounded(birth.component(2)),
        sex=sex if sex in {"M", "F"} else "U" if sex in {"U", "O", "A"} else "",
        birth_date=timestamp.birth_date(segment.field(7).component(1)),
        birth_place=bounded(places[0].component(9)) if places else "",
        used_name=bounded(used.component(1)) if used else "",
        used_given_name=bounded(used.component(2)) if used else "",
    )


def _entity(identifier: er7.Field) -> str:
    """An entity identifier as a document id: its universal part, if it has one, comes first."""
    value, universal = bounded(identifier.component(1)), bounded(identifier.component(3))
    return f"{universal}^{value}" if value and universal else value
