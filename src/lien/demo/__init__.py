"""The demonstration territory: invented professionals of La Réunion, in the national format."""

from importlib.resources import files
from typing import IO, Final

EXTRACT_DATE: Final = "2026-11-01"
NAME: Final = "PS_LibreAcces_Personne_activite_DEMO.txt"


def open_extract() -> IO[bytes]:
    """The demonstration's extract, for `Directory.import_extract`."""
    return (files("lien.demo") / NAME).open("rb")
