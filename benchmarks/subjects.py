"""What is measured: Lien, the floor or a peer, each doing the same work."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import ClassVar, Final, Self

from benchmarks.load import Acks, Client, Load, Post, marker
from benchmarks.processes import Family, Usage, wait_quiet

# As long as a text of some 120 words sealed, padded and signed as Lien does.
PAYLOAD_BYTES: Final = 1_108


class NotInstallable(RuntimeError):
    """A peer cannot be had here; the text says why."""


@dataclass(frozen=True)
class Posts:
    """Messages ready to send, and how many acknowledgements they bring."""

    posts: Sequence[Post]
    acks: Acks


class Scene(ABC):
    """Who is connected and who writes to whom."""

    expected: int  # times a message arrives, an echo to its sender included
    deliveries: int  # of those, the ones that the cost is divided by

    @abstractmethod
    def clients(self) -> Sequence[Client]:
        """Everyone, to connect or to connect again."""

    @abstractmethod
    def posts(self, messages: int) -> Posts:
        """That many messages, never the same twice."""


class Server(ABC):
    """A running subject. `with` starts and stops it."""

    name: ClassVar[str]
    port: int
    # Messages are divided by it where the usual number would take minutes.
    slowness: ClassVar[int] = 1

    @abstractmethod
    def __enter__(self) -> Self: ...

    @abstractmethod
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    @abstractmethod
    def usage(self) -> Usage:
        """CPU used so far."""

    @abstractmethod
    def memory_kib(self) -> int:
        """Proportional memory (PSS) of its processes, the store's left out."""

    @abstractmethod
    def fanout(self, members: int) -> Scene:
        """One writes, that many receive."""

    @abstractmethod
    def rooms(self, rooms: int) -> Scene:
        """Rooms of two, of which one writes."""

    @abstractmethod
    def loners(self, count: int) -> Scene:
        """That many who only stay connected."""

    @abstractmethod
    def versions(self) -> dict[str, str]:
        """Of what was measured."""

    def note(self) -> str:
        """What differs from the others, so as not to over-read a figure."""
        return ""

    def settle(self, load: Load) -> None:
        """Wait until nothing is left to do."""
        wait_quiet(self, load.watch)


class Peer(Server):
    """
    Another server behind the same load: rooms by name, a payload of the same length.

    What each says on the wire is decided by `client`, `post` and `ack`.
    """

    ack: ClassVar[bytes] = b"ack"  # in every acknowledgement; empty: there is none

    def __init__(self) -> None:
        self.family = Family()

    @abstractmethod
    def client(self, room: str, number: int, *, sends: bool) -> Client:
        """A client in a room; one that sends need not receive."""

    @abstractmethod
    def post(self, room: str, number: int, payload: str) -> bytes:
        """The frame by which client `number` tells the room something."""

    def __exit__(self, *_: object) -> None:
        self.family.stop()

    def usage(self) -> Usage:
        return self.family.usage()

    def memory_kib(self) -> int:
        return self.family.memory_kib()

    def fanout(self, members: int) -> Scene:
        return _PeerScene(self, ["0"] * (members + 1), [0], members)

    def rooms(self, rooms: int) -> Scene:
        names = [f"{number // 2}" for number in range(2 * rooms)]
        return _PeerScene(self, names, range(0, 2 * rooms, 2), 1)

    def loners(self, count: int) -> Scene:
        return _PeerScene(self, [f"{number}" for number in range(count)], [], 0)


class _PeerScene(Scene):
    def __init__(
        self, peer: Peer, names: Sequence[str], senders: Sequence[int], deliveries: int
    ) -> None:
        self._peer, self._names, self._senders = peer, names, senders
        self.expected = self.deliveries = deliveries

    def clients(self) -> Sequence[Client]:
        senders = set(self._senders)
        return [
            self._peer.client(name, number, sends=number in senders)
            for number, name in enumerate(self._names)
        ]

    def posts(self, messages: int) -> Posts:
        made = []
        for message in range(messages):
            sender = self._senders[message % len(self._senders)]
            payload = marker(message).ljust(PAYLOAD_BYTES, "x")
            made.append(Post(sender, self._peer.post(self._names[sender], sender, payload)))
        return Posts(made, Acks(messages if self._peer.ack else 0, self._peer.ack))
