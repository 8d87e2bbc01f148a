"""
What a message can say: one frozen value for each type of docs/keys.md, and its body.

    availability  on duty, absent, as usual
    body          a map whose fields are each asked for by their name and bounds
    document      a clinical document that one of its readers shares
    media         photographs, files, voices
    messages      text, edit, delete, reaction, taken
    settings      what is agreed on for a whole conversation
    types         the table of all of them: a new type is one line there

Pure, like everything in `lien.crypto`.
"""

from lien.crypto.contents.availability import ABSENT, DUTY, USUAL, Availability
from lien.crypto.contents.document import SharedDocument
from lien.crypto.contents.media import Item, Media
from lien.crypto.contents.messages import (
    ANSWER,
    EDITABLE_MS,
    INFO,
    MAX_TEXT_CHARACTERS,
    URGENT,
    Delete,
    Edit,
    Intent,
    Reaction,
    Taken,
    Target,
    Text,
)
from lien.crypto.contents.settings import Patient, Settings
from lien.crypto.contents.types import Said, encode_said, parse_said, require_body

__all__ = [
    "ABSENT",
    "ANSWER",
    "DUTY",
    "EDITABLE_MS",
    "INFO",
    "MAX_TEXT_CHARACTERS",
    "URGENT",
    "USUAL",
    "Availability",
    "Delete",
    "Edit",
    "Intent",
    "Item",
    "Media",
    "Patient",
    "Reaction",
    "Said",
    "Settings",
    "SharedDocument",
    "Taken",
    "Target",
    "Text",
    "encode_said",
    "parse_said",
    "require_body",
]
