"""
Reads the files of the national directory extract (`PS_LibreAcces_*.txt`). Pure, streamed.

Three files: one line per activity, per skill (savoir-faire), per diploma or authorisation. All
are UTF-8, fields between `|` without quoting, a `|` after the last one. Columns were appended
over the years and are found by the name in the first line, never by place; the same names tell
the three files apart. A row that cannot be read is reported and left out; it never stops an
import. Memory does not depend on the file: the longest line kept is `MAX_LINE`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import IO, Final, TypeVar

from lien.directory.errors import BadExtract
from lien.directory.models import Activity, FileKind, Professional, Reason, Rejected, Row, Skill
from lien.directory.rules import words_of
from lien.ids import RppsNumber

T = TypeVar("T")

MAX_LINE: Final = 16_384  # bytes; the longest published line is under 2,000
MAX_COLUMNS: Final = 256
MAX_LABEL: Final = 128  # characters, also the bound of names in an account chain (docs/keys.md)

_RPPS: Final = "Identifiant PP"
_FAMILY: Final = "Nom d'exercice"
_GIVEN: Final = "Prénom d'exercice"
_PROFESSION_CODE: Final = "Code profession"
_PROFESSION: Final = "Libellé profession"
_CATEGORY: Final = "Code catégorie professionnelle"
_POSTCODE: Final = "Code postal (coord. structure)"
_COMMUNE_CODE: Final = "Code commune (coord. structure)"
REQUIRED: Final = (
    _RPPS, _FAMILY, _GIVEN, _PROFESSION_CODE, _PROFESSION, _CATEGORY, _POSTCODE, _COMMUNE_CODE,
)  # fmt: skip

_TYPE: Final = "Type d'identifiant PP"
_TITLE: Final = "Code civilité d'exercice"
_CIVILITY: Final = "Code civilité"
_SPECIALITY: Final = "Libellé savoir-faire"
_MODE: Final = "Code mode exercice"
_STRUCTURE: Final = "Raison sociale site"
_SIGN: Final = "Enseigne commerciale site"
_CEDEX: Final = "Bureau cedex (coord. structure)"
_COMMUNE: Final = "Libellé commune (coord. structure)"
_ROLE_CODE: Final = "Code rôle"
_ROLE: Final = "Libellé rôle"
OPTIONAL: Final = (
    _TYPE, _TITLE, _CIVILITY, _SPECIALITY, _MODE, _STRUCTURE, _SIGN, _CEDEX, _COMMUNE, _ROLE_CODE,
    _ROLE,
)  # fmt: skip

_DISCIPLINE: Final = "Libellé discipline autorisation"
_NEEDED: Final = {
    FileKind.ACTIVITIES: REQUIRED,
    FileKind.SKILLS: (_RPPS, _PROFESSION_CODE, _CATEGORY, _SPECIALITY),
    FileKind.DIPLOMAS: (_RPPS, _DISCIPLINE),
}

# As written on a French door plate. The extract has codes of TRE_R81 and TRE_R11.
_CIVILITIES: Final = {"DR": "Dr", "PR": "Pr", "M": "M.", "MME": "Mme", "MLLE": "Mme"}


class Extract:
    """One of the three files, its first line read."""

    def __init__(self, stream: IO[bytes]) -> None:
        """Raises: BadExtract if the first line is not the header of such a file."""
        self._lines = _lines(stream)
        self._columns = _Columns(next(self._lines, None))

    @property
    def kind(self) -> FileKind:
        return self._columns.kind

    def read_rows(self) -> Iterator[Row | Rejected]:
        """Each activity, in the order of the file."""
        return self._read(self._columns.read_row)

    def read_skills(self) -> Iterator[Skill | Rejected]:
        """Each skill or diploma, in the order of the file."""
        return self._read(self._columns.read_skill)

    def _read(self, read: Callable[[int, bytes], T | Rejected]) -> Iterator[T | Rejected]:
        for number, line in enumerate(self._lines, start=2):
            if line is None:
                yield Rejected(number, Reason.TOO_LONG, self.kind)
            elif line:
                yield read(number, line)


def _lines(stream: IO[bytes]) -> Iterator[bytes | None]:
    """Lines without their end; None for one over the bound, which is passed over in pieces."""
    while line := stream.readline(MAX_LINE + 1):
        if len(line) <= MAX_LINE or line.endswith(b"\n"):
            yield line.rstrip(b"\r\n")
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(MAX_LINE)
        yield None


def _fields(line: bytes) -> list[str]:
    """Raises: UnicodeDecodeError."""
    fields = line.decode("utf-8").split("|")
    if len(fields) > 1 and not fields[-1]:
        fields.pop()  # what follows the trailing separator
    return fields


def _column(name: str) -> str:
    # Case, accents and the kind of apostrophe differ between publications of the same file.
    return " ".join(words_of(name))


def _kind_of(folded: Sequence[str]) -> FileKind:
    """Raises: BadExtract if a column is missing that files of this kind have."""
    kind = FileKind.ACTIVITIES
    if _column(_DISCIPLINE) in folded:
        kind = FileKind.DIPLOMAS
    # The activities have a skill each, too.
    elif _column(_SPECIALITY) in folded and not any(
        _column(name) in folded for name in (_POSTCODE, _COMMUNE_CODE, _MODE)
    ):
        kind = FileKind.SKILLS
    missing = [name for name in _NEEDED[kind] if _column(name) not in folded]
    if missing:
        raise BadExtract(f"the first line has no column {missing[0]!r}")
    return kind


class _Columns:
    """Where each known column is in this file."""

    def __init__(self, header: bytes | None) -> None:
        try:
            names = _fields((header or b"").removeprefix(b"\xef\xbb\xbf"))
        except UnicodeDecodeError as error:
            raise BadExtract("the first line is not UTF-8") from error
        folded = [_column(name) for name in names[: MAX_COLUMNS + 1]]
        if len(folded) > MAX_COLUMNS:
            raise BadExtract(f"the first line has more than {MAX_COLUMNS} columns")
        self.kind = _kind_of(folded)
        known = {_column(name): name for name in (*REQUIRED, *OPTIONAL, _DISCIPLINE)}
        doubled = [known[name] for name in known if folded.count(name) > 1]
        if doubled:
            raise BadExtract(f"the first line has the column {doubled[0]!r} twice")
        self._count = len(folded)
        # The place of an absent optional column is one past the end, where `read` puts "".
        self._places: Mapping[str, int] = {
            name: folded.index(key) if key in folded else self._count for key, name in known.items()
        }

    def read_row(self, number: int, line: bytes) -> Row | Rejected:
        fields = self._split(number, line)
        if isinstance(fields, Rejected):
            return fields
        at = self._places
        family, given = _text(fields[at[_FAMILY]]), _text(fields[at[_GIVEN]])
        if not family or len(family) > MAX_LABEL or len(given) > MAX_LABEL:
            return Rejected(number, Reason.NAME, self.kind)
        return self._row(number, RppsNumber(fields[at[_RPPS]].strip()), family, given, fields)

    def read_skill(self, number: int, line: bytes) -> Skill | Rejected:
        fields = self._split(number, line)
        if isinstance(fields, Rejected):
            return fields
        at = self._places
        label = _SPECIALITY if self.kind is FileKind.SKILLS else _DISCIPLINE
        return Skill(
            line=number,
            rpps=RppsNumber(fields[at[_RPPS]].strip()),
            profession_code=fields[at[_PROFESSION_CODE]].strip()[:MAX_LABEL],
            category=fields[at[_CATEGORY]].strip()[:1],
            speciality=_text(fields[at[label]])[:MAX_LABEL].rstrip(),
        )

    def _split(self, number: int, line: bytes) -> list[str] | Rejected:
        """The fields and "" after them, if they are of a person with an RPPS number."""
        try:
            fields = line.decode("utf-8").split("|")
        except UnicodeDecodeError:
            return Rejected(number, Reason.NOT_UTF8, self.kind)
        if len(fields) == self._count + 1 and not fields[-1]:
            fields.pop()
        if len(fields) != self._count:
            return Rejected(number, Reason.FIELDS, self.kind)
        fields.append("")
        at = self._places
        rpps = fields[at[_RPPS]].strip()
        # Type 8 is the RPPS; 0 was ADELI, whose numbers are shorter.
        if fields[at[_TYPE]].strip() not in ("8", ""):
            return Rejected(number, Reason.NUMBER, self.kind)
        if len(rpps) != 11 or not (rpps.isascii() and rpps.isdigit()):
            return Rejected(number, Reason.NUMBER, self.kind)
        return fields

    def _row(
        self, number: int, rpps: RppsNumber, family: str, given: str, fields: Sequence[str]
    ) -> Row:
        def label(name: str) -> str:
            value = fields[self._places[name]]
            return _text(value)[:MAX_LABEL].rstrip() if value else ""  # most are empty

        title = label(_TITLE) or label(_CIVILITY)
        speciality = label(_SPECIALITY)
        # Coordinators and secretaries have a role (TRE_R85, 3xx) in place of a profession.
        profession_code, profession = label(_PROFESSION_CODE), label(_PROFESSION)
        if not profession_code:
            profession_code, profession = label(_ROLE_CODE), label(_ROLE)
        cedex = label(_CEDEX)
        postcode = (label(_POSTCODE) or cedex)[:5].rstrip()
        commune_code = label(_COMMUNE_CODE)
        structure = label(_STRUCTURE) or label(_SIGN)
        activities: tuple[Activity, ...] = ()
        if structure or postcode or commune_code:
            commune = label(_COMMUNE) or _town(cedex)
            activities = (Activity(structure, commune, postcode, label(_MODE)),)
        person = Professional(
            rpps=rpps,
            family_name=family,
            given_name=given,
            civility=_CIVILITIES.get(title.upper(), title),
            profession_code=profession_code,
            profession=profession,
            specialities=(speciality,) if speciality else (),
            category=label(_CATEGORY)[:1],
            activities=activities,
        )
        return Row(number, person, commune_code)


def _town(cedex: str) -> str:
    """`97405 SAINT DENIS CEDEX` → `Saint Denis`: such rows have no commune."""
    words = cedex.split()
    if words and words[0].isdigit():
        del words[0]
    return " ".join(words).partition(" CEDEX")[0].title()


def _text(value: str) -> str:
    """Single spaces, and nothing that does not print: no control or direction-changing sign."""
    if value.isprintable():
        return " ".join(value.split()) if "  " in value else value.strip()
    return " ".join("".join(sign if sign.isprintable() else " " for sign in value).split())
