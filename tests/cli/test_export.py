"""`lien export verify`: a file, a name, or one sentence why it is not believed."""

import json
from pathlib import Path

import pytest

from lien.cli import main
from lien.ids import b64encode
from tests.crypto.test_export import ATTESTOR, proof, signed


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "messages.pdf"
    path.write_bytes(signed(proof()))
    return path


def test_says_who_signed_it(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = b64encode(ATTESTOR.public)

    assert main(["export", "verify", str(file), "--attestor", key, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["signed_by"] == "Marie FICTIF, RPPS 99000000018"
    assert (said["attestor"], said["attestor_compared"]) == (key, True)


def test_another_attestor_or_a_changed_file_is_refused(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "verify", str(file), "--attestor", "another"]) == 1
    assert "another attestor" in capsys.readouterr().err

    file.write_bytes(file.read_bytes().replace(b"PDF-1.7", b"PDF-1.6"))
    assert main(["export", "verify", str(file)]) == 1
    assert main(["export", "verify", str(file.with_name("gone.pdf"))]) == 1
