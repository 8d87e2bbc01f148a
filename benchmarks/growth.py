"""Whether a delivery costs the same in a small group and in a large one."""

from collections.abc import Iterator
from typing import Final

from benchmarks import fanout
from benchmarks.figures import Figures, Own, Size, say
from benchmarks.floor import Floor
from benchmarks.load import Load
from benchmarks.product import Lien
from benchmarks.subjects import Server

_DELIVERIES: Final = 100_000  # in each run, so that small groups are measured as well


def run(size: Size, workers: int) -> Iterator[tuple[str, Figures]]:
    """
    10, 100, 1,000 … `connections` receivers, one message in flight.

    A conversation has at most 500 members: beyond, the same message goes to several at once.
    """
    members = 10
    while members <= size.connections:
        say(f"{members} members")
        floor = _measure(Floor(), members, size)
        yield "floor", {**floor, "ratio_to_floor": 1.0}
        lien = _measure(Lien(workers), members, size)
        ratio = round(lien["cpu_us_per_delivery"] / floor["cpu_us_per_delivery"], 2)
        yield "lien", {**lien, "ratio_to_floor": ratio}
        members *= 10


def _measure(subject: Server, members: int, size: Size) -> Figures:
    with subject as server:
        scene = server.fanout(members)
        load = Load(members + 1)
        load.open(server.port, scene.clients())
        server.settle(load)
        messages = max(min(_DELIVERIES // members, size.messages), 1)
        fewer = Size(members, messages, size.runs)
        figures = fanout.publish(server, scene, load, fewer, in_flight=1)
        load.close()
    return {
        "case": f"{members:,} members",
        "members": members,
        **figures,
        "versions": server.versions(),
    }


OWN: Final = Own(
    "one message to 10, 100, 1,000 and 10,000 receivers: CPU per delivery",
    run,
    Size(10_000, 2_000),
)
