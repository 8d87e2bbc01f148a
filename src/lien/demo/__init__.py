"""The demonstration territory: invented professionals of La Réunion, in the national format."""

import re
from importlib.resources import files
from typing import IO, Final

from lien.ids import RppsNumber, is_rpps

EXTRACT_DATE: Final = "2026-11-01"
NAME: Final = "PS_LibreAcces_Personne_activite_DEMO.txt"


def open_extract() -> IO[bytes]:
    """The demonstration's extract, for `Directory.import_extract`."""
    return (files("lien.demo") / NAME).open("rb")


def list_numbers() -> list[RppsNumber]:
    """The RPPS numbers of the people of the demonstration."""
    with open_extract() as extract:
        found = re.findall(rb"(?<![0-9])99000000[0-9]{3}(?![0-9])", extract.read())
    numbers = [RppsNumber(number.decode()) for number in dict.fromkeys(found)]
    return [number for number in numbers if is_rpps(number)]
