"""
What an HL7v2 sender is told: the technical acknowledgement, then the business one (ZAM).

The technical one says if the message was taken: `AA`, `AE` (read, refused) or `AR` (not read). A
quarantined document is taken: it is kept, and a person will look at it.
"""

from datetime import datetime
from enum import StrEnum
from typing import Final

from lien.gateway import er7, mllp
from lien.gateway.quarantine import ENGLISH, Reason, Unreadable
from lien.ids import RppsNumber

_BUSINESS: Final = "AckMetierZAM"


class Outcome(StrEnum):
    """HL7 table 0008."""

    ACCEPTED = "AA"
    ERROR = "AE"
    REJECTED = "AR"


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
    is_received: bool,
) -> bytes:
    """
    The business answer for one recipient: delivered, or not going to be.

    Raises: Unreadable, for a message without a header.
    """
    header = _header(message)
    if header is None:
        raise Unreadable(Reason.UNKNOWN_FORMAT)
    answered = _text(header.field(10).component(1))
    return _written(
        [
            _head(header, "ZAM^Z02^ZAM_Z01", control_id, at),
            f"EVN||{_instant(at)}",
            f"OBX|1|CWE|ACK_RECEPTION_MSS^Accusé de réception MSSanté^{_BUSINESS}|{answered}"
            f"|{'Y' if is_received else 'N'}||||||F",
            f"OBX|2|XTN|DESTINATAIRE_MSS^Destinataire MSSanté^{_BUSINESS}|8{recipient}"
            f"|^^X.400^{_text(address)}||||||F",
        ]
    )


def _header(message: bytes) -> er7.Segment | None:
    """The header alone: it can be answered when the rest cannot be read."""
    data = message.removeprefix(mllp.START).lstrip(b"\r\n\t \xef\xbb\xbf")
    try:
        return er7.parse(data.splitlines()[0][:10_000]).header if data else None
    except Unreadable:
        return None


def _head(header: er7.Segment | None, kind: str, control_id: str, at: datetime) -> str:
    """Sender and receiver change places; the separators are the usual ones."""
    ends = [_text(header.field(n).component(1)) if header else "" for n in (5, 6, 3, 4)]
    processing = _text(header.field(11).component(1)) if header else ""
    version = _text(header.field(12).component(1)) if header else ""
    profile = "^".join(_text(header.field(21).component(n)) for n in (1, 2)) if header else ""
    return (
        f"MSH|^~\\&|{'|'.join(ends)}|{_instant(at)}||{kind}|{_text(control_id)}"
        f"|{processing or 'P'}|{version or '2.6'}|||||FRA|UNICODE UTF-8|||{profile.strip('^')}"
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
