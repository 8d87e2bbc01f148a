"""
Every benchmark by name.

To add one that compares Lien with the floor and its peers: a module with a `BENCHMARK`. To add one
of Lien alone: a module with an `OWN`, whose `run` yields (subject, figures). One line here either
way, one in `scripts/bench` if it is quick, and a smoke run in tests/benchmarks.
"""

from typing import Final

from benchmarks import (
    append,
    crowd,
    directory,
    documents,
    fanout,
    growth,
    idle,
    latency,
    pwa,
    resume,
    rooms,
    storm,
    workers,
)
from benchmarks.figures import Benchmark, Own

COMPARED: Final[dict[str, Benchmark]] = {
    "fanout": fanout.BENCHMARK,
    "rooms": rooms.BENCHMARK,
    "latency": latency.BENCHMARK,
    "idle": idle.BENCHMARK,
    "storm": storm.BENCHMARK,
}
OWN: Final[dict[str, Own]] = {
    "append": append.OWN,
    "resume": resume.OWN,
    "workers": workers.OWN,
    "growth": growth.OWN,
    "crowd": crowd.OWN,
    "directory": directory.OWN,
    "documents": documents.OWN,
    "pwa": pwa.OWN,
}
