"""The two smaller files of the extract: they give specialities to people of the first."""

from collections.abc import Mapping
from io import BytesIO

import pytest

from lien.directory import BadExtract, Directory, FileKind, Reason, Rejected
from lien.directory.extract import Extract
from lien.directory.models import Skill
from lien.directory.service import imports
from lien.ids import RppsNumber
from tests.directory.loading import PARIS, REUNION, load, names
from tests.directory.rows import (
    CATEGORY,
    NUMBERS,
    PROFESSION_CODE,
    RPPS,
    SPECIALITY,
    a_row,
    an_extract,
)

DISCIPLINE = "Libellé discipline autorisation"
SKILL_COLUMNS = ("Type d'identifiant PP", RPPS, PROFESSION_CODE, CATEGORY, SPECIALITY)
DIPLOMA_COLUMNS = (*SKILL_COLUMNS[:2], "Libellé diplôme obtenu", DISCIPLINE)  # no profession


def skills(*rows: Mapping[str, str]) -> BytesIO:
    return an_extract(*rows, columns=SKILL_COLUMNS)


def diplomas(*rows: Mapping[str, str]) -> BytesIO:
    return an_extract(*rows, columns=DIPLOMA_COLUMNS)


async def load_all(directory: Directory, *files: BytesIO) -> list[str]:
    """Import, then the specialities of the first person."""
    await directory.import_extract(*files, territory=REUNION, extract_date="2026-11-01")
    person = await directory.find(RppsNumber(NUMBERS[0]))
    assert person is not None
    return list(person.specialities)


def test_files_are_told_apart_by_their_columns() -> None:
    kinds = [Extract(file).kind for file in (an_extract(), skills(), diplomas())]
    assert kinds == [FileKind.ACTIVITIES, FileKind.SKILLS, FileKind.DIPLOMAS]


def test_skill_is_read_and_a_bad_row_is_named_with_its_file() -> None:
    rows = list(Extract(skills(a_row(1, **{SPECIALITY: "Douleur"}), a_row("12"))).read_skills())
    assert rows == [
        Skill(2, RppsNumber(NUMBERS[1]), "60", "C", "Douleur"),
        Rejected(3, Reason.NUMBER, FileKind.SKILLS),
    ]


async def test_specialities_of_all_files_are_gathered_and_found(directory: Directory) -> None:
    found = await load_all(
        directory,
        diplomas(a_row(0, **{DISCIPLINE: "Gériatrie"}), a_row(0, **{DISCIPLINE: ""})),
        skills(
            a_row(0, **{SPECIALITY: "Douleur"}),
            a_row(0, **{SPECIALITY: "PÉDIATRIE"}),  # the same label, as another file writes it
            a_row(7, **{SPECIALITY: "Douleur"}),  # of nobody
        ),
        an_extract(a_row(0, **{SPECIALITY: "Pédiatrie"}), a_row(1)),
    )
    assert found == ["Pédiatrie", "Douleur", "Gériatrie"]
    assert names(await directory.search("hoarau geriatrie")) == ["FICTIF-HOARAU Marie"]


async def test_second_import_without_the_other_files_takes_them_away(directory: Directory) -> None:
    activities = a_row(0)
    assert await load_all(
        directory, an_extract(activities), skills(a_row(0, **{SPECIALITY: "Douleur"}))
    ) == ["Douleur"]
    report = await load(directory, an_extract(activities))
    assert (report.changed, report.completed) == (1, 0)
    assert names(await directory.search("douleur")) == []


async def test_skill_of_a_student_is_not_the_nurses(directory: Directory) -> None:
    found = await load_all(
        directory,
        an_extract(a_row(0)),
        skills(
            a_row(0, **{SPECIALITY: "Cardiologie", PROFESSION_CODE: "10"}),
            a_row(0, **{SPECIALITY: "Chirurgie", CATEGORY: "E"}),
        ),
    )
    assert found == []


async def test_authorisation_is_not_a_students(directory: Directory) -> None:
    """The file of diplomas does not say what it is about."""
    student = a_row(0, **{CATEGORY: "E"})
    discipline = a_row(0, **{DISCIPLINE: "Chirurgie"})
    assert await load_all(directory, an_extract(student), diplomas(discipline)) == []
    assert await load_all(directory, an_extract(a_row(0)), diplomas(discipline)) == ["Chirurgie"]


async def test_people_from_elsewhere_are_left_as_they_are(
    directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "_BATCH", 1)
    found = await load_all(
        directory,
        an_extract(a_row(0, **PARIS), a_row(1)),
        skills(*(a_row(0, **{SPECIALITY: f"Spécialité {n}"}) for n in range(10))),
    )
    assert found == []


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ((skills(),), "none of these files"),
        ((an_extract(a_row(0)), an_extract(a_row(0))), "two of these files"),
        ((an_extract(a_row(0)), BytesIO(b"other|file\n")), "no column"),
    ],
)
async def test_files_that_are_not_one_extract_are_refused(
    directory: Directory, files: tuple[BytesIO, ...], reason: str
) -> None:
    with pytest.raises(BadExtract, match=reason):
        await directory.import_extract(*files, territory=REUNION, extract_date="2026-11-01")


async def test_doubled_file_says_everything_once(directory: Directory) -> None:
    """The same file twice in one, its first line included."""
    one = an_extract(a_row(0), a_row(1)).getvalue()
    report = await load(directory, BytesIO(one + one))
    assert (report.people, report.rejected) == (2, {Reason.NUMBER: 1})
    assert len((await directory.search("hoarau")).professionals) == 2


async def test_everyone_may_work_in_the_territory_and_be_completed(directory: Directory) -> None:
    """More commands than may wait for the store at once."""
    people = [str(99100000000 + number) for number in range(1_500)]
    await directory.import_extract(
        an_extract(*map(a_row, people)),
        skills(*(a_row(rpps, **{SPECIALITY: "Douleur"}) for rpps in people)),
        territory=REUNION,
        extract_date="2026-11-01",
    )
    person = await directory.find(RppsNumber(people[-1]))
    assert person is not None
    assert person.specialities == ("Douleur",)
