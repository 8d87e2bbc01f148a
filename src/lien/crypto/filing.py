"""
What a document's content is made of: values as the source wrote them, in the order of the wire.

All of it is health data or keys, so none of these values prints itself.
"""

from enum import StrEnum
from typing import NamedTuple

from lien.ids import RppsNumber


class Action(StrEnum):
    """What a delivery does to the reader's folder."""

    NEW = "new"
    REPLACE = "replace"
    WITHDRAW = "withdraw"


class Filing(NamedTuple):
    """Where a document belongs and what it is called. Empty text for what was not said."""

    family: str  # hospital, imaging, rcp… (docs/gateway.md); a reader shows an unknown one as other
    type_code: str
    type_system: str
    title: str
    date: str  # ISO 8601, as precise as received
    confidentiality: str

    def __repr__(self) -> str:
        return "<Filing>"


class LocalId(NamedTuple):
    """A number that a structure's own system gives a patient."""

    root: str
    value: str

    def __repr__(self) -> str:
        return "<LocalId>"


class Patient(NamedTuple):
    """An identity as received; `status` says what may be done with the national number."""

    oid: str = ""
    matricule: str = ""  # 15 characters, never without its OID
    status: str = ""  # qualified, unqualified, matricule_invalid, test… (docs/gateway.md)
    birth_name: str = ""
    birth_given_names: str = ""
    first_given_name: str = ""
    used_name: str = ""
    used_given_name: str = ""
    sex: str = ""  # M, F or U
    birth_date: str = ""  # YYYY-MM-DD, YYYY-MM or YYYY; 00 for what is unknown
    birth_place: str = ""  # INSEE code
    local_ids: tuple[LocalId, ...] = ()

    def __repr__(self) -> str:
        return "<Patient>"


class Author(NamedTuple):
    """Who wrote. `rpps` is empty when the number is none."""

    rpps: RppsNumber
    family_name: str
    given_name: str
    speciality: str  # a code as received, or empty

    def __repr__(self) -> str:
        return "<Author>"


class Structure(NamedTuple):
    """The organisation a document comes from: its national number and name."""

    identifier: str = ""
    name: str = ""

    def __repr__(self) -> str:
        return "<Structure>"


class Reader(NamedTuple):
    """Somebody else, or the same person, whom the document was delivered to."""

    rpps: RppsNumber
    name: str
    profession: str

    def __repr__(self) -> str:
        return "<Reader>"


class BlobKey(NamedTuple):
    """Where a content is, and what opens and proves it. `size` and `hash` are of the plaintext."""

    blob: str
    key: bytes
    size: int
    hash: bytes

    def __repr__(self) -> str:
        return "<BlobKey>"


class Page(NamedTuple):
    """The body. `form` is pdf, html (of our own narrative only), text or jpeg."""

    form: str
    media_type: str
    blob: BlobKey

    def __repr__(self) -> str:
        return "<Page>"


class Part(NamedTuple):
    """An attachment; a picture of an html body is looked up by its name."""

    name: str
    media_type: str
    blob: BlobKey

    def __repr__(self) -> str:
        return "<Part>"
