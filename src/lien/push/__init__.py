"""Waking devices that are away, without telling their vendor anything. This is its public face."""

from lien.crypto.webpush import BadSubscription
from lien.push.errors import NoSubscription
from lien.push.models import Appended, Preferences, Reach, Subscription
from lien.push.sender import Sender
from lien.push.service import Pushes

__all__ = [
    "Appended",
    "BadSubscription",
    "NoSubscription",
    "Preferences",
    "Pushes",
    "Reach",
    "Sender",
    "Subscription",
]
