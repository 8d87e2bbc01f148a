"""What is wrong with the settings is said before anything is started."""

from pathlib import Path

import pytest

from lien.cli import main
from tests.storage.objects import object_store


def test_settings_are_checked_and_shown_without_their_secrets(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIEN_PORT", "9000")
    monkeypatch.setenv("LIEN_VALKEY_URL", "redis://lien:secret@store:6379/0")
    assert main(["check-config"]) == 0
    out = capsys.readouterr().out
    assert "LIEN_PORT=9000\n" in out
    assert "LIEN_VALKEY_URL=redis://…@store:6379/0\n" in out
    assert "secret" not in out


@pytest.mark.parametrize(
    ("name", "value"),
    [("LIEN_PORT", "many"), ("LIEN_PROT", "8000"), ("LIEN_TERRITORY", "Réunion")],
)
def test_wrong_setting_is_a_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert main(["check-config"]) == 1
    error = capsys.readouterr().err
    assert error.startswith("lien: ")
    assert name in error
    assert "Traceback" not in error


def test_an_object_store_is_tried_and_nothing_is_left_there(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with object_store(tmp_path) as settings:
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        assert main(["check-config"]) == 0
        assert f"LIEN_BLOBS_URL={settings['LIEN_BLOBS_URL']}\n" in capsys.readouterr().out
        assert [each for each in (tmp_path / "objects").rglob("*") if each.is_file()] == []

        monkeypatch.setenv("LIEN_BLOBS_KEY_ID", "another")
        assert main(["check-config"]) == 1
        error = capsys.readouterr().err
    assert error == "lien: the blobs cannot be written; look at the settings LIEN_BLOBS_…\n"
