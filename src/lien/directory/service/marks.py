"""Where the next page of a search starts: its stage, and the place in the order of that stage."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lien.directory.errors import BadQuery

_MAX_MARK: Final = 128


class Stage(StrEnum):
    """What a page mark starts with."""

    RANKED = "r"
    HERE = "h"  # walk the communes of the searcher
    NAMES = "n"  # walk the names
    PLACES = "p"  # walk professions, communes, structures
    NEARLY = "s"


@dataclass(frozen=True, slots=True)
class Mark:
    """The last one shown: its stage, and its place in the order of that stage."""

    stage: Stage
    place: bytes


def encode_mark(mark: Mark) -> str:
    """Where the next page starts. It holds words, a public name and number, no secret."""
    return mark.stage.value + mark.place.decode().replace("\0", ".")


def decode_mark(text: str | None) -> Mark | None:
    """
    The inverse; None for the first page.

    Raises: BadQuery.
    """
    if text is None:
        return None
    # Tokens and keys are folded words and a number: none has a point in it.
    if len(text) > _MAX_MARK or text[:1] not in set(Stage):
        raise BadQuery("this page mark is not one of ours")
    return Mark(Stage(text[0]), text[1:].replace(".", "\0").encode())
