"""
Decisions about pushing: pure.

The address of a subscription comes from a browser, so it is an address that somebody else wants
this server to call: only https, only the hosts of the vendors' push services, no port, no user.
"""

import ipaddress
import json
from collections.abc import Collection, Iterable
from typing import Final
from urllib.parse import urlsplit

from lien.crypto.envelope import BadEnvelope, Kind, decode_header
from lien.crypto.webpush import BadSubscription
from lien.ids import AccountId
from lien.push.models import Appended, Noted, Preferences, Subscription

MAX_ENDPOINT_CHARS: Final = 1024
MAX_MUTED: Final = 1000
DAY_MINUTES: Final = 1440
# How long an entry waits before its readers are woken: who is here has taken it by then.
DELAY_MS: Final = 5_000
# A device that was woken is not woken again so soon for what is not urgent.
PAUSE_MS: Final = 30_000
MAX_COUNT: Final = 99
# A vendor keeps it this long for a phone that is switched off.
LIFE_SECONDS: Final = 24 * 3600


def require_endpoint(endpoint: str, hosts: Collection[str]) -> str:
    """
    The host of an address that may be called.

    Raises: BadSubscription.
    """
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError as error:
        raise BadSubscription("the address of a subscription is none") from error
    host = parts.hostname or ""
    is_plain = parts.username is None and parts.password is None and port in (None, 443)
    if len(endpoint) > MAX_ENDPOINT_CHARS or not endpoint.isascii() or not endpoint.isprintable():
        raise BadSubscription("the address of a subscription is out of its bounds")
    if parts.scheme != "https" or not is_plain or parts.fragment or " " in endpoint:
        raise BadSubscription("the address of a subscription must be plain https")
    if not any(host == each or host.endswith("." + each) for each in hosts):
        raise BadSubscription("the address of a subscription is of no known push service")
    return host


def require_public(addresses: Iterable[str]) -> None:
    """
    What a vendor's name leads to is on the public internet, all of it.

    Raises: BadSubscription.
    """
    found = [ipaddress.ip_address(address) for address in addresses]
    if not found or not all(each.is_global and not each.is_multicast for each in found):
        raise BadSubscription("a push service's name leads into a private network")


def appended(noted: Noted, subscribed: Collection[AccountId]) -> Appended | None:
    """What one of these may be woken for: messages and documents, nothing that is quiet."""
    accounts = noted.accounts.intersection(subscribed)
    if not accounts:
        return None
    try:
        clear = decode_header(noted.header)
    except BadEnvelope:
        return None
    if clear.kind in (Kind.MESSAGE, Kind.URGENT):
        accounts -= {clear.account}
    elif clear.kind is not Kind.DOCUMENT:
        return None
    is_urgent = clear.kind is Kind.URGENT
    return Appended(noted.channel, noted.incarnation, noted.offset, is_urgent, accounts)


def is_quiet(preferences: Preferences, now_ms: int) -> bool:
    """Whether it is within the quiet hours, which may cross midnight."""
    start, end = preferences.quiet_from, preferences.quiet_until
    if start == end:
        return False
    minute = now_ms // 60_000 % DAY_MINUTES
    return start <= minute < end if start < end else minute >= start or minute < end


def should_wake(subscription: Subscription, channel: str, *, is_urgent: bool, now_ms: int) -> bool:
    """Whether a device wants to be woken for an entry of this conversation, now."""
    preferences = subscription.preferences
    if is_urgent and preferences.urgent_passes:
        return True
    if channel in preferences.muted or is_quiet(preferences, now_ms):
        return False
    return is_urgent or now_ms - subscription.pushed_at_ms >= PAUSE_MS


def payload(count: int) -> bytes:
    """All that is said: how many entries wait. No name, no conversation, no text."""
    return json.dumps({"v": 1, "n": min(count, MAX_COUNT)}, separators=(",", ":")).encode()
