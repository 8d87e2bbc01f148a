"""
What somebody did with a document, in words that only they read again.

The server writes that a document was opened, shared or saved, and by which device. Which document
of which patient that was stands in a note, sealed to the person's own account.
"""

from dataclasses import dataclass, field
from typing import Final

from lien.crypto.sealing import SealingKey, seal
from lien.crypto.structure import Fields, encode, reading
from lien.crypto.suite import pad, unpad
from lien.errors import Malformed
from lien.ids import AccountId, DocumentId

LABEL: Final = "lien/v1/trace"
MAX_NOTE_BYTES: Final = 4_096
MAX_CHARACTERS: Final = 200  # of each of the three texts


class BadTrace(Malformed):
    """A note of a trace cannot be read, or is too long."""

    code = "bad_trace"


@dataclass(frozen=True, slots=True)
class Note:
    """Three short texts, as the person saw them."""

    title: str = field(repr=False)  # of the document
    patient: str = field(repr=False)
    detail: str = field(repr=False)  # shared: with whom


def seal_note(
    note: Note, public: bytes, account: AccountId, generation: int, document: DocumentId, kind: str
) -> bytes:
    """
    The note for its own author, at their present generation.

    Raises: BadTrace.
    """
    return seal_words(note, public, LABEL, encode(account, generation, document, kind))


def open_note(
    sealed: bytes,
    key: SealingKey,
    account: AccountId,
    generation: int,
    document: DocumentId,
    kind: str,
) -> Note:
    """
    The inverse of `seal_note`.

    Raises: BadSeal, BadTrace.
    """
    return open_words(sealed, key, LABEL, encode(account, generation, document, kind))


def seal_words(note: Note, public: bytes, label: str, bound: bytes) -> bytes:
    """A note for one reader, who must know what it is bound to. Raises: BadTrace."""
    texts = (note.title, note.patient, note.detail)
    if any(len(text) > MAX_CHARACTERS for text in texts):
        raise BadTrace("a note of a trace is too long")
    return seal(public, pad(encode(*texts)), label, bound)


def open_words(sealed: bytes, key: SealingKey, label: str, bound: bytes) -> Note:
    """The inverse of `seal_words`. Raises: BadSeal, BadTrace."""
    if len(sealed) > MAX_NOTE_BYTES:
        raise BadTrace("a note of a trace is too long")
    plaintext = unpad(key.open(sealed, label, bound))
    with reading(BadTrace):
        fields = Fields.decode(plaintext, 4, MAX_NOTE_BYTES)
        return Note(*(fields.text(MAX_CHARACTERS) for _ in range(3)))
