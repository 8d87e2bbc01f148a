"""Conversations and inboxes: members, epochs, envelopes, cursors. This is its public face."""

from lien.conversations.errors import (
    EnvelopeIdReused,
    EpochTaken,
    NotAMember,
    OldGeneration,
    StaleEpoch,
    TooManyConversations,
    TooManySends,
)
from lien.conversations.models import Accepted, Audience, Epoch, EpochPage, Resumption
from lien.conversations.rules import RESUME_BYTES
from lien.conversations.service import Conversations
from lien.conversations.service.pace import Pace

__all__ = [
    "RESUME_BYTES",
    "Accepted",
    "Audience",
    "Conversations",
    "EnvelopeIdReused",
    "Epoch",
    "EpochPage",
    "EpochTaken",
    "NotAMember",
    "OldGeneration",
    "Pace",
    "Resumption",
    "StaleEpoch",
    "TooManyConversations",
    "TooManySends",
]
