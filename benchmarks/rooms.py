"""Conversations of two: CPU per message, the log and the durable acknowledgement included."""

from typing import Final

from benchmarks.figures import Benchmark, Figures, Size, costs, say
from benchmarks.load import Load
from benchmarks.subjects import Server

_IN_FLIGHT: Final = 50


def run(server: Server, size: Size) -> list[Figures]:
    """W2: one of each room sends, the other receives, the sender hears that it was taken."""
    scene = server.rooms(size.connections // 2)
    load = Load(size.connections)
    load.open(server.port, scene.clients())
    used = []
    for _ in range(size.runs):
        made = scene.posts(size.messages)
        server.settle(load)
        before = server.usage()
        load.run(made.posts, in_flight=_IN_FLIGHT, expected=scene.expected, acks=made.acks)
        used.append(server.usage() - before)
    load.close()
    figures = costs(used, size.messages * scene.deliveries)
    cost, store = figures["cpu_us_per_delivery"], figures["store_cpu_us_per_delivery"]
    say(f"{cost} µs per message, and {store} µs of the store")
    return [
        {
            "case": "",
            "rooms": size.connections // 2,
            "messages": size.messages,
            "in_flight": _IN_FLIGHT,
            **figures,
        }
    ]


BENCHMARK: Final = Benchmark(
    "500 conversations of two: CPU per message, log and durable acknowledgement included",
    run,
    "cpu_us_per_delivery",
    Size(1_000, 10_000),
)
