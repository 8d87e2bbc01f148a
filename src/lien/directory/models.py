"""A professional of the national directory, and what an import says of itself. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from lien.ids import RppsNumber


@dataclass(frozen=True, slots=True)
class Activity:
    """One place where a professional works. `mode` is L (liberal), S (employed), B (volunteer)."""

    structure: str
    commune: str
    postcode: str
    mode: str


@dataclass(frozen=True, slots=True)
class Professional:
    """
    An entry of the national directory.

    `activities` are those of the territory. Who has none there is known by number, for
    sign-up, and is neither searched nor shown.
    """

    rpps: RppsNumber
    family_name: str
    given_name: str
    civility: str
    profession_code: str
    profession: str
    specialities: tuple[str, ...]
    category: str  # C civil, M military, E student
    activities: tuple[Activity, ...]

    @property
    def is_listed(self) -> bool:
        """True for someone who works in the territory."""
        return bool(self.activities)

    @property
    def is_student(self) -> bool:
        """True for category E, who must never be shown as a graduate."""
        return self.category == "E"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the extract: one activity of one person, wherever it is."""

    line: int
    professional: Professional  # its `activities` hold this row's place, in the territory or not
    commune_code: str  # INSEE, often empty


class FileKind(StrEnum):
    """The three files of the national extract, told apart by their first line."""

    ACTIVITIES = "personne_activite"
    SKILLS = "savoirfaire"
    DIPLOMAS = "dipl_autexerc"


@dataclass(frozen=True, slots=True)
class Skill:
    """
    What a row of the two other files adds to someone: a speciality.

    From the skills, the skill itself; from the diplomas, the discipline that an authorisation to
    practise names. A skill belongs to one profession of the person, as a graduate or as a student;
    of a diploma the file does not say: both are empty.
    """

    line: int
    rpps: RppsNumber
    profession_code: str
    category: str
    speciality: str  # empty for a diploma without authorisation


class Reason(StrEnum):
    """Why a row of the extract was left out."""

    TOO_LONG = "line_too_long"
    NOT_UTF8 = "not_utf8"
    FIELDS = "wrong_number_of_fields"
    NUMBER = "not_an_rpps_number"
    NAME = "no_usable_name"


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that could not be read. The row itself is not kept: it names a person."""

    line: int
    reason: Reason
    kind: FileKind = FileKind.ACTIVITIES


@dataclass(frozen=True, slots=True)
class Page:
    """Search results. `next` asks for what follows; a short page may still have one."""

    professionals: tuple[Professional, ...]
    next: str | None
    extract_date: str | None


@dataclass(frozen=True, slots=True)
class Report:
    """
    What an import did.

    Rows of every file are counted as `read`, `kept` (activities of the territory) and rejected;
    the rest counts people.
    """

    extract_date: str
    read: int
    kept: int
    known: int  # everyone in the file
    people: int  # listed in the territory
    added: int
    changed: int
    gone: int
    completed: int = 0  # given a speciality by the skills or the diplomas
    rejected: Mapping[Reason, int] = field(default_factory=dict)
    examples: tuple[Rejected, ...] = ()  # the first ones, with their line
