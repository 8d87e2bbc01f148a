"""`lien gateway send`, `status`, `quarantine`, `retry`, `release`, `journal`, in a hospital."""

import getpass
import json
from pathlib import Path
from typing import Any

import pytest

from lien.cli import main
from lien.gateway.identity import make_keys
from tests.gateway.samples import FIRST, SECOND, sample

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A hospital with keys, whose gateway does not run."""
    path = tmp_path / "gateway.toml"
    path.write_text(
        f'state = "state"\ntest_identities = true\noperators = ["{getpass.getuser()}"]\n'
    )
    make_keys(tmp_path / "state")
    return path


def run(config: Path, capsys: Capture, name: str, *arguments: str) -> tuple[int, str]:
    code = main(["gateway", name, "--config", str(config), *arguments])
    said = capsys.readouterr()
    return code, said.out + said.err


def told(config: Path, capsys: Capture, name: str, *arguments: str) -> Any:
    code, said = run(config, capsys, name, "--json", *arguments)
    assert code == 0, said
    return json.loads(said)


def written(folder: Path, name: str) -> str:
    path = folder / name
    path.write_bytes(sample(name))
    return str(path)


def test_a_document_by_hand(config: Path, tmp_path: Path, capsys: Capture) -> None:
    pdf, metadata = written(tmp_path, "report.pdf"), written(tmp_path, "report.json")
    cda = written(tmp_path, "cda_pdf.xml")

    assert run(config, capsys, "send", cda) == (0, "accepted under number 1\n")
    assert run(config, capsys, "send", cda) == (0, "replayed under number 1\n")
    assert run(config, capsys, "send", pdf, "--metadata", metadata)[0] == 0
    assert run(config, capsys, "send", pdf)[0] == 0  # its metadata lies beside it

    status = told(config, capsys, "status")
    assert status["documents"] == {"ready": 2}
    code, said = run(config, capsys, "status")
    assert code == 0
    assert "2 documents" in said


def test_a_pdf_with_its_metadata_on_the_command_line(
    config: Path, tmp_path: Path, capsys: Capture
) -> None:
    pdf = written(tmp_path, "report.pdf")
    patient = tmp_path / "patient.json"
    patient.write_text(json.dumps(json.loads(sample("report.json"))["patient"]))
    options = ["--id", "1.2.3.9", "--type", "11490-0", "--title", "Lettre", "--date", "2026-11-02"]

    code, said = run(
        config, capsys, "send", pdf, "--to", FIRST, *options, "--patient", str(patient)
    )

    assert (code, said) == (0, "accepted under number 1\n")


def test_what_waits_for_a_person(config: Path, tmp_path: Path, capsys: Capture) -> None:
    nobody = tmp_path / "nobody.xml"
    nobody.write_bytes(sample("cda_pdf.xml").replace(FIRST.encode(), b"99000000003"))

    code, said = run(config, capsys, "send", str(nobody))
    assert code == 1
    assert "in quarantine under number 1" in said
    (waiting,) = told(config, capsys, "quarantine")
    assert (waiting["number"], waiting["reason"], waiting["way"]) == (1, "rpps_invalid", "command")
    assert "rpps_invalid" in run(config, capsys, "quarantine")[1]
    assert told(config, capsys, "retry", "all") == {"1": "rpps_invalid"}

    assert run(config, capsys, "release", "1", "--to", SECOND) == (0, "1 is on its way\n")

    assert told(config, capsys, "status")["documents"] == {"ready": 1}
    released, retried = told(config, capsys, "journal")
    assert (released["kind"], released["operator"]) == ("release", getpass.getuser())
    assert released["detail"] == SECOND
    assert retried["kind"] == "retry"
    assert "release" in run(config, capsys, "journal")[1]
    assert run(config, capsys, "release", "1", "--to", SECOND)[0] == 1


def test_not_everybody_and_not_everything_is_released(
    config: Path, tmp_path: Path, capsys: Capture
) -> None:
    masked = tmp_path / "masked.xml"
    masked.write_bytes(
        sample("cda_pdf.xml").replace(
            b'confidentialityCode code="N"', b'confidentialityCode code="MASQUE_PS"'
        )
    )
    run(config, capsys, "send", str(masked))
    (waiting,) = told(config, capsys, "quarantine")
    assert waiting["reason"] == "masked"

    code, said = run(config, capsys, "release", "1", "--to", SECOND)
    assert (code, "masked" in said) == (1, True)
    assert run(config, capsys, "release", "1", "--to", "99000000003")[0] == 1

    config.write_text('state = "state"\ntest_identities = true\n')
    code, said = run(config, capsys, "release", "1", "--to", SECOND)
    assert code == 1
    assert "operators" in said


def test_refusals_have_words(config: Path, tmp_path: Path, capsys: Capture) -> None:
    for arguments in (
        ("send", str(tmp_path / "nothing.xml")),
        ("send", written(tmp_path, "fhir_practitioner.json")),
        ("retry", "x"),
        ("retry", "99"),
        ("run",),
        ("register", "--server", "http://lien.example", "--code", "x"),
        ("register", "--server", "http://localhost:1", "--code", "A" * 43),
    ):
        code, said = run(config, capsys, *arguments)
        assert code == 1
        assert said.startswith("lien: ")
        assert "Traceback" not in said
