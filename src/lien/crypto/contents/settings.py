"""
What is agreed on for a whole conversation: picture, patient, how long messages stay.

The latest entry that names a field counts for it. Entries go with the log's retention, so a
device says the standing settings again before they are forgotten, with the offset where each was
agreed on: whoever repeats an old value does not undo a newer one.
"""

import re
from dataclasses import dataclass, field
from typing import ClassVar, Final

from lien.crypto.contents.body import Body
from lien.errors import Malformed

MAX_PICTURE_BYTES: Final = 16_384
MAX_NAME_CHARACTERS: Final = 128
MAX_RETENTION_DAYS: Final = 366
# As on an identity paper: the month or the day may be unknown, then they are 00.
_BIRTH_DATE: Final = re.compile(r"[12][0-9]{3}-(?:0[0-9]|1[0-2])-(?:[0-2][0-9]|3[01])")
_SEXES: Final = frozenset({"F", "M", "U"})


@dataclass(frozen=True, slots=True)
class Patient:
    """The traits that say who a patient is; `oid` and `matricule` if a document gave them."""

    birth_name: str = field(repr=False)
    first_name: str = field(repr=False)
    birth_date: str = field(repr=False)
    sex: str = field(repr=False)
    used_name: str = field(default="", repr=False)
    oid: str = field(default="", repr=False)
    matricule: str = field(default="", repr=False)

    def body(self) -> dict[str, object]:
        """The map of its traits, without those that are not known."""
        more = {"used_name": self.used_name, "oid": self.oid, "matricule": self.matricule}
        return {
            "birth_name": self.birth_name,
            "first_name": self.first_name,
            "birth_date": self.birth_date,
            "sex": self.sex,
            **{name: value for name, value in more.items() if value},
        }

    @classmethod
    def parse(cls, body: Body) -> "Patient":
        """Raises: Malformed, Newer."""
        patient = cls(
            body.text("birth_name", MAX_NAME_CHARACTERS, 1),
            body.text("first_name", MAX_NAME_CHARACTERS),
            body.text("birth_date", 10),
            body.text("sex", 1),
            body.optional("used_name", lambda name: body.text(name, MAX_NAME_CHARACTERS, 1)) or "",
            body.optional("oid", lambda name: body.text(name, 64, 1)) or "",
            body.optional("matricule", lambda name: body.text(name, 15, 15)) or "",
        )
        body.end()
        if patient.birth_date and not _BIRTH_DATE.fullmatch(patient.birth_date):
            raise Malformed("a birth date is a date or nothing")
        if patient.sex not in _SEXES or bool(patient.oid) != bool(patient.matricule):
            raise Malformed("a patient's traits do not agree with their form")
        return patient


@dataclass(frozen=True, slots=True)
class Settings:
    """
    Fields that are named change, the others stay as they are.

    `picture` is a small JPEG or WebP, empty bytes for none; `patient` is a patient or, when
    `has_patient` alone is set, nobody. `since` is 0 for a change, else the offset of the entry
    that is said again.
    """

    type: ClassVar[str] = "settings"
    picture: bytes | None = field(default=None, repr=False)
    retention_days: int | None = None
    patient: Patient | None = field(default=None, repr=False)
    has_patient: bool = False
    since: int = 0

    def body(self) -> dict[str, object]:
        patient = self.patient.body() if self.patient else None
        return {
            **({"picture": self.picture} if self.picture is not None else {}),
            **({"retention_days": self.retention_days} if self.retention_days is not None else {}),
            **({"patient": patient} if self.has_patient or self.patient else {}),
            **({"since": self.since} if self.since else {}),
        }

    @classmethod
    def parse(cls, body: Body) -> "Settings":
        picture = body.optional("picture", lambda name: body.blob_up_to(name, MAX_PICTURE_BYTES))
        days = body.optional(
            "retention_days", lambda name: body.integer(name, 1, MAX_RETENTION_DAYS)
        )
        has_patient = body.has("patient")
        settings = cls(
            picture,
            days,
            Patient.parse(body.part("patient"))
            if has_patient and not body.is_null("patient")
            else None,
            has_patient,
            body.optional("since", lambda name: body.integer(name, 1)) or 0,
        )
        if picture is None and days is None and not has_patient:
            body.end()
            raise Malformed("settings name nothing")
        return settings
