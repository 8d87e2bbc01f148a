"""As many idle connections as the machine lets one have: does the next one cost the same?"""

import multiprocessing
import resource
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from benchmarks import idle
from benchmarks.figures import Figures, Own, Size, micros, say
from benchmarks.floor import Floor
from benchmarks.load import Client, Load
from benchmarks.people import Person
from benchmarks.product import Device, Lien

# Ports of one loopback address for outgoing connections are some 28,000.
_SOURCE: Final = 0x7F000002  # 127.0.0.2, and those after it
_PER_SOURCE: Final = 20_000
_SPARE_FILES: Final = 2_000
_WATCH_SECONDS: Final = 27.0  # more than one round of pings
_STEPS: Final = (1_000, 10_000)
_STEP: Final = 1_000
_STEP_SECONDS: Final = 0.8
_GIB: Final = 2**20  # in KiB


def run(size: Size, workers: int) -> Iterator[tuple[str, Figures]]:
    """
    1,000, then 10,000, then `connections` at once, all authenticated and answering pings.

    As many as the limit of open files allows where it is below that: more with more workers, or
    a higher limit. The load is several processes, each on source addresses of its own.
    """
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0] - _SPARE_FILES
    # The kernel gives new connections to whichever worker is awake: leave room for unevenness.
    allowed = limit if workers == 1 else limit * workers * 3 // 4
    most = min(size.connections, allowed)
    if most < size.connections:
        say(f"the limit of open files allows {most:,} in {workers} (see `ulimit -Hn`)")
    with Floor() as floor_server:
        (floor,) = idle.run(floor_server, Size(min(_STEPS[-1], most), 0, 1))
    yield "floor", {**floor, "case": "the floor", "ratio_to_floor": 1.0}
    with Lien(workers) as server:
        crowd = _Crowd(server, limit)
        try:
            for target in sorted({min(step, most) for step in (*_STEPS, most)}):
                # Pings of all of them take half a minute to come round: once is enough.
                figures = crowd.grow(target, _WATCH_SECONDS if target == most else 0)
                # A few connections fit into what the process has already.
                base = max(floor["kib_per_connection"], 0.01)
                ratio = round(figures["kib_per_connection"] / base, 2)
                yield "lien", {**figures, "workers": workers, "ratio_to_floor": ratio}
        finally:
            crowd.go()


class _Crowd:
    def __init__(self, server: Lien, limit: int) -> None:
        self._server, self._limit = server, min(limit, _PER_SOURCE)
        self._parts: list[_Part] = []
        warm = _Part(server, 0, 100)
        warm.open()
        warm.close()
        server.settle(Load(1))
        self._empty_kib, self._empty_slab = server.memory_kib(), _slab_kib()
        self.connections = 0

    def grow(self, target: int, watch_seconds: float) -> Figures:
        """Add connections up to `target`, then watch all of them for so long."""
        say(f"{target:,} connections")
        before, added = self._server.usage(), target - self.connections
        while self.connections < target:
            count = min(self._limit, target - self.connections)
            part = _Part(self._server, len(self._parts), count)
            part.open()
            self._parts.append(part)
            self.connections += count
        self._server.settle(Load(1))
        connecting = self._server.usage() - before
        before = self._server.usage()
        lost = sum(part.watch(watch_seconds) for part in self._parts[:1])
        pinging = self._server.usage() - before
        each = micros(pinging.server, int(target * watch_seconds)) if watch_seconds else None
        grown = self._server.memory_kib() - self._empty_kib
        return {
            "case": f"{target:,} connections",
            "connections": target,
            "lost": lost + sum(part.watch(0) for part in self._parts[1:]),
            "kib_per_connection": round(grown / target, 2),
            # Both ends are here: half of it is the server's.
            "kernel_kib_per_connection": round((_slab_kib() - self._empty_slab) / 2 / target, 2),
            "process_memory_gib": round(self._server.memory_kib() / _GIB, 3),
            "cpu_us_per_connect": micros(connecting.server, added),
            **({} if each is None else {"cpu_us_per_connection_second": each}),
            "versions": self._server.versions(),
        }

    def go(self) -> None:
        for part in self._parts:
            part.close()


class _Part:
    """A process that holds some of the connections, and answers their pings all the time."""

    def __init__(self, server: Lien, number: int, count: int) -> None:
        self._pipe, theirs = multiprocessing.Pipe()
        context = multiprocessing.get_context("fork")
        self._process = context.Process(
            target=_hold, args=(theirs, server, number, count), daemon=True
        )
        self._process.start()
        theirs.close()

    def open(self) -> None:
        """Raises: LoadFailed."""
        failure = self._pipe.recv()
        if failure:
            raise RuntimeError(failure)

    def watch(self, seconds: float) -> int:
        """How many connections were lost so far, `seconds` from now."""
        self._pipe.send(seconds)
        return int(self._pipe.recv())

    def close(self) -> None:
        self._pipe.send(None)
        self._process.join(30)


def _hold(pipe: Connection, server: Lien, number: int, count: int) -> None:
    load = Load(count)
    clients: list[Client] = [Device(server, Person()) for _ in range(count)]
    lost = 0
    try:
        # No more in a second than a worker takes in (`lien.web.arrivals`).
        for first in range(0, count, _STEP):
            some = clients[first : first + _STEP]
            load.open(server.port, some, first=first, source=_SOURCE + number, seconds=300.0)
            lost += load.watch(_STEP_SECONDS)
        pipe.send("")
    except Exception as error:  # told to the process that asked
        pipe.send(str(error))
        return
    while True:
        lost += load.watch(0.2)
        if pipe.poll():
            seconds = pipe.recv()
            if seconds is None:
                return
            lost += load.watch(seconds)
            pipe.send(lost)


def _slab_kib() -> int:
    """What the kernel holds, of the whole machine."""
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("Slab:"):
            return int(line.split()[1])
    return 0


OWN: Final = Own(
    "1,000, 10,000 and 100,000 idle connections: process memory and CPU of each",
    run,
    Size(100_000, 1),
)
