"""The values of the trail. None of them can hold a name, a number of a person, or content."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from lien.ids import AccountId


class EventKind(StrEnum):
    """Everything that is written down. A name is never renamed and never reused."""

    ACCOUNT_CREATED = "account_created"
    ACCOUNT_SUSPENDED = "account_suspended"
    ACCOUNT_REOPENED = "account_reopened"
    ACCOUNT_CLOSED = "account_closed"
    SIGNED_IN = "signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    SESSION_ENDED = "session_ended"
    DEVICE_ADDED = "device_added"
    DEVICE_REVOKED = "device_revoked"
    SECRET_ROTATED = "secret_rotated"  # noqa: S105  an event
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    PIN_SET = "pin_set"
    PIN_REMOVED = "pin_removed"
    PIN_DESTROYED = "pin_destroyed"  # too many wrong tries
    VAULT_CHANGED = "vault_changed"
    SITUATION_CHANGED = "situation_changed"
    SPONSORSHIP_GIVEN = "sponsorship_given"
    SPONSORSHIP_PROLONGED = "sponsorship_prolonged"
    SPONSORSHIP_ENDED = "sponsorship_ended"
    ROLE_CHANGED = "role_changed"
    ATTESTOR_ROTATED = "attestor_rotated"
    DIRECTORY_IMPORTED = "directory_imported"
    CONTENT_RELEASED = "content_released"
    GATEWAY_ALLOWED = "gateway_allowed"
    GATEWAY_REGISTERED = "gateway_registered"
    GATEWAY_REVOKED = "gateway_revoked"
    DOCUMENT_OPENED = "document_opened"
    DOCUMENT_SHARED = "document_shared"
    DOCUMENT_SAVED = "document_saved"


class Actor(StrEnum):
    """Who did it, when it was nobody's account."""

    OPERATOR = "operator"  # the command line of the server
    DIRECTORY = "directory"  # an import of the national extract
    GATEWAY = "gateway"  # a hospital's, when it registers
    PROVIDER = "provider"  # an identity provider ended its session
    CALENDAR = "calendar"  # a date was reached


@dataclass(frozen=True, slots=True)
class Event:
    """
    One fact. `subject` is the id of a device, passkey, gateway, invitation or document, empty for
    none; `note` is one word of ours, a number, or the device that opened, shared or saved a
    document.
    """

    kind: EventKind
    actor: AccountId | Actor
    account: AccountId | None = None
    subject: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as it stands in the trail."""

    number: int
    at_ms: int
    event: Event
    data: bytes = field(repr=False)
    hash: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class EventPage:
    """Some entries, newest first; `before` is where the next page starts, 0 at the end."""

    entries: tuple[Entry, ...]
    before: int


@dataclass(frozen=True, slots=True)
class TrailMark:
    """A place in the trail: the number of an entry and the hash that says all up to it."""

    number: int
    hash: bytes = field(repr=False)


FIRST_MARK: Final = TrailMark(0, bytes(32))
