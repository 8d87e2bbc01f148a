"""`lien directory` as an operator uses it, on an embedded server of its own."""

import json
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from lien.cli import main
from lien.demo.make_rows import make_extract

_PERSON = "Type d'identifiant PP|Identifiant PP"
SKILLS = (
    f"{_PERSON}|Code profession|Code catégorie professionnelle|Libellé savoir-faire|\n"
    "8|99000000002|10|C|Médecine tropicale|\n8|99000000002|10\n"
)
DIPLOMAS = (
    f"{_PERSON}|Libellé diplôme obtenu|Libellé discipline autorisation|\n"
    "8|99000000010|DE Infirmier||\n8|99000000036||Néonatologie|\n"
)


@pytest.fixture
def extract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder for the command, and an extract named as the published one."""
    with tempfile.TemporaryDirectory(prefix="lien-") as folder:
        monkeypatch.setenv("LIEN_DATA_DIR", folder)
        path = tmp_path / "PS_LibreAcces_Personne_activite_202611010814.txt"
        path.write_bytes(make_extract())
        yield path


def run(*arguments: str | Path) -> int:
    return main([str(argument) for argument in arguments])


def test_import_then_search(extract: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("directory", "import", extract) == 0
    report = capsys.readouterr().out
    assert "Extract of 2026-11-01: 60 professionals" in report
    assert "60 new, 0 changed, 0 gone" in report

    assert run("directory", "search", "hoarau", "saint-pierre") == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert "FICTIF-HOARAU Jean-Paul  Infirmier" in lines[0]
    assert "FICTIF-HOARAU Marie  Médecin, Pédiatrie" in lines[1]
    assert "FICTIF-HOAREAU Marie-Line" in lines[2]  # nearly that name comes last

    assert run("directory", "search", "étudiant", "chu") == 0
    assert "Médecin (étudiant)" in capsys.readouterr().out

    assert run("directory", "search", "introuvable") == 1
    assert run("directory", "search", "f") == 1
    assert capsys.readouterr().err == "lien: a search needs a word of at least 2 characters\n"


def test_zip_as_published_is_read(
    extract: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "PS_LibreAcces.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(extract, extract.name)
        archive.writestr("PS_LibreAcces_SavoirFaire_202611010814.txt", SKILLS)
        archive.writestr("PS_LibreAcces_Dipl_AutExerc_202611010814.txt", DIPLOMAS)

    assert run("directory", "import", path, "--json") == 0

    report = json.loads(capsys.readouterr().out)
    assert (report["extract_date"], report["people"], report["known"]) == ("2026-11-01", 60, 63)
    assert report["completed"] == 2
    assert report["rejected"] == {"wrong_number_of_fields": 1}
    assert report["examples"] == [
        {"file": "savoirfaire", "line": 3, "reason": "wrong_number_of_fields"}
    ]


def test_files_are_known_by_their_first_line(
    extract: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In any order and under any name."""
    skills, diplomas = tmp_path / "a.txt", tmp_path / "b.txt"
    skills.write_text(SKILLS)
    diplomas.write_text(DIPLOMAS)

    assert run("directory", "import", diplomas, skills, extract) == 0
    report = capsys.readouterr().out
    assert "Extract of 2026-11-01: 60 professionals" in report
    assert "2 given more specialities" in report
    assert "savoirfaire line 3: wrong_number_of_fields" in report
    assert run("directory", "search", "hoarau", "tropicale") == 0
    assert "Médecine générale, Médecine tropicale" in capsys.readouterr().out

    for files, reason in (
        ((skills, extract, skills), "two of these files"),
        ((skills, diplomas), "none of these files"),
        ((skills,) * 4, "at most 3 files"),
    ):
        assert run("directory", "import", *files) == 1
        assert reason in capsys.readouterr().err


def test_territory_and_date_may_be_given(extract: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("--territory", "976", "--date", "2026-10-31", "--json")
    assert run("directory", "import", extract, *arguments) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["people"], report["extract_date"]) == (1, "2026-10-31")


def test_rejected_rows_are_named_by_line(extract: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with extract.open("ab") as file:
        file.write(b"8|123|\n")
    assert run("directory", "import", extract) == 0
    assert "personne_activite line 70: wrong_number_of_fields" in capsys.readouterr().out


def test_files_of_another_kind_are_refused(
    extract: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, empty, damaged, crowd = (tmp_path / name for name in ("a", "b.zip", "c.zip", "d.zip"))
    text.write_text("not an extract")
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("other.txt", "")
    with zipfile.ZipFile(damaged, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(extract, extract.name)
    content = bytearray(damaged.read_bytes())
    content[200:260] = bytes(60)
    damaged.write_bytes(content)
    half = tmp_path / "e.zip"
    half.write_bytes(damaged.read_bytes()[:2_000])  # a download that stopped
    with zipfile.ZipFile(crowd, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("PS_LibreAcces_Personne_activite_1.txt", bytes(5_000_000))

    for path, reason in (
        (tmp_path / "nowhere.txt", "No such file"),
        (tmp_path, "directory"),
        (text, "no column"),
        (empty, "does not have a"),
        (damaged, "damaged"),
        (half, "cut off"),
        (crowd, "unpacks to more"),
    ):
        assert run("directory", "import", path) == 1
        error = capsys.readouterr().err
        assert error.startswith("lien: ")
        assert reason in error


@pytest.mark.parametrize(
    "arguments", [("--territory", "Réunion"), ("--date", "hier"), ("--date", "2026-02-30")]
)
def test_wrong_options_are_refused(
    extract: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, str]
) -> None:
    assert run("directory", "import", extract, *arguments) == 1
    assert capsys.readouterr().err.startswith("lien: ")
