"""Any file of this kind is read, whatever its columns; any bad row is named and left out."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lien.demo.columns import COLUMNS
from lien.directory.errors import BadExtract
from lien.directory.extract import MAX_LABEL, MAX_LINE, REQUIRED, Extract
from lien.directory.models import Activity, Reason, Rejected, Row
from tests.directory.rows import (
    CATEGORY,
    CEDEX,
    COMMUNE,
    COMMUNE_CODE,
    FAMILY,
    GIVEN,
    NUMBERS,
    POSTCODE,
    PROFESSION,
    PROFESSION_CODE,
    RPPS,
    SPECIALITY,
    STRUCTURE,
    a_row,
    an_extract,
    write_lines,
)


def read_rows(file: BytesIO) -> Iterator[Row | Rejected]:
    yield from Extract(file).read_rows()


def read_one(**values: str) -> Row:
    (row,) = read_rows(an_extract(a_row(**values)))
    assert isinstance(row, Row)
    return row


def read_reason(line: bytes) -> Reason:
    rows = list(read_rows(BytesIO(write_lines([])[0] + line)))
    assert len(rows) == 1
    assert isinstance(rows[0], Rejected)
    assert rows[0].line == 2
    return rows[0].reason


def test_row_is_read_by_the_names_of_its_columns() -> None:
    person = read_one(**{SPECIALITY: "Pratique avancée"}).professional

    assert person.rpps == NUMBERS[0]
    assert (person.family_name, person.given_name) == ("FICTIF-HOARAU", "Marie")
    assert (person.profession_code, person.profession) == ("60", "Infirmier")
    assert (person.civility, person.category) == ("Mme", "C")
    assert person.specialities == ("Pratique avancée",)
    assert person.activities == (Activity("CABINET FICTIF", "Saint-Denis", "97400", "L"),)


@given(st.permutations(COLUMNS), st.sets(st.sampled_from(COLUMNS)))
def test_columns_may_move_and_optional_ones_may_be_missing(
    columns: list[str], missing: set[str]
) -> None:
    kept = [name for name in columns if name in REQUIRED or name not in missing]

    (row,) = read_rows(an_extract(a_row(3), columns=kept))

    assert isinstance(row, Row)
    assert row.professional.rpps == NUMBERS[3]
    assert row.professional.family_name == "FICTIF-HOARAU"
    assert row.commune_code == "97411"


def test_older_file_of_52_columns_is_read() -> None:
    (row,) = read_rows(an_extract(a_row(), columns=COLUMNS[:52]))
    assert isinstance(row, Row)


def test_newer_file_with_a_column_more_is_read() -> None:
    (row,) = read_rows(an_extract(a_row(), columns=(*COLUMNS, "Une colonne de demain")))
    assert isinstance(row, Row)


def test_header_is_recognised_whatever_its_apostrophes_mark_and_line_ends() -> None:
    lines = write_lines([a_row()])
    header = lines[0].decode().replace("'", "’").encode()
    file = b"\xef\xbb\xbf" + header.replace(b"\n", b"\r\n") + lines[1].replace(b"\n", b"\r\n")

    (row,) = read_rows(BytesIO(file))

    assert isinstance(row, Row)
    assert row.professional.activities[0].structure == "CABINET FICTIF"


def test_last_line_needs_no_end_and_no_trailing_separator() -> None:
    file = b"".join(write_lines([a_row()])).rstrip(b"|\n")
    file += b"|" * (len(COLUMNS) - 1 - file.splitlines()[1].count(b"|"))

    (row,) = read_rows(BytesIO(file))

    assert isinstance(row, Row)


def test_role_stands_for_the_profession_of_who_has_none() -> None:
    """Coordinators and medical secretaries."""
    person = read_one(
        **{
            PROFESSION_CODE: "",
            PROFESSION: "",
            "Code rôle": "330",
            "Libellé rôle": "Coordonnateur de parcours",
        }
    ).professional

    assert (person.profession_code, person.profession) == ("330", "Coordonnateur de parcours")


def test_cedex_row_without_commune_is_placed_by_its_post_office() -> None:
    row = read_one(
        **{
            COMMUNE_CODE: "",
            COMMUNE: "",
            POSTCODE: "",
            CEDEX: "97405 SAINT DENIS CEDEX",
        }
    )

    assert row.commune_code == ""
    assert row.professional.activities[0].postcode == "97405"
    assert row.professional.activities[0].commune == "Saint Denis"


def test_person_without_any_structure_has_no_activity() -> None:
    row = read_one(**{STRUCTURE: "", POSTCODE: "", COMMUNE_CODE: "", COMMUNE: ""})
    assert row.professional.activities == ()


def test_student_is_read_as_one() -> None:
    assert read_one(**{CATEGORY: "E"}).professional.is_student


def test_text_is_printable_and_bounded() -> None:
    row = read_one(**{STRUCTURE: "A\u202eB\tC  D" + "x" * 1_000})
    structure = row.professional.activities[0].structure
    assert structure.startswith("A B C Dxx")
    assert len(structure) == MAX_LABEL


def test_number_that_fails_the_luhn_check_is_kept() -> None:
    """Published samples fail it; sign-up is where it is checked."""
    assert read_one(**{RPPS: "99000000001"}).professional.rpps == "99000000001"


@pytest.mark.parametrize(
    "number", ["", "9900000000", "990000000021", "9900000000A", "９９０００００００１０"]
)
def test_other_numbers_are_rejected(number: str) -> None:
    assert read_reason(write_lines([a_row(**{RPPS: number})])[1]) is Reason.NUMBER


def test_identifier_of_another_type_is_rejected() -> None:
    line = write_lines([a_row(**{"Type d'identifiant PP": "0"})])[1]
    assert read_reason(line) is Reason.NUMBER


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "X" * (MAX_LABEL + 1)])
def test_unusable_name_is_rejected(name: str) -> None:
    assert read_reason(write_lines([a_row(**{FAMILY: name})])[1]) is Reason.NAME


def test_truncated_row_is_rejected() -> None:
    line = write_lines([a_row()])[1]
    assert read_reason(line[: len(line) // 2]) is Reason.FIELDS


def test_row_with_a_separator_too_many_is_rejected() -> None:
    """Names would slide into other columns."""
    assert read_reason(write_lines([a_row(**{GIVEN: "Marie|Line"})])[1]) is Reason.FIELDS


def test_other_encoding_is_rejected() -> None:
    line = write_lines([a_row(**{FAMILY: "FICTIF-BÈGUE"})])[1].decode().encode("latin-1")
    assert read_reason(line) is Reason.NOT_UTF8


@pytest.mark.parametrize("length", [MAX_LINE + 1, MAX_LINE * 2, MAX_LINE * 3 + 5, MAX_LINE * 20])
def test_giant_line_is_passed_over_and_the_next_one_read(length: int) -> None:
    lines = write_lines([a_row(1)])
    file = BytesIO(lines[0] + b"x" * length + b"\n" + lines[1])

    first, second = read_rows(file)

    assert first == Rejected(2, Reason.TOO_LONG)
    assert isinstance(second, Row)
    assert second.line == 3


def test_giant_file_without_line_end_stays_small_in_memory() -> None:
    class Endless(BytesIO):
        """Counts what is asked at once."""

        most = 0

        def readline(self, size: int | None = -1, /) -> bytes:
            assert size is not None
            assert 0 < size <= MAX_LINE + 1
            return super().readline(size)

    file = Endless(write_lines([])[0] + b"x" * 1_000_000)
    assert list(read_rows(file)) == [Rejected(2, Reason.TOO_LONG)]


def test_empty_lines_are_nothing() -> None:
    assert list(read_rows(BytesIO(write_lines([])[0] + b"\n\r\n\n"))) == []


@pytest.mark.parametrize("missing", REQUIRED)
def test_file_without_a_needed_column_is_refused(missing: str) -> None:
    columns = [name for name in COLUMNS if name != missing]
    with pytest.raises(BadExtract, match="no column"):
        list(read_rows(an_extract(a_row(), columns=columns)))


def test_file_with_a_column_twice_is_refused() -> None:
    with pytest.raises(BadExtract, match="twice"):
        list(read_rows(an_extract(a_row(), columns=(*COLUMNS, FAMILY))))


@pytest.mark.parametrize(
    "start",
    [b"", b"\n", b"\xff\xfe\n", b"PK\x03\x04", b"a|" * 400 + b"\n", b"x" * (MAX_LINE * 2)],
)
def test_file_of_another_kind_is_refused(start: bytes) -> None:
    with pytest.raises(BadExtract):
        list(read_rows(BytesIO(start)))


@given(st.lists(st.binary(max_size=200) | st.sampled_from(write_lines([a_row(), a_row(1)]))))
def test_no_line_stops_an_import(lines: list[bytes]) -> None:
    """Whatever the rows hold, each is read or rejected with its line."""
    file = BytesIO(write_lines([])[0] + b"\n".join(lines))
    for row in read_rows(file):
        assert isinstance(row, Row | Rejected)
        assert row.line >= 2
        if isinstance(row, Row):
            assert len(row.professional.rpps) == 11
            assert 0 < len(row.professional.family_name) <= MAX_LABEL


@given(st.binary(max_size=400), st.integers(0, 600))
def test_damaged_file_is_read_or_refused(noise: bytes, place: int) -> None:
    file = b"".join(write_lines([a_row()]))
    try:
        list(read_rows(BytesIO(file[:place] + noise + file[place:])))
    except BadExtract:
        assert place <= len(write_lines([])[0])
