"""Connections that only answer pings: memory and CPU of each."""

from typing import Final

from benchmarks.figures import Benchmark, Figures, Size, micros, say
from benchmarks.load import Load
from benchmarks.subjects import Server

_WARM: Final = 100


def run(server: Server, size: Size) -> list[Figures]:
    """W3: growth of process memory from a warmed-up server; the kernel's is not in it."""
    warm = Load(_WARM)
    warm.open(server.port, server.loners(_WARM).clients())
    warm.close()
    server.settle(warm)
    before_kib, before = server.memory_kib(), server.usage()
    clients = server.loners(size.connections).clients()
    load = Load(size.connections)
    # Half, then half: Lien sends away who comes when 4,000 have come at once.
    for first in (0, size.connections // 2):
        last = size.connections // 2 if first == 0 else size.connections
        load.open(server.port, clients[first:last], first=first)
        load.watch(1.0)
    server.settle(load)
    connecting = server.usage() - before
    grown_kib = server.memory_kib() - before_kib
    each_kib = round(grown_kib / size.connections, 2)
    lost = load.watch(0.1)
    load.close()
    say(f"{each_kib} KiB per connection")
    return [
        {
            "case": "",
            "connections": size.connections,
            "lost": lost,
            "kib_per_connection": each_kib,
            "cpu_us_per_connect": micros(connecting.server, size.connections),
        }
    ]


BENCHMARK: Final = Benchmark(
    "connections that only answer pings: process memory of each",
    run,
    "kib_per_connection",
    Size(5_000, 0),
)
