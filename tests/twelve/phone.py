"""What a phone of the random test is, whichever engine runs on it."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

from lien.client import SoftwareAuthenticator
from lien.ids import AccountId, ChannelId, DeviceId, EnvelopeId, RppsNumber

Key = tuple[DeviceId, EnvelopeId]


@dataclass(slots=True)
class Person:
    """One account, what its owner has in hand, and its phones."""

    name: str
    rpps: RppsNumber
    authenticator: SoftwareAuthenticator
    account: AccountId = AccountId("")
    code: str = ""
    phones: list["Phone"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Held:
    """One message as a phone shows it. `problem` says why it cannot be read."""

    key: Key
    offset: int
    account: AccountId
    at_ms: int
    text: str
    is_deleted: bool
    problem: str


class Phone(ABC):
    """One device. What it is told to say is stored when the call returns, sent or not."""

    def __init__(self, name: str, person: Person) -> None:
        self.name = name
        self.person = person
        self.device = DeviceId("")
        self.is_away = False  # without network

    @abstractmethod
    async def sign_up(self) -> None:
        """Begin the account, with its passkey."""

    @abstractmethod
    async def join(self) -> None:
        """Become a further device of the account, by its passkey."""

    @abstractmethod
    async def be_online(self) -> None:
        """Have network, a session and a connection."""

    @abstractmethod
    async def find_network(self) -> None:
        """Have network again; a revoked phone gets no further."""

    @abstractmethod
    async def drop(self) -> None:
        """Lose the network."""

    @abstractmethod
    async def crash(self, channel: ChannelId | None, text: str) -> None:
        """Die at once, in the middle of saying `text` if there is a channel; start again."""

    @abstractmethod
    async def discard(self) -> None:
        """Lose everything that is stored, and stop."""

    @abstractmethod
    async def close(self) -> None:
        """Stop."""

    @abstractmethod
    async def channels(self) -> dict[ChannelId, set[AccountId]]:
        """The conversations it knows, and who is in them as it believes."""

    @abstractmethod
    async def send(self, channel: ChannelId, text: str) -> Key: ...

    @property
    @abstractmethod
    def may_send_photograph(self) -> bool:
        """Whether it keeps one until it is sent, as it is now."""

    @abstractmethod
    async def send_photograph(self, channel: ChannelId, text: str, content: bytes) -> Key: ...

    @abstractmethod
    async def open_photograph(self, channel: ChannelId, key: Key) -> bytes:
        """The bytes of one that it shows."""

    @abstractmethod
    async def edit(self, channel: ChannelId, key: Key, text: str) -> None: ...

    @abstractmethod
    async def delete(self, channel: ChannelId, key: Key) -> None: ...

    @abstractmethod
    async def create_group(self, name: str, members: list[AccountId]) -> ChannelId: ...

    @abstractmethod
    async def open_direct(self, other: AccountId) -> ChannelId: ...

    @abstractmethod
    async def add(self, channel: ChannelId, member: AccountId, *, with_past: bool) -> None: ...

    @abstractmethod
    async def remove(self, channel: ChannelId, member: AccountId) -> None: ...

    @abstractmethod
    async def rotate(self, channel: ChannelId) -> None:
        """Begin a new epoch, where this engine lets a person ask for it."""

    @abstractmethod
    async def set_retention(self, channel: ChannelId, days: int) -> None: ...

    @abstractmethod
    async def kept_days(self, channel: ChannelId) -> int:
        """How long it believes that messages of a conversation stay."""

    @abstractmethod
    async def revoke(self, device: DeviceId) -> None: ...

    @abstractmethod
    async def make_code(self) -> str: ...

    @abstractmethod
    async def is_wiped(self) -> bool:
        """It was revoked and knows it."""

    @abstractmethod
    async def read(self, channel: ChannelId) -> list[Held]:
        """Everything of a conversation as it is shown, in order."""

    @abstractmethod
    async def shows(self, channel: ChannelId, key: Key) -> bool:
        """Whether a message is among those of a conversation."""

    @abstractmethod
    async def describe(self, channel: ChannelId) -> str:
        """How it stands, for who looks for a fault."""
