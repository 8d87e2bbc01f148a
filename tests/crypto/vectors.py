"""The entries of tests/vectors/*.json, as parameters of tests."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

_FOLDER: Final = Path(__file__).parents[1] / "vectors"
_RAW: Final[dict[str, Any]] = {
    name: value
    for file in ("crypto.json", "documents.json")
    for name, value in json.loads((_FOLDER / file).read_text()).items()
}


class Vector:
    """One entry. `bytes_of` reads hexadecimal, everything else is as it stands."""

    def __init__(self, fields: dict[str, Any]) -> None:
        self.fields = fields

    def bytes_of(self, name: str) -> bytes:
        return bytes.fromhex(self.fields[name])

    def __getitem__(self, name: str) -> Any:
        return self.fields[name]


def section(name: str) -> Any:
    return _RAW[name]


def entries(name: str) -> pytest.MarkDecorator:
    """The entries of a section as parameters, named by the reason where there is one."""
    found = [Vector(fields) for fields in _RAW[name]]
    ids = [entry.fields.get("why", str(number)) for number, entry in enumerate(found)]
    return pytest.mark.parametrize("vector", found, ids=ids)
