"""What was done, as far as the test itself knows: pure."""

from dataclasses import dataclass, field
from typing import Final

from lien.ids import AccountId, ChannelId, DeviceId
from tests.twelve.phone import Key

DAY_MS: Final = 86_400_000
# Of the deployment: between the second and the third of what `keeping` lets pass.
RETENTION_DAYS: Final = 10
# Time goes on while phones are compared one after the other.
_MARGIN_MS: Final = 3_600_000


@dataclass(slots=True)
class Said:
    """One text that a phone was told to send, alone or below a photograph."""

    text: str
    channel: ChannelId
    account: AccountId
    device: DeviceId
    step: int
    photograph: str = ""  # SHA-256 of its bytes
    key: Key | None = None  # unknown when the phone died while it was told
    is_certain: bool = True  # it must come; otherwise it may
    # What was done to it: by which device, and the new words, None for a withdrawal.
    changes: list[tuple[DeviceId, str | None]] = field(default_factory=list)
    settled: int = 0  # so many of them were seen to have come by a comparison
    has_lost_changes: bool = False  # some of the others may never come, or too late to count

    def endings(self) -> set[str | None]:
        """How it may be shown in the end; None when it is withdrawn."""
        if not self.changes:
            return {self.text}
        if any(words is None for _, words in self.changes) and not self.has_lost_changes:
            return {None}
        # Each device's changes come in their order; between devices the log decides.
        last = dict(self.changes)
        if self.has_lost_changes:
            return {self.text, *(words for _, words in self.changes)}
        return set(last.values())


@dataclass(frozen=True, slots=True)
class Retention:
    """What an admin chose last for a conversation, or the deployment's."""

    days: int = RETENTION_DAYS
    at_ms: int = 0
    epoch: int = 0  # who reads this epoch has read it


@dataclass(slots=True)
class Group:
    """A conversation, who is meant to be in it, and since when what was said there is kept."""

    channel: ChannelId
    admin: AccountId
    members: set[AccountId]
    is_direct: bool = False
    retention: Retention = field(default_factory=Retention)
    kept_from_ms: int = 0

    def forget(self, now_ms: int) -> None:
        """Time has passed, or less is kept: what is over does not come back."""
        over_ms = now_ms - self.retention.days * DAY_MS + _MARGIN_MS
        self.kept_from_ms = max(self.kept_from_ms, over_ms)


class Record:
    """Everything that was said and agreed."""

    def __init__(self) -> None:
        self.said: dict[str, Said] = {}
        self.groups: dict[ChannelId, Group] = {}
        self.confirmed: set[str] = set()  # seen in the log by a checkpoint

    def doubt(self, device: DeviceId) -> None:
        """A device is gone: what it had not sent yet may never come."""
        for said in self.said.values():
            if said.device == device and said.text not in self.confirmed:
                said.is_certain = False
            if any(by == device for by, _ in said.changes[said.settled :]):
                said.has_lost_changes = True

    def doubt_account(self, channel: ChannelId, account: AccountId) -> None:
        """Somebody was left out: what their phones had not sent there yet may never come."""
        for said in self.said.values():
            if said.channel == channel and said.account == account:
                if said.text not in self.confirmed:
                    said.is_certain = False
                if said.changes[said.settled :]:
                    said.has_lost_changes = True

    def doubt_changes(self) -> None:
        """Days pass: a change that had not left yet comes when it counts no more."""
        for said in self.said.values():
            if said.changes[said.settled :]:
                said.has_lost_changes = True
