"""
Typed identifiers.

An identifier is text everywhere (wire, JSON, store, TypeScript): 16 random bytes as 22
characters of unpadded base64url. A channel carries its kind as one letter in front, so that a
reader knows what it holds without a look-up:

    c…  a conversation with its own random id (a group)
    d…  the direct conversation of two accounts; the id is derived from both (`direct_channel`)
    i…  the inbox of one account: `i` + the account's id
"""

import hashlib
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final, NewType

from lien.errors import Malformed

AccountId = NewType("AccountId", str)
DeviceId = NewType("DeviceId", str)
EnvelopeId = NewType("EnvelopeId", str)
BlobId = NewType("BlobId", str)
ChannelId = NewType("ChannelId", str)
SessionId = NewType("SessionId", str)
InvitationId = NewType("InvitationId", str)
PasskeyId = NewType("PasskeyId", str)  # the WebAuthn credential id, base64url, at most 1,364 chars
PinId = NewType("PinId", str)
TransferId = NewType("TransferId", str)
RppsNumber = NewType("RppsNumber", str)  # 11 digits
GatewayId = NewType("GatewayId", str)
DocumentId = NewType("DocumentId", str)  # made by a gateway from the source's own identifier

# The last of 22 base64url characters holds 2 bits of the 128: only A, Q, g, w are canonical.
_ID: Final = re.compile(r"[A-Za-z0-9_-]{21}[AQgw]")
_RPPS: Final = re.compile(r"[0-9]{11}")
_CHANNEL: Final = re.compile(r"[cdi][A-Za-z0-9_-]{21}[AQgw]")


def b64encode(value: bytes) -> str:
    """Unpadded base64url (RFC 4648, 5)."""
    return urlsafe_b64encode(value).rstrip(b"=").decode("ascii")


def b64decode(text: str) -> bytes:
    """
    The inverse of `b64encode`, refusing anything it would not have written.

    Raises: Malformed.
    """
    try:
        value = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except (ValueError, UnicodeEncodeError) as error:
        raise Malformed("not base64url") from error
    if b64encode(value) != text:
        raise Malformed("not canonical base64url")
    return value


def new_id() -> str:
    """
    16 random bytes as text; wrap it in the type it is for.

    None begins with a hyphen, because a command line would read it as an option.
    """
    while (text := b64encode(secrets.token_bytes(16)))[0] == "-":
        pass
    return text


def require_id(text: str) -> str:
    """
    Return the text if it has the shape of an identifier.

    Raises: Malformed.
    """
    if not _ID.fullmatch(text):
        raise Malformed("not an identifier")
    return text


def require_channel(text: str) -> ChannelId:
    """
    Return the text as a channel id if it has the shape of one.

    Raises: Malformed.
    """
    if not _CHANNEL.fullmatch(text):
        raise Malformed("not a channel identifier")
    return ChannelId(text)


def new_channel() -> ChannelId:
    """A fresh group conversation's id."""
    return ChannelId("c" + new_id())


def direct_channel(one: AccountId, other: AccountId) -> ChannelId:
    """
    The one direct conversation of two accounts, whoever starts it.

    The first 16 bytes of SHA-256 over a label and both ids in order, so that two people who
    write to each other at the same moment meet in the same conversation.
    """
    first, second = sorted((one, other))
    digest = hashlib.sha256(f"lien/v1/direct\0{first}\0{second}".encode()).digest()
    return ChannelId("d" + b64encode(digest[:16]))


def inbox_channel(account: AccountId) -> ChannelId:
    """The channel only this account reads."""
    return ChannelId("i" + account)


def inbox_owner(channel: ChannelId) -> AccountId | None:
    """The account of an inbox, None for a conversation."""
    return AccountId(channel[1:]) if channel[0] == "i" else None


def is_rpps(text: str) -> bool:
    """
    True for 11 digits that pass the Luhn check.

    For what a person or a provider claims. The published file itself is read more tolerantly:
    not every number in circulation passes.
    """
    if not _RPPS.fullmatch(text):
        return False
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(text))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
