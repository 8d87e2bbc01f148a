"""Processes under measurement: where they run, what they use. Linux only: it is all in /proc."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Protocol

_STOP_SECONDS = 20.0
# Any of these in a process's name: it is the store, not the server.
_STORES = ("valkey", "redis")


@dataclass(frozen=True)
class Usage:
    """
    CPU seconds of the server's processes (workers and supervisor) and of its store.

    `server_user` is the part of `server` outside the kernel: what our code can change.
    """

    server: float
    server_user: float
    store: float

    def __sub__(self, before: "Usage") -> "Usage":
        return Usage(
            self.server - before.server,
            self.server_user - before.server_user,
            self.store - before.store,
        )


class Watched(Protocol):
    """Something whose use of the machine can be read."""

    def usage(self) -> Usage:
        """CPU used so far."""


# As they were before anything was moved: what is measured gets the first, the load the others.
_CORES: Final = tuple(sorted(os.sched_getaffinity(0)))


@contextmanager
def first_core() -> Iterator[None]:
    """
    What is started within runs on the first core; this process (the load) on the others after it.

    On a machine of one core everything shares it.
    """
    os.sched_setaffinity(0, _CORES[:1])
    try:
        yield
    finally:
        os.sched_setaffinity(0, _CORES[1:] or _CORES)


class Family:
    """A server with everything it started, and the store it talks to."""

    def __init__(self) -> None:
        self._roots: list[subprocess.Popen[bytes]] = []

    def start(
        self,
        command: Sequence[str],
        *,
        environ: Mapping[str, str] | None = None,
        folder: Path | None = None,
        stdout: int | IO[bytes] | None = subprocess.DEVNULL,
        stderr: int | IO[bytes] | None = subprocess.DEVNULL,
    ) -> subprocess.Popen[bytes]:
        """Start a program on the first core. It is stopped with the others."""
        with first_core():
            process = subprocess.Popen(
                command, env=environ, cwd=folder, stdout=stdout, stderr=stderr
            )
        self._roots.append(process)
        return process

    @property
    def is_alive(self) -> bool:
        return all(process.poll() is None for process in self._roots)

    def stop(self) -> None:
        """Ask each to stop, last started first; kill what does not."""
        for process in reversed(self._roots):
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdout is not None:
                process.stdout.close()
        self._roots.clear()

    def usage(self) -> Usage:
        """CPU used so far."""
        server, store = self._processes()
        return Usage(
            sum(map(_cpu_seconds, server)),
            sum(map(_user_seconds, server)),
            sum(map(_cpu_seconds, store)),
        )

    def memory_kib(self) -> int:
        """Proportional anonymous memory (PSS) of the server; what processes share counts once."""
        server, _ = self._processes()
        return sum(map(_pss_kib, server))

    def count(self) -> int:
        """Processes of the server, the store's left out."""
        return len(self._processes()[0])

    def _processes(self) -> tuple[list[int], list[int]]:
        family = [pid for process in self._roots for pid in _descendants(process.pid)]
        store = [pid for pid in family if any(name in _name_of(pid) for name in _STORES)]
        return [pid for pid in family if pid not in store], store


def wait_quiet(
    watched: Watched, pause: "Pause", quiet_seconds: float = 0.5, patience_seconds: float = 30.0
) -> None:
    """Wait until nothing is left to do: less than 2 % of a core."""
    deadline = time.monotonic() + patience_seconds
    before = watched.usage()
    while time.monotonic() < deadline:
        pause(quiet_seconds)
        after = watched.usage()
        if (after - before).server < 0.02 * quiet_seconds:
            return
        before = after


class Pause(Protocol):
    """`time.sleep`, or something that answers pings meanwhile."""

    def __call__(self, seconds: float, /) -> object: ...


def _name_of(pid: int) -> str:
    return Path(f"/proc/{pid}/comm").read_text()


def _descendants(pid: int) -> list[int]:
    found = [pid]
    for each in found:
        children = Path(f"/proc/{each}/task").glob("*/children")
        found += [int(text) for path in children for text in path.read_text().split()]
    return found


def _cpu_seconds(pid: int) -> float:
    """Time of all threads by the scheduler's clock; without one, in ticks of 10 ms (proc(5))."""
    exact = 0
    for path in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        with suppress(FileNotFoundError):  # a thread that has just ended
            exact += int(path.read_text().split()[0])
    return exact / 1e9 if exact else sum(_ticks(pid)) / os.sysconf("SC_CLK_TCK")


def _user_seconds(pid: int) -> float:
    return _ticks(pid)[0] / os.sysconf("SC_CLK_TCK")


def _ticks(pid: int) -> tuple[int, int]:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]), int(fields[12])


def _pss_kib(pid: int) -> int:
    """What connections take is anonymous; the rest changes with who else maps the same files."""
    found = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        name, _, rest = line.partition(":")
        found[name] = int(rest.split()[0])
    return found.get("Pss_Anon", found["Pss"])
