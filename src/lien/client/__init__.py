"""The protocol from the other side, with real encryption: for bots, load tests and the tests."""

from lien.client.client import Client
from lien.client.conversation import Message
from lien.client.errors import BadAnswer, ConnectionLost, ServerFailure
from lien.client.passkey import SoftwareAuthenticator

__all__ = [
    "BadAnswer",
    "Client",
    "ConnectionLost",
    "Message",
    "ServerFailure",
    "SoftwareAuthenticator",
]
