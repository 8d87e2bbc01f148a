"""
A conversation as everyone sees it: what was said about messages, applied to them. Pure.

Everything is decided by the log alone, so that every device comes to the same: the later entry of
the same person counts, and only the author's own account edits or withdraws, within the time the
log's clock allows.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from lien.client.conversation import Message
from lien.crypto.contents import (
    EDITABLE_MS,
    Availability,
    Delete,
    Edit,
    Reaction,
    Said,
    Settings,
    Taken,
    Target,
    Text,
)
from lien.crypto.envelope import Kind
from lien.ids import AccountId


@dataclass(slots=True)
class Shown:
    """One message. `said` is None when it takes a newer version, or a key, to read it."""

    message: Message
    said: Said | None = field(repr=False)
    is_edited: bool = False
    is_deleted: bool = False
    reactions: dict[AccountId, str] = field(default_factory=dict, repr=False)
    taken_by: list[AccountId] = field(default_factory=list)

    @property
    def target(self) -> Target:
        """How other contents name this message."""
        return Target(*self.message.key)

    @property
    def text(self) -> str | None:
        """What is written now; None when it was withdrawn or is no text."""
        return self.said.text if isinstance(self.said, Text) and not self.is_deleted else None


def reduce_messages(messages: Iterable[Message]) -> list[Shown]:
    """What is shown, in the order of the log in which the messages are given."""
    ordered = list(messages)
    shown: dict[Target, Shown] = {}
    for message in ordered:
        said = message.content.said if message.content else None
        is_about = isinstance(said, Edit | Delete | Reaction | Taken | Settings | Availability)
        # What is said about something else says nothing to a person while it cannot be read.
        if not is_about and not (said is None and message.header.kind is Kind.QUIET):
            shown[Target(*message.key)] = Shown(message, said)
    for message in ordered:
        said = message.content.said if message.content else None
        if isinstance(said, Edit | Delete | Reaction | Taken):
            about = shown.get(said.target)
            if about is not None:
                _apply(about, message, said)
    return list(shown.values())


def find_availability(messages: Iterable[Message], account: AccountId) -> Availability | None:
    """What an account said last of its availability in these messages; its end may be past."""
    found: Availability | None = None
    for message in messages:
        said = message.content.said if message.content else None
        if isinstance(said, Availability) and message.header.account == account:
            # Nobody chooses later than the log says: an instant to come would stand for ever.
            if message.at_ms < said.since_ms:
                said = replace(said, since_ms=message.at_ms)
            if found is None or said.since_ms >= found.since_ms:
                found = said
    return found


def _apply(about: Shown, message: Message, said: Edit | Delete | Reaction | Taken) -> None:
    by = message.header.account
    match said:
        case Edit() if _may_change(about, message) and isinstance(about.said, Text):
            old = about.said
            about.said = Text(said.text, old.reply_to, said.mentions, old.intent, old.is_forwarded)
            about.is_edited = True
        case Delete() if _may_change(about, message):
            about.is_deleted = True
        case Reaction():
            about.reactions.pop(by, None)
            if said.emoji:
                about.reactions[by] = said.emoji
        case Taken():
            if by in about.taken_by:
                about.taken_by.remove(by)
            if not said.is_released:
                about.taken_by.append(by)
        case _:
            return


def _may_change(about: Shown, message: Message) -> bool:
    is_author = about.message.header.account == message.header.account
    return is_author and message.at_ms - about.message.at_ms <= EDITABLE_MS
