"""A reconnect with many conversations: of 50, three moved, or none."""

from collections.abc import Iterator, Sequence
from statistics import median
from typing import Final

from benchmarks import storm
from benchmarks.figures import Figures, Own, Size, micros, per_second, say
from benchmarks.floor import Floor
from benchmarks.load import Acks, Client, Load, Post, marker, masked
from benchmarks.people import Room, Territory
from benchmarks.product import ACCEPTED, FAILED, Device, Lien
from lien.ids import inbox_channel
from lien.protocol.codec import encode
from lien.protocol.frames import Send
from lien.protocol.positions import Cursor

_EACH: Final = 50  # conversations of everyone, and members of every conversation
_MOVED: Final = 3


def run(size: Size, workers: int) -> Iterator[tuple[str, Figures]]:
    """
    Groups of 50 people who share 50 conversations all come back at once.

    The floor is that of `storm`: a handshake and nothing else.
    """
    with Floor() as floor_server:
        floor = storm.run(floor_server, Size(size.connections, 1, size.runs))[0]
    yield "floor", {**floor, "case": "handshake", "ratio_to_floor": 1.0}
    with Lien(workers) as server:
        crowd = _Crowd(server, max(size.connections // _EACH, 1))
        for moved in (0, _MOVED):
            figures = crowd.come_back(size.runs, moved)
            ratio = round(figures["cpu_us_per_reconnect"] / floor["cpu_us_per_reconnect"], 2)
            extra = {"ratio_to_floor": ratio, "versions": server.versions()}
            yield "lien", {"case": f"{moved} of {_EACH} moved", **figures, **extra}


class _Crowd:
    def __init__(self, server: Lien, groups: int) -> None:
        self._server = server
        self._heads: dict[str, int] = {}
        say(f"{groups * _EACH} conversations of {_EACH}")
        self._groups = [server.seed(_group) for _ in range(groups)]
        self._count = groups * _EACH
        self._load = Load(self._count)
        self._load.open(server.port, self._clients())
        server.settle(self._load)

    def come_back(self, runs: int, moved: int) -> Figures:
        """Everyone holds all but one entry of `moved` conversations."""
        used = []
        for number in range(runs):
            before_heads = dict(self._heads)
            if moved:
                self._write(number, moved)
            clients = self._clients(before_heads)
            # A worker takes in 4,000 at once, and as many again four seconds later.
            self._load.watch(self._count / 1_000)
            self._server.settle(self._load)
            before = self._server.usage()
            self._load.close()
            self._load.open(self._server.port, clients)
            self._server.settle(self._load)
            used.append(self._server.usage() - before)
        costs = [micros(each.server, self._count) for each in used]
        say(f"{moved} moved: {median(costs)} µs per reconnect")
        return {
            "connections": self._count,
            **per_second("cpu_us_per_reconnect", median(costs)),
            "store_cpu_us_per_reconnect": median(micros(each.store, self._count) for each in used),
            "runs": costs,
        }

    def _clients(self, heads: dict[str, int] | None = None) -> Sequence[Client]:
        known = self._heads if heads is None else heads
        found: list[Client] = []
        for rooms in self._groups:
            cursors = [Cursor(room.channel, 1, known.get(room.channel, 1)) for room in rooms]
            for person in rooms[0].members:  # in the order of their connections
                inbox = Cursor(inbox_channel(person.account), 1, 1)
                found.append(Device(self._server, person, [*cursors, inbox]))
        return found

    def _write(self, turn: int, moved: int) -> None:
        """One message in some conversations of each group, from the one who began them."""
        posts: list[Post] = []
        for group, rooms in enumerate(self._groups):
            for room in rooms[:moved]:
                envelope = marker(len(posts), turn) + "A"
                sealed = room.an_envelope(room.members[0], 1, envelope)
                posts.append(Post(group * _EACH, masked(encode(Send(1, *sealed)))))
                self._heads[room.channel] = self._heads.get(room.channel, 1) + 1
        acks = Acks(len(posts), b"", ACCEPTED, FAILED)
        self._load.run(posts, in_flight=1, expected=_EACH, acks=acks)


async def _group(territory: Territory) -> list[Room]:
    """Fifty who share fifty conversations: one begun as people do, the others copied."""
    people = await territory.add_people(_EACH)
    (room,) = await territory.add_rooms([people])
    return [room, *await territory.copy_room(room, _EACH - 1)]


OWN: Final = Own(
    "everyone comes back with cursors on 50 conversations, of which none or three moved",
    run,
    Size(1_000, 1),
)
