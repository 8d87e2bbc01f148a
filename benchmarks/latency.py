"""From one phone to the other: time, at a steady rate."""

from typing import Final

from benchmarks.figures import Benchmark, Figures, Size, micros, say
from benchmarks.load import Load
from benchmarks.subjects import Server

_RATE: Final = 2_000.0


def run(server: Server, size: Size) -> list[Figures]:
    """W4: conversations of two, 2,000 messages a second, whether or not the server keeps up."""
    scene = server.rooms(size.connections // 2)
    load = Load(size.connections)
    load.open(server.port, scene.clients())
    times: list[float] = []
    medians = []
    server_cpu = store_cpu = 0.0
    for _ in range(size.runs):
        made = scene.posts(size.messages)
        server.settle(load)
        before = server.usage()
        outcome = load.run(
            made.posts,
            in_flight=size.messages,
            expected=scene.expected,
            acks=made.acks,
            rate=_RATE,
        )
        used = server.usage() - before
        server_cpu, store_cpu = server_cpu + used.server, store_cpu + used.store
        medians.append(round(sorted(outcome.latencies)[size.messages // 2] * 1e6, 1))
        times += outcome.latencies
    load.close()
    times.sort()
    p50 = sorted(medians)[len(medians) // 2]
    say(f"{p50} µs")
    return [
        {
            "case": "",
            "rooms": size.connections // 2,
            "messages": size.messages,
            "messages_per_second": _RATE,
            "p50_us": p50,
            "p99_us": round(times[int(len(times) * 0.99)] * 1e6, 1),
            "cpu_us_per_delivery": micros(server_cpu, len(times)),
            "store_cpu_us_per_delivery": micros(store_cpu, len(times)),
            "runs": medians,
        }
    ]


BENCHMARK: Final = Benchmark(
    "conversations of two at 2,000 messages a second: median time from sender to receiver",
    run,
    "p50_us",
    Size(1_000, 4_000),
)
