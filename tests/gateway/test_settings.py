"""The settings: strict, bounded, and all of them documented."""

from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from lien.config import BadConfig
from lien.gateway.settings import Settings, parse_listen, read_settings, require_origin

PAGE = Path(__file__).parents[2] / "docs/gateway.md"


def read(folder: Path, text: str) -> Settings:
    path = folder / "gateway.toml"
    path.write_text(text)
    return read_settings(path)


def names(kind: Any, prefix: str = "") -> set[str]:
    found: set[str] = set()
    for field in fields(kind):
        inner = getattr(Settings(), field.name, None)
        if not prefix and is_dataclass(inner):
            found |= names(type(inner), f"{field.name}.")
        else:
            found.add(prefix + field.name)
    return found


def test_nothing_is_needed(tmp_path: Path) -> None:
    assert read(tmp_path, "") == Settings()


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    settings = read(tmp_path, 'state = "x"\n[folder]\npath = "/srv/in"\n')

    assert settings.state == tmp_path / "x"
    assert settings.folder.path == Path("/srv/in")


def test_values_are_read(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        'operators = ["dim"]\nhold_days = 7\n[mllp]\nlisten = "0.0.0.0:2575"\n'
        '[pta]\nstructures = ["1970000002"]\n',
    )

    assert (settings.operators, settings.hold_days) == (("dim",), 7)
    assert settings.mllp.listen == "0.0.0.0:2575"
    assert settings.pta.structures == ("1970000002",)


@pytest.mark.parametrize(
    "text",
    [
        "hold_dayz = 3",
        "[mlpp]\nlisten = 'x'",
        "[mllp]\nport = 3",
        "hold_days = 0",
        "hold_days = 400",
        "hold_days = true",
        "hold_days = '3'",
        "test_identities = 1",
        "operators = 'dim'",
        "operators = [1]",
        "state = ''",
        "mllp = 3",
        "[mllp]\nlisten = '2575'",
        "[mllp]\nlisten = 'h:99999'",
        "[mllp]\ncertificate = 'a'",
        "[fhir]\nclient_authorities = 'a'",
        "state = 'a'\nstate = 'b'",
        "= 3",
    ],
)
def test_what_is_wrong_stops_the_start(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadConfig):
        read(tmp_path, text)


def test_a_file_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(BadConfig):
        read_settings(tmp_path / "nothing.toml")
    (tmp_path / "b.toml").write_bytes(b"\xff")
    with pytest.raises(BadConfig):
        read_settings(tmp_path / "b.toml")
    (tmp_path / "c.toml").write_text("#" * 70_000)
    with pytest.raises(BadConfig):
        read_settings(tmp_path / "c.toml")


def test_addresses() -> None:
    assert parse_listen("[::1]:2575") == ("::1", 2575)
    assert require_origin("https://lien.example/") == "https://lien.example"
    assert require_origin("http://localhost:8000") == "http://localhost:8000"
    for text in ("http://lien.example", "https://lien.example/path", "lien.example", "ftp://x"):
        with pytest.raises(BadConfig):
            require_origin(text)


def test_every_setting_is_documented() -> None:
    table = PAGE.read_text().split("## Settings")[1].split("## Ways in")[0]
    documented = {
        name.strip("` ")
        for line in table.splitlines()
        if line.startswith("| `")
        for name in line.split("|")[1].split(",")
    }
    assert documented == names(Settings)
