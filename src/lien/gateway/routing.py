"""
To whom a document goes: to those it names, or to nobody with a reason. Never a guess.

A document that names two people, one with a bad number, goes to the other one, and the bad one
is reported. The treating physician is not a recipient, and no parser reads them as one.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from lien.gateway import ins
from lien.gateway.families import PtaRule, class_of, family_of
from lien.gateway.inbound import Inbound, Intent, Recipient
from lien.gateway.quarantine import Reason
from lien.ids import RppsNumber

MASK: Final = "MASQUE_PS"


@dataclass(frozen=True, slots=True)
class Rules:
    """
    What a deployment sets.

    `is_known` says if a number is in the directory; without it no number is looked up.
    """

    allows_test_identities: bool = False
    pta: PtaRule = PtaRule()
    is_known: Callable[[RppsNumber], bool] | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Route:
    """
    The decision. `recipients` is empty exactly if `reasons` is not.

    `refused` are recipients that were named and get nothing, whatever becomes of the others.
    """

    document: Inbound
    recipients: tuple[Recipient, ...]
    refused: tuple[tuple[Recipient, Reason], ...]
    reasons: tuple[Reason, ...]

    @property
    def reason(self) -> Reason | None:
        """The first reason of the quarantine; None for a document that goes to somebody."""
        return self.reasons[0] if self.reasons else None


def route(document: Inbound, rules: Rules) -> Route:
    """Decide, and file under a class and a family."""
    filed = replace(
        document,
        class_code=document.class_code or class_of(document.type_code),
        family=family_of(document, rules.pta).value,
    )
    judged = [(recipient, _judge(recipient, rules)) for recipient in _once(document.recipients)]
    accepted = tuple(recipient for recipient, reason in judged if reason is None)
    refused = tuple((recipient, reason) for recipient, reason in judged if reason is not None)
    found = {*_obstacles(document, rules)}
    if not judged:
        found.add(Reason.NO_RECIPIENT)
    elif not accepted:
        found |= {reason for _, reason in refused}
    reasons = tuple(reason for reason in Reason if reason in found)
    return Route(filed, () if reasons else accepted, refused, reasons)


def _once(recipients: tuple[Recipient, ...]) -> list[Recipient]:
    """Who is named twice gets it once; who has no number is nobody, as often as they are named."""
    numbers = [each.rpps for each in recipients]
    return [
        each
        for place, each in enumerate(recipients)
        if not each.rpps or numbers.index(each.rpps) == place
    ]


def _judge(recipient: Recipient, rules: Rules) -> Reason | None:
    if not recipient.rpps:
        return Reason.RECIPIENT_WITHOUT_RPPS
    if not recipient.is_valid:
        return Reason.RPPS_INVALID
    if rules.is_known and not rules.is_known(recipient.rpps):
        return Reason.RPPS_UNKNOWN
    return None


def _obstacles(document: Inbound, rules: Rules) -> list[Reason]:
    """Why this document may go to nobody, whoever it names."""
    found = list(document.problems)
    if MASK in document.flags:
        found.append(Reason.MASKED)
    if not document.document_id:
        found.append(Reason.NO_IDENTIFIER)
    if document.intent is not Intent.WITHDRAW:
        if not document.type_code:
            found.append(Reason.NO_TYPE)
        if document.body is None and not document.problems:
            found.append(Reason.NO_CONTENT)
    patient = document.patient
    if patient.status is ins.Status.AMBIGUOUS:
        found.append(Reason.IDENTITY_AMBIGUOUS)
    elif not patient.is_readable:
        found.append(Reason.IDENTITY_UNREADABLE)
    if patient.oid in ins.FICTITIOUS and not rules.allows_test_identities:
        found.append(Reason.TEST_IDENTITY)
    return found
