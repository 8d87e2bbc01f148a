"""What pushing is made of, as values."""

from dataclasses import dataclass, field
from typing import NamedTuple

from lien.crypto.webpush import PushKeys
from lien.ids import AccountId, ChannelId, DeviceId


@dataclass(frozen=True, slots=True)
class Preferences:
    """
    When a device wants to be woken.

    `quiet_from` and `quiet_until` are minutes of the day in UTC, the same for no quiet hours.
    `muted` conversations never wake it, unless what is sent is urgent and may pass.
    """

    muted: frozenset[ChannelId] = frozenset()
    quiet_from: int = 0
    quiet_until: int = 0
    urgent_passes: bool = True


@dataclass(frozen=True, slots=True)
class Subscription:
    """A device's address at its vendor's push service, and how that went last."""

    account: AccountId
    device: DeviceId
    endpoint: str = field(repr=False)
    keys: PushKeys = field(repr=False)
    preferences: Preferences
    waiting: int = 0  # entries since the device was last here
    pushed_at_ms: int = 0  # the last push the vendor took
    failed_at_ms: int = 0  # the last one it did not take, later than the one it took; else 0


class Noted(NamedTuple):
    """An entry of a log as the feed told it, and who reads it. One is made for each message."""

    due_at_ms: int
    channel: ChannelId
    incarnation: int
    offset: int
    header: bytes
    accounts: frozenset[AccountId]


@dataclass(frozen=True, slots=True)
class Appended:
    """An entry of a log, and who may have to be woken for it."""

    channel: ChannelId
    incarnation: int
    offset: int
    is_urgent: bool
    accounts: frozenset[AccountId]


@dataclass(frozen=True, slots=True)
class Reach:
    """Whether an account can be woken: by any device's working subscription."""

    account: AccountId
    can_be_woken: bool
    failed_at_ms: int
