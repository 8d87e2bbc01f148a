"""Which parser a file is for, told from its first bytes: names and extensions lie."""

from dataclasses import dataclass
from typing import Final

from lien.gateway import cda, fhir, hl7v2, mllp, pdf, strictjson
from lien.gateway.inbound import Inbound
from lien.gateway.quarantine import Reason, Unreadable

MAX_FILE_BYTES: Final = 32 * 1024**2
_MARKS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_WHITE: Final = b" \t\r\n"


@dataclass(frozen=True, slots=True, repr=False)
class Reading:
    """What a file is, and its documents: none for a file that is no document."""

    kind: str
    documents: tuple[Inbound, ...] = ()


# Its PDF may still be to come.
METADATA: Final = "metadata of a PDF"


def read(data: bytes, metadata: bytes | None = None) -> Reading:
    """
    The documents of a file; `metadata` is the JSON that lies beside a PDF.

    Raises: Unreadable, and nothing else, whatever the bytes.
    """
    if len(data) + len(metadata or b"") > MAX_FILE_BYTES:
        raise Unreadable(Reason.TOO_LARGE)
    if metadata is not None:
        return Reading("PDF with metadata", (pdf.parse(metadata, data),))
    start = data[:64].lstrip(_WHITE)
    if data[:1] == mllp.START or start.removeprefix(_MARKS[0]).startswith(b"MSH"):
        return Reading("HL7v2", hl7v2.parse(data))
    for mark in _MARKS:
        start = start.removeprefix(mark).lstrip(_WHITE)
    start = start.replace(b"\x00", b"")  # UTF-16
    if start.startswith(b"<"):
        return Reading("CDA", (cda.parse(data),))
    if start.startswith(b"{"):
        if pdf.is_metadata(strictjson.parse(data)):
            return Reading(METADATA)
        submission = fhir.parse(data)
        return Reading(f"FHIR {submission.kind}", submission.documents)
    raise Unreadable(Reason.NO_METADATA if start[:5] == b"%PDF-" else Reason.UNKNOWN_FORMAT)
