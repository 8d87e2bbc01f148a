"""One publisher, many subscribers: CPU per delivery."""

from statistics import median
from typing import Final

from benchmarks.figures import Benchmark, Figures, Size, costs, say
from benchmarks.load import Load
from benchmarks.processes import Usage
from benchmarks.subjects import Scene, Server

_GATHERED: Final = 16


def run(server: Server, size: Size) -> list[Figures]:
    """W1, then W1b: the next message when all have this one, and with 16 under way."""
    scene = server.fanout(size.connections)
    load = Load(size.connections + 1)
    clients = scene.clients()
    load.open(server.port, clients)
    server.settle(load)
    found = []
    for in_flight in (1, _GATHERED):
        figures = publish(server, scene, load, size, in_flight)
        found.append({"case": f"{in_flight} in flight", "members": size.connections, **figures})
    load.close()
    return found


def publish(server: Server, scene: Scene, load: Load, size: Size, in_flight: int) -> Figures:
    """Medians of the runs."""
    used: list[Usage] = []
    times: list[float] = []
    for _ in range(size.runs):
        made = scene.posts(size.messages)
        before = server.usage()
        outcome = load.run(made.posts, in_flight=in_flight, expected=scene.expected, acks=made.acks)
        used.append(server.usage() - before)
        times += outcome.latencies
    figures = costs(used, size.messages * scene.deliveries)
    say(f"{in_flight} in flight: {figures['cpu_us_per_delivery']} µs per delivery")
    return {
        "messages": size.messages,
        "in_flight": in_flight,
        **figures,
        "median_ms_to_all": round(median(times) * 1e3, 2),
    }


BENCHMARK: Final = Benchmark(
    "one publisher, 1,000 receivers: CPU per delivery, with 1 and with 16 messages in flight",
    run,
    "cpu_us_per_delivery",
    Size(1_000, 200),
    floor_case="1 in flight",
)
