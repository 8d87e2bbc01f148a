"""Builds extracts: a row is valid by default, a test names what it is about."""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO

from lien.demo.columns import COLUMNS
from lien.ids import is_rpps

RPPS = "Identifiant PP"
FAMILY = "Nom d'exercice"
GIVEN = "Prénom d'exercice"
CATEGORY = "Code catégorie professionnelle"
PROFESSION_CODE = "Code profession"
PROFESSION = "Libellé profession"
SPECIALITY = "Libellé savoir-faire"
STRUCTURE = "Raison sociale site"
POSTCODE = "Code postal (coord. structure)"
COMMUNE_CODE = "Code commune (coord. structure)"
COMMUNE = "Libellé commune (coord. structure)"
CEDEX = "Bureau cedex (coord. structure)"

NUMBERS = [str(n) for n in range(99000000000, 99000001000) if is_rpps(str(n))]


def a_row(number: int | str = 0, **values: str) -> dict[str, str]:
    """A row about the n-th number; names of columns are given as the constants above."""
    rpps = NUMBERS[number] if isinstance(number, int) else number
    return {
        "Type d'identifiant PP": "8",
        RPPS: rpps,
        "Code civilité": "MME",
        FAMILY: "FICTIF-HOARAU",
        GIVEN: "Marie",
        PROFESSION_CODE: "60",
        PROFESSION: "Infirmier",
        CATEGORY: "C",
        "Code mode exercice": "L",
        STRUCTURE: "CABINET FICTIF",
        POSTCODE: "97400",
        COMMUNE_CODE: "97411",
        COMMUNE: "Saint-Denis",
        **values,
    }


def a_named_row(number: int, family: str, given: str, **values: str) -> dict[str, str]:
    return a_row(number, **{FAMILY: family, GIVEN: given, **values})


def write_lines(rows: Iterable[Mapping[str, str]], columns: Sequence[str] = COLUMNS) -> list[bytes]:
    lines = ["|".join(columns)]
    lines += ["|".join(row.get(column, "") for column in columns) for row in rows]
    return [f"{line}|\n".encode() for line in lines]


def an_extract(*rows: Mapping[str, str], columns: Sequence[str] = COLUMNS) -> BytesIO:
    return BytesIO(b"".join(write_lines(rows, columns)))
