"""
A clinical document that one of its readers shares: what shows it, and whose it is.

Its pages are in blobs of the conversation, sealed anew, and live as long as the message. The
gateway's signature is not passed on: who shares it answers for it.
"""

from dataclasses import dataclass, field
from typing import ClassVar, Final

from lien.crypto.contents.body import Body
from lien.crypto.contents.media import Item, parse_items
from lien.crypto.contents.settings import Patient
from lien.crypto.structure import Fields
from lien.errors import Malformed
from lien.ids import DocumentId

MAX_PAGES: Final = 33  # the body and its attachments
MAX_AUTHORS: Final = 8
MAX_TITLE_CHARACTERS: Final = 500
MAX_NAME_CHARACTERS: Final = 260
MAX_VERSION: Final = 2**31 - 1
_MAX_CODE_CHARACTERS: Final = 64
_FORMS: Final = frozenset({"pdf", "html", "text", "jpeg"})


@dataclass(frozen=True, slots=True)
class SharedDocument:
    """The first item is the body, of this `form`; the others are its attachments by name."""

    type: ClassVar[str] = "document"
    items: tuple[Item, ...]
    form: str
    document: DocumentId
    family: str
    patient: Patient = field(repr=False)
    title: str = field(default="", repr=False)
    date: str = ""
    version: int = 0
    authors: tuple[str, ...] = field(default=(), repr=False)
    structure: str = field(default="", repr=False)
    sender: str = field(default="", repr=False)

    def body(self) -> dict[str, object]:
        more = {
            "title": self.title,
            "date": self.date,
            "version": self.version,
            "authors": list(self.authors),
            "structure": self.structure,
            "sender": self.sender,
        }
        return {
            "items": [item.body() for item in self.items],
            "form": self.form,
            "document": self.document,
            "family": self.family,
            "patient": self.patient.body(),
            **{name: value for name, value in more.items() if value},
        }

    @classmethod
    def parse(cls, body: Body) -> "SharedDocument":
        def text(name: str, longest: int) -> str:
            return body.optional(name, lambda name: body.text(name, longest, 1)) or ""

        shared = cls(
            parse_items(body, MAX_PAGES),
            body.text("form", 8, 1),
            DocumentId(Fields([body.value("document")]).identifier()),
            body.text("family", _MAX_CODE_CHARACTERS, 1),
            Patient.parse(body.part("patient")),
            text("title", MAX_TITLE_CHARACTERS),
            text("date", _MAX_CODE_CHARACTERS),
            body.optional("version", lambda name: body.integer(name, 1, MAX_VERSION)) or 0,
            _authors(body),
            text("structure", MAX_NAME_CHARACTERS),
            text("sender", MAX_NAME_CHARACTERS),
        )
        if shared.form not in _FORMS:
            raise Malformed("a document is of a form that is shown")
        return shared


def _authors(body: Body) -> tuple[str, ...]:
    if not body.has("authors"):
        return ()
    found = [Fields([item]) for item in body.items("authors", 1, MAX_AUTHORS)]
    names = tuple(fields.text(MAX_NAME_CHARACTERS) for fields in found)
    if not all(names):
        raise Malformed("an author has a name")
    return names
