"""`lien gateway check-samples`."""

import json
from pathlib import Path
from typing import Any

import pytest

from lien.cli import main
from tests.gateway.samples import FIRST, FIXTURES, SECOND


def lines(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, dict[str, Any]]:
    assert main(["gateway", "check-samples", *arguments]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return {each["file"]: each for each in found}


def test_one_line_for_every_file(capsys: pytest.CaptureFixture[str]) -> None:
    found = lines(capsys, str(FIXTURES))
    asked = "file family type date patient recipients version replaces quarantine".split()

    assert set(found) == {path.name for path in FIXTURES.iterdir()}
    assert all(name in each for each in found.values() for name in asked)
    goes_to = {name: each["recipients"] for name, each in found.items() if each["recipients"]}
    assert goes_to == {
        "cda_pdf.xml": [FIRST],
        "cda_structured.xml": [FIRST, SECOND],
        "cda_wrapped.xml": [FIRST],
        "fhir_iti105.json": [SECOND],
        "fhir_iti65.json": [FIRST, SECOND],
        "fhir_iti65_replace.json": [FIRST],
        "mdm_t02.er7": [FIRST, SECOND],
        "mdm_t02_v20.er7": [SECOND],
        "mdm_t04.er7": [FIRST],
        "mdm_t10.er7": [FIRST],
        "oru_r01.er7": [FIRST, SECOND],
        "report.pdf": [FIRST],
    }
    assert all(found[name]["quarantine"] is None for name in goes_to)
    assert {name for name in found if name not in goes_to} == {
        "fhir_practitioner.json",
        "report.json",
    }
    assert found["fhir_practitioner.json"]["is_document"] is False
    assert found["mdm_t10.er7"]["version"] == 2
    assert found["report.pdf"]["family"] == "pta"


def test_production_refuses_test_identities(capsys: pytest.CaptureFixture[str]) -> None:
    found = lines(capsys, str(FIXTURES), "--production")
    documents = [each for each in found.values() if each["is_document"]]
    assert {each["quarantine"] for each in documents} == {"test_identity"}
    assert all(each["recipients"] == [] for each in documents)


def test_strange_files_have_a_line_too(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "notes.txt").write_text("bonjour")
    (tmp_path / "alone.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / ".hidden").write_text("")
    (tmp_path / "link.xml").symlink_to(FIXTURES / "cda_pdf.xml")
    with (tmp_path / "huge.xml").open("wb") as stream:
        stream.truncate(200 * 1024**2)

    found = lines(capsys, str(tmp_path))

    assert {name: each["quarantine"] for name, each in found.items()} == {
        "alone.pdf": "no_metadata",
        "deep/notes.txt": "unknown_format",
        "huge.xml": "too_large",
    }


def test_missing_folder_is_an_error(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["gateway", "check-samples", str(tmp_path / "none")]) == 1
    assert "lien: " in capsys.readouterr().err
