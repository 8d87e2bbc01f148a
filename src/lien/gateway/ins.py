"""
The national health identity (INS): its number, its key, its kinds and what they allow.

The number is 13 characters and a key: sex, year, month, place of birth, order. It never goes
without the OID of its kind.
"""

import re
from enum import StrEnum
from typing import Final

NIR: Final = "1.2.250.1.213.1.4.8"
NIA: Final = "1.2.250.1.213.1.4.9"
TEST: Final = "1.2.250.1.213.1.4.10"
DEMO: Final = "1.2.250.1.213.1.4.11"
OIDS: Final = frozenset({NIR, NIA, TEST, DEMO})
# Identities that belong to nobody: refused where real people are cared for.
FICTITIOUS: Final = frozenset({TEST, DEMO})

# Decree 82-103: months 20 to 42 and from 50 stand for incomplete civil records.
_MATRICULE: Final = re.compile(
    r"[1-478][0-9]{2}(?:0[1-9]|1[0-2]|[23][0-9]|4[0-2]|[5-9][0-9])"
    r"(?:[0-9]{2}|2[AB])[0-9]{3}[0-9]{3}[0-9]{2}"
)
# Reliability codes of HL7v2 PID-32 and of the FHIR extension; the others are not verified.
_QUALIFIED: Final = frozenset({"VALI", "QUAL"})


class Status(StrEnum):
    """What may be done with an identity. Only `QUALIFIED` may be shown with its number."""

    QUALIFIED = "qualified"
    UNQUALIFIED = "unqualified"  # the sender says provisional or retrieved only
    INVALID = "matricule_invalid"
    TEST = "test"
    DEMO = "demo"
    ABSENT = "ins_absent"
    AMBIGUOUS = "ambiguous"


def is_matricule(text: str) -> bool:
    """
    True for 15 characters of the right shape whose key is right.

    The key is 97 minus the remainder of the first 13 by 97, Corsica's 2A and 2B counted as 19
    and 18; it can be 97.
    """
    if not _MATRICULE.fullmatch(text):
        return False
    place = text[5:7].replace("2A", "19").replace("2B", "18")
    return int(text[13:]) == 97 - int(text[:5] + place + text[7:13]) % 97


def status_of(oid: str, matricule: str, reliability: str = "") -> Status:
    """
    The status of one number.

    A number that comes without a word on its reliability is qualified: INS implementation
    guide 3.0, EXI ID 29, only a qualified identity travels with its number.
    """
    if not matricule or oid not in OIDS:
        return Status.ABSENT
    if not is_matricule(matricule):
        return Status.INVALID
    if oid in FICTITIOUS:
        return Status.TEST if oid == TEST else Status.DEMO
    if reliability and reliability.upper() not in _QUALIFIED:
        return Status.UNQUALIFIED
    return Status.QUALIFIED
