"""Everyone reconnects at once: CPU of handshake, proof and resume."""

from statistics import median
from typing import Final

from benchmarks.figures import Benchmark, Figures, Size, micros, per_second, say
from benchmarks.load import Load
from benchmarks.subjects import Server


def run(server: Server, size: Size) -> list[Figures]:
    """W5: all vanish and come back, subscribed or resumed; the clean-up of the old is in it."""
    scene = server.rooms(size.connections // 2)
    count = size.connections // 2 * 2
    load = Load(count)
    load.open(server.port, scene.clients())
    used = []
    for _ in range(size.runs):
        clients = scene.clients()
        server.settle(load)
        before = server.usage()
        load.close()
        load.open(server.port, clients)
        server.settle(load)
        used.append(server.usage() - before)
    load.close()
    servers = [micros(each.server, count) for each in used]
    cost = median(servers)
    say(f"{cost} µs per reconnect")
    return [
        {
            "case": "",
            "connections": count,
            **per_second("cpu_us_per_reconnect", cost),
            "store_cpu_us_per_reconnect": median(micros(each.store, count) for each in used),
            "runs": servers,
        }
    ]


BENCHMARK: Final = Benchmark(
    "everyone vanishes and comes back at once: CPU of handshake, proof and resume",
    run,
    "cpu_us_per_reconnect",
    Size(2_000, 0),
)
