"""
What an HL7v2 sender is told: the technical acknowledgement, then the business one (ZAM).

The technical one says if the message was taken: `AA`, `AE` (read, refused) or `AR` (not read). A
quarantined document is taken: it is kept, and a person will look at it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from lien.gateway import er7, mllp
from lien.gateway.quarantine import ENGLISH, Reason, Unreadable
from lien.ids import RppsNumber

_BUSINESS: Final = "AckMetierZAM"
_PROFILE: Final = "2.1^CISIS_CDA_HL7_V2"  # of a ZAM to a sender that names none
_MAX_HEADER_BYTES: Final = 10_000


class Outcome(StrEnum):
    """HL7 table 0008."""

    ACCEPTED = "AA"
    ERROR = "AE"
    REJECTED = "AR"


@dataclass(frozen=True, slots=True)
class Failure:
    """
    Why a recipient does not have the document: `severity` of HL7 table 0516, `code` and `label`
    of the volet's table SMTPERRORCODE, and beside them our own `cause` with its sentence.
    """

    severity: str
    code: str
    label: str
    cause: str
    sentence: str


def technical(
    message: bytes, *, control_id: str, at: datetime, refused: Reason | None = None
) -> bytes:
    """The answer to a message, even to one that cannot be read; not framed."""
    header = _header(message)
    outcome = Outcome.ACCEPTED
    if refused:
        outcome = Outcome.ERROR if header else Outcome.REJECTED
    event = header.field(9).component(2) if header else ""
    answered = header.field(10).component(1) if header else ""
    lines = [
        _head(header, f"ACK^{_text(event)}^ACK" if event else "ACK", control_id, at),
        f"MSA|{outcome.value}|{_text(answered)}",
    ]
    if refused:
        lines.append(f"ERR|||207^Application internal error^HL70357|E||||{_text(ENGLISH[refused])}")
    return _written(lines)


def business(
    message: bytes,
    *,
    control_id: str,
    at: datetime,
    recipient: RppsNumber,
    address: str = "",
    failure: Failure | None = None,
) -> bytes:
    """
    The business answer for one recipient: delivered, or why not. An empty recipient when it goes
    to nobody. ZAM^Z02, reception by a professional's mailbox: Z01 is the DMP's, Z03 a reading.

    Raises: Unreadable, for a message without a header.
    """
    header = _header(message)
    if header is None:
        raise Unreadable(Reason.UNKNOWN_FORMAT)
    answered = _text(header.field(10).component(1))
    lines = [
        _head(header, "ZAM^Z02^ZAM_Z01", control_id, at, version="2.6", profile=_PROFILE),
        f"EVN||{_instant(at)}",
        f"OBX|1|CWE|ACK_RECEPTION_MSS^Accusé de réception MSSanté^{_BUSINESS}|{answered}"
        f"|{'N' if failure else 'Y'}^^expandedYes-NoIndicator||||||F",
        f"OBX|2|XTN|DESTINATAIRE_MSS^Destinataire MSSanté^{_BUSINESS}"
        f"|{f'8{recipient}' if recipient else ''}|^^X.400^{_text(address)}||||||F",
    ]
    if failure:
        coded = f"{failure.code}^{_text(failure.label)}^SMTPERRORCODE"
        ours = f"{_text(failure.cause)}^{_text(failure.sentence)}^LIEN"
        error = "207^Application error^messageErrorCondition"
        lines.append(f"ERR|||{error}|{failure.severity}|{coded}^{ours}")
    return _written(lines)


def header_of(message: bytes) -> bytes:
    """The `MSH` of a message, which is all that an answer to it needs; empty without one."""
    if _header(message) is None:
        return b""
    return _first_line(message)


def control_id_of(header: bytes) -> str:
    """The identifier of a message (`MSH-10`); empty without one."""
    found = _header(header)
    return found.field(10).component(1) if found else ""


def _header(message: bytes) -> er7.Segment | None:
    """The header alone: it can be answered when the rest cannot be read."""
    data = _first_line(message)
    try:
        return er7.parse(data).header if data else None
    except Unreadable:
        return None


def _first_line(message: bytes) -> bytes:
    data = message.removeprefix(mllp.START).lstrip(b"\r\n\t \xef\xbb\xbf")
    return data.splitlines()[0][:_MAX_HEADER_BYTES] if data else b""


def _head(
    header: er7.Segment | None,
    kind: str,
    control_id: str,
    at: datetime,
    version: str = "",
    profile: str = "",
) -> str:
    """Sender and receiver change places; the separators are the usual ones."""
    ends = [_text(header.field(n).component(1)) if header else "" for n in (5, 6, 3, 4)]
    processing = _text(header.field(11).component(1)) if header else ""
    version = version or (_text(header.field(12).component(1)) if header else "")
    named = "^".join(_text(header.field(21).component(n)) for n in (1, 2)) if header else ""
    profile = named.strip("^") or profile
    return (
        f"MSH|^~\\&|{'|'.join(ends)}|{_instant(at)}||{kind}|{_text(control_id)}"
        f"|{processing or 'P'}|{version or '2.6'}|||||FRA|UNICODE UTF-8|||{profile}"
    )


def _instant(at: datetime) -> str:
    return at.strftime("%Y%m%d%H%M%S%z")


def _text(value: str) -> str:
    """Escaped for the usual separators, one line, bounded: it comes from the other side."""
    line = " ".join(value[:500].split()).replace("\\", "\\E\\")
    for mark, code in (("|", "F"), ("^", "S"), ("~", "R"), ("&", "T")):
        line = line.replace(mark, f"\\{code}\\")
    return line


def _written(lines: list[str]) -> bytes:
    return "".join(f"{line}\r" for line in lines).encode()
