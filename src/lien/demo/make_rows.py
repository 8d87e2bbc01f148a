"""
Writes the demonstration's extract: invented people in the exact format of the national file.

Every family name contains FICTIF, every RPPS number starts with 99000000 and passes the Luhn
check, telephone numbers are in the range kept for fiction (02 61 91 xx xx). The places and the
codes are real. Run `python -m lien.demo.make_rows` after a change; a test compares the result
with the file that is kept.
"""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Final, NamedTuple

from lien.demo import NAME, cast
from lien.demo.columns import COLUMNS
from lien.ids import is_rpps

_CIVILITIES: Final = {"M": "Monsieur", "MME": "Madame"}
_CATEGORIES: Final = {"C": "Civil", "M": "Militaire", "E": "Etudiant"}
_MODES: Final = {"L": "Libéral, indépendant, artisan, commerçant", "S": "Salarié", "B": "Bénévole"}


class Structure(NamedTuple):
    """One place of the cast, see `cast.STRUCTURES`."""

    number: int
    name: str
    commune_code: str
    commune: str
    cedex: str  # "97405 SAINT DENIS CEDEX"
    sector: str


def make_extract() -> bytes:
    """The whole file, the same bytes each time."""
    lines = ["|".join(COLUMNS), *("|".join(row) for row in _rows())]
    return "".join(f"{line}|\n" for line in lines).encode()


def _rows() -> Iterator[list[str]]:
    structures = _structures()
    phones = count(1)
    for number, line in zip(_numbers(), cast.PEOPLE.strip().splitlines(), strict=False):
        civility, family, given, profession, speciality, category, *places = (
            part.strip() for part in line.split("|")
        )
        for place in places:
            mode, _, key = place.partition(" ")
            yield _row(
                {
                    **_person(number, civility, family, given, category),
                    **_profession(profession, speciality),
                    **(_place(structures[key], mode, next(phones)) if key else {}),
                }
            )


def _row(values: dict[str, str]) -> list[str]:
    unknown = values.keys() - set(COLUMNS)
    if unknown:
        raise KeyError(*unknown)
    return [values.get(column, "") for column in COLUMNS]


def _numbers() -> Iterator[str]:
    """The 100 numbers that start with 99000000 and pass the Luhn check."""
    return (str(number) for number in range(99000000000, 99000001000) if is_rpps(str(number)))


def _person(number: str, civility: str, family: str, given: str, category: str) -> dict[str, str]:
    title, _, code = civility.rpartition(" ")
    return {
        "Type d'identifiant PP": "8",
        "Identifiant PP": number,
        "Identification nationale PP": f"8{number}",
        "Code civilité d'exercice": title,
        "Libellé civilité d'exercice": {"DR": "Docteur", "PR": "Professeur"}.get(title, ""),
        "Code civilité": code,
        "Libellé civilité": _CIVILITIES[code],
        "Nom d'exercice": family,
        "Prénom d'exercice": given,
        "Code catégorie professionnelle": category,
        "Libellé catégorie professionnelle": _CATEGORIES[category],
    }


def _profession(code: str, speciality: str) -> dict[str, str]:
    values = {"Code genre activité": "GENR01"}
    values["Libellé genre activité"] = "Activité de soin et de pharmacie"
    if code in cast.ROLES:
        return {**values, "Code rôle": code, "Libellé rôle": cast.ROLES[code]}
    values |= {"Code profession": code, "Libellé profession": cast.PROFESSIONS[code]}
    if speciality:
        values |= {
            "Code type savoir-faire": "S",
            "Libellé type savoir-faire": "Spécialité ordinale",
            "Code savoir-faire": speciality,
            "Libellé savoir-faire": cast.SPECIALITIES[speciality],
        }
    return values


def _place(structure: Structure, mode: str, phone: int) -> dict[str, str]:
    return {
        "Code mode exercice": mode,
        "Libellé mode exercice": _MODES[mode],
        "Identifiant technique de la structure": f"R990000{structure.number:05}",
        "Raison sociale site": structure.name,
        "Bureau cedex (coord. structure)": structure.cedex,
        "Code postal (coord. structure)": structure.cedex[:5],
        "Code commune (coord. structure)": structure.commune_code,
        "Libellé commune (coord. structure)": structure.commune,
        "Téléphone (coord. structure)": f"02619100{phone:02}",
        "Code secteur d'activité": structure.sector,
        "Libellé secteur d'activité": cast.SECTORS[structure.sector],
    }


def _structures() -> dict[str, Structure]:
    structures = {}
    for number, line in enumerate(cast.STRUCTURES.strip().splitlines(), start=1):
        key, name, sector, code, commune, cedex = (part.strip() for part in line.split("|"))
        structures[key] = Structure(number, name, code, commune, cedex, sector)
    return structures


if __name__ == "__main__":
    (Path(__file__).parent / NAME).write_bytes(make_extract())
