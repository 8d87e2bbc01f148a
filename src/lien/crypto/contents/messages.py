"""
What one person says, and what is said about a message: changed, withdrawn, taken in charge.

A content about another message names it by its author's device and its envelope: ids are chosen
by devices, and two devices may choose the same.
"""

import re
from dataclasses import dataclass, field
from typing import ClassVar, Final, Literal, NamedTuple

from lien.crypto.contents.body import Body, device_of
from lien.crypto.structure import Fields
from lien.errors import Malformed
from lien.ids import AccountId, DeviceId, EnvelopeId

MAX_TEXT_CHARACTERS: Final = 16_000
MAX_MENTIONS: Final = 50
MAX_REACTION_CHARACTERS: Final = 16
# An edit or a withdrawal counts within this time of the message, by the log's own times.
EDITABLE_MS: Final = 24 * 3_600_000
# A picture of a feeling, never words: nothing of ASCII, no control character.
_REACTION: Final = re.compile(r"[^\u0000-\u00a0]+")

INFO: Final = "info"
ANSWER: Final = "answer"
URGENT: Final = "urgent"


class Target(NamedTuple):
    """The message that a content is about."""

    device: DeviceId
    envelope: EnvelopeId


@dataclass(frozen=True, slots=True)
class Intent:
    """What the author expects: nothing, an answer by a time (milliseconds), or everything now."""

    kind: Literal["info", "answer", "urgent"] = "info"
    by_ms: int = 0


@dataclass(frozen=True, slots=True)
class Text:
    """Something written."""

    type: ClassVar[str] = "text"
    text: str = field(repr=False)
    reply_to: Target | None = None
    mentions: tuple[AccountId, ...] = ()
    intent: Intent = Intent()
    is_forwarded: bool = False

    def body(self) -> dict[str, object]:
        return {
            "text": self.text,
            **({"reply_to": list(self.reply_to)} if self.reply_to else {}),
            **({"mentions": list(self.mentions)} if self.mentions else {}),
            **intent_body(self.intent),
            **({"forwarded": True} if self.is_forwarded else {}),
        }

    @classmethod
    def parse(cls, body: Body) -> "Text":
        return cls(
            body.text("text", MAX_TEXT_CHARACTERS),
            body.optional("reply_to", lambda name: parse_target(body, name)),
            body.accounts("mentions", MAX_MENTIONS),
            parse_intent(body),
            body.mark("forwarded"),
        )


@dataclass(frozen=True, slots=True)
class Edit:
    """Other words for an own text."""

    type: ClassVar[str] = "edit"
    target: Target
    text: str = field(repr=False)
    mentions: tuple[AccountId, ...] = ()

    def body(self) -> dict[str, object]:
        mentions = {"mentions": list(self.mentions)} if self.mentions else {}
        return {"target": list(self.target), "text": self.text, **mentions}

    @classmethod
    def parse(cls, body: Body) -> "Edit":
        text = body.text("text", MAX_TEXT_CHARACTERS, 1)
        return cls(parse_target(body, "target"), text, body.accounts("mentions", MAX_MENTIONS))


@dataclass(frozen=True, slots=True)
class Delete:
    """An own message is withdrawn for everyone."""

    type: ClassVar[str] = "delete"
    target: Target

    def body(self) -> dict[str, object]:
        return {"target": list(self.target)}

    @classmethod
    def parse(cls, body: Body) -> "Delete":
        return cls(parse_target(body, "target"))


@dataclass(frozen=True, slots=True)
class Reaction:
    """One emoji of a person on a message, in place of the one before; empty takes it back."""

    type: ClassVar[str] = "reaction"
    target: Target
    emoji: str = field(repr=False)

    def body(self) -> dict[str, object]:
        return {"target": list(self.target), "emoji": self.emoji}

    @classmethod
    def parse(cls, body: Body) -> "Reaction":
        emoji = body.text("emoji", MAX_REACTION_CHARACTERS)
        if emoji and not _REACTION.fullmatch(emoji):
            raise Malformed("a reaction is no emoji")
        return cls(parse_target(body, "target"), emoji)


@dataclass(frozen=True, slots=True)
class Taken:
    """A person takes charge of what a message asks for, or gives it back."""

    type: ClassVar[str] = "taken"
    target: Target
    is_released: bool = False

    def body(self) -> dict[str, object]:
        return {"target": list(self.target), **({"released": True} if self.is_released else {})}

    @classmethod
    def parse(cls, body: Body) -> "Taken":
        return cls(parse_target(body, "target"), body.mark("released"))


def parse_intent(body: Body) -> Intent:
    """The optional field `intent` of whatever a person sends. Raises: Malformed."""
    if not body.has("intent"):
        return Intent()
    items = body.items("intent", 1, 2)
    if items == [URGENT]:
        return Intent("urgent")
    fields = Fields.of_list(items, 2)
    if fields.text(16) != ANSWER:
        raise Malformed("an intent is urgent or an answer by a time")
    return Intent("answer", fields.integer(1))


def intent_body(intent: Intent) -> dict[str, object]:
    """The field `intent`, left out for information."""
    match intent.kind:
        case "info":
            return {}
        case "answer":
            return {"intent": [ANSWER, intent.by_ms]}
        case "urgent":
            return {"intent": [URGENT]}


def parse_target(body: Body, name: str) -> Target:
    """The message that a field names. Raises: Malformed."""
    fields = Fields.of_list(body.value(name), 2)
    return Target(device_of(fields.value()), EnvelopeId(fields.identifier()))
