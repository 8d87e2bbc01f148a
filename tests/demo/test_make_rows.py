"""The kept extract is the one its script writes, and holds invented people only."""

import csv

from lien import demo
from lien.demo.columns import COLUMNS
from lien.demo.make_rows import make_extract
from lien.directory import Territory
from lien.ids import is_rpps

REUNION = Territory.parse("974")


def rows() -> list[dict[str, str]]:
    with demo.open_extract() as file:
        lines = file.read().decode().splitlines()
    assert all(line.endswith("|") for line in lines)
    return list(csv.DictReader(lines, delimiter="|", quoting=csv.QUOTE_NONE))


def test_kept_file_is_what_the_script_writes() -> None:
    with demo.open_extract() as file:
        assert file.read() == make_extract()


def test_format_is_that_of_the_published_file() -> None:
    header = make_extract().decode().splitlines()[0]
    assert header == "|".join(COLUMNS) + "|"
    assert len(COLUMNS) == 56
    assert all(line.count("|") == 56 for line in make_extract().decode().splitlines())


def test_everyone_is_invented() -> None:
    for row in rows():
        assert row["Nom d'exercice"].startswith("FICTIF-")
        assert "FICTI" in row["Raison sociale site"] or not row["Raison sociale site"]
        assert row["Identifiant PP"].startswith("99000000")
        assert is_rpps(row["Identifiant PP"])
        assert row["Identification nationale PP"] == f"8{row['Identifiant PP']}"
        assert row["Téléphone (coord. structure)"][:6] in ("026191", "")


def test_every_commune_and_the_odd_cases_are_there() -> None:
    table = rows()
    here = [
        row
        for row in table
        if REUNION.has(
            row["Code commune (coord. structure)"], row["Code postal (coord. structure)"]
        )
    ]
    communes = {row["Code commune (coord. structure)"] for row in here} - {""}
    names = [(row["Nom d'exercice"], row["Prénom d'exercice"]) for row in table]

    assert communes == {f"97{number}" for number in range(401, 425)}
    assert len({row["Identifiant PP"] for row in here}) == 60
    assert {row["Code catégorie professionnelle"] for row in table} == {"C", "E", "M"}
    assert any(not row["Code commune (coord. structure)"] for row in here)
    assert any(not row["Code postal (coord. structure)"] for row in table)
    assert names.count(("FICTIF-HOARAU", "Marie")) == 4  # two people, each with two activities
    assert len({row["Code profession"] for row in table}) >= 12
