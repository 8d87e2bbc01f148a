"""What blobs are made of, as values."""

from dataclasses import dataclass
from typing import NewType

from lien.ids import AccountId, BlobId, ChannelId, GatewayId

# Who uploads: `account:` or `gateway:` and an identifier.
Owner = NewType("Owner", str)


def account_owner(account: AccountId) -> Owner:
    """An account, as the owner of what it uploads."""
    return Owner(f"account:{account}")


def gateway_owner(gateway: GatewayId) -> Owner:
    """A hospital's gateway, as the owner of what it uploads."""
    return Owner(f"gateway:{gateway}")


@dataclass(frozen=True, slots=True)
class Audience:
    """
    Who may read a blob: whoever is a member of a conversation when they ask, or these accounts.

    Exactly one of the two is given.
    """

    channel: ChannelId | None = None
    accounts: frozenset[AccountId] = frozenset()


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a deployment, in stored bytes."""

    max_bytes: int
    bytes_per_day: int  # of each account
    gateway_bytes_per_day: int = 2**40  # of each gateway


@dataclass(frozen=True, slots=True)
class Upload:
    """Where an upload stands: the offsets of the parts that are still missing, in order."""

    missing: tuple[int, ...]
    is_complete: bool


@dataclass(frozen=True, slots=True)
class Blob:
    """A blob as the store knows it. `checksums` holds those of the parts that were asked for."""

    blob: BlobId
    owner: Owner
    size: int
    channel: ChannelId | None
    is_reader: bool
    is_complete: bool
    created_at_ms: int
    expires_at_ms: int
    checksums: tuple[str | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A range of a blob that may be read: `start` to `end`, the latter not included."""

    blob: BlobId
    size: int
    start: int
    end: int
    first_part: int
    checksums: tuple[str, ...]
