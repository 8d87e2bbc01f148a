"""Instants and days as HL7 writes them, as ISO 8601 of the same precision."""

import re
from datetime import datetime
from typing import Final

_HL7: Final = re.compile(
    r"([0-9]{4})(?:([0-9]{2})(?:([0-9]{2})(?:([0-9]{2})([0-9]{2})?([0-9]{2})?)?)?)?"
    r"(?:\.[0-9]{1,6})?(?:([+-])([0-9]{2,4}))?"
)
_ISO: Final = re.compile(
    r"[0-9]{4}(-[0-9]{2}(-[0-9]{2}(T[0-9:]{5,8}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})?)?)?)?"
)


def from_hl7(text: str) -> str:
    """`YYYY[MM[DD[hhmm[ss]]]][+ZZZZ]` as ISO 8601; empty if it is no date."""
    found = _HL7.fullmatch(text.strip())
    if not found:
        return ""
    year, month, day, hour, minute, second, sign, zone = found.groups()
    written = "-".join(part for part in (year, month, day) if part)
    if hour:
        written += f"T{hour}:{minute or '00'}:{second or '00'}"
        if sign:
            # `+100` is met for `+0100`.
            digits = zone.rjust(4, "0") if len(zone) > 2 else zone.ljust(4, "0")
            written += f"{sign}{digits[:2]}:{digits[2:]}"
    return written if _is_real(written) else ""


def from_iso(text: str) -> str:
    """A FHIR date or dateTime, as it is; empty if it is none."""
    found = text.strip()
    return found if _ISO.fullmatch(found) and _is_real(found) else ""


def birth_date(text: str) -> str:
    """
    A day of birth, of HL7 or ISO form; empty if it is none.

    Month and day may be 00 or above the calendar's: civil records that do not know them.
    """
    digits = text.strip().replace("-", "")[:8]
    if not re.fullmatch(r"[12][0-9]{3}(?:[0-9]{2}){0,2}", digits):
        return ""
    return "-".join(part for part in (digits[:4], digits[4:6], digits[6:8]) if part)


def _is_real(written: str) -> bool:
    padded = written + "-01-01"[len(written) - 4 :] if len(written) < 10 else written
    try:
        datetime.fromisoformat(padded)
    except ValueError:
        return False
    return True
