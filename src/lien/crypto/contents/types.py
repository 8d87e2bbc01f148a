"""The table of all contents: what a type of docs/keys.md is read by."""

from collections.abc import Callable, Mapping
from typing import Final

from lien.crypto.contents.availability import Availability
from lien.crypto.contents.body import Body, Newer
from lien.crypto.contents.document import SharedDocument
from lien.crypto.contents.media import Media
from lien.crypto.contents.messages import Delete, Edit, Reaction, Taken, Text
from lien.crypto.contents.settings import Settings
from lien.errors import Malformed

Said = Text | Media | SharedDocument | Edit | Delete | Reaction | Taken | Settings | Availability

# A new type is one more class with `type`, `body` and `parse`, and one more line here.
_READERS: Final[Mapping[str, Callable[[Body], Said]]] = {
    kind.type: kind.parse
    for kind in (
        *(Text, Media, SharedDocument, Edit, Delete, Reaction, Taken, Settings, Availability),
    )
}


def parse_said(kind: str, body: Mapping[str, object]) -> Said | None:
    """
    What a body says; None for a type, or a field, of a newer version.

    Raises: Malformed for a known field out of its bounds.
    """
    read = _READERS.get(kind)
    if read is None:
        return None
    fields = Body(body)
    try:
        said = read(fields)
        fields.end()
    except Newer:
        return None
    return said


def encode_said(said: Said) -> tuple[str, dict[str, object]]:
    """
    The type and body, within the bounds a reader asks for.

    Raises: Malformed.
    """
    kind, body = said.type, said.body()
    if parse_said(kind, body) != said:
        raise Malformed("a content is out of its bounds")
    return kind, body


def require_body(kind: str, body: Mapping[str, object]) -> None:
    """Raises: Malformed when a known type's body breaks its bounds."""
    parse_said(kind, body)
