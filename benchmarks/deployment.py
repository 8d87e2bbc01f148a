"""The product as an operator runs it, in processes of its own."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Self

import httpx

from benchmarks.processes import Family, Usage, first_core
from lien.storage.embedded import url_of

_READY_SECONDS = 60.0


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Deployment:
    """`lien serve` with its embedded Valkey in a folder that is thrown away."""

    def __init__(self, workers: int) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="lien-")
        self.data_dir = Path(self._folder.name) / "data"
        self.workers = workers
        self.port = free_port()
        self.origin = f"http://localhost:{self.port}"
        self._environ = {
            **{name: text for name, text in os.environ.items() if not name.startswith("LIEN_")},
            "LIEN_DATA_DIR": str(self.data_dir),
            "LIEN_PORT": str(self.port),
            "LIEN_ORIGIN": self.origin,
            "LIEN_SENDS_PER_SECOND": "100000",  # one publisher stands for many
            "LIEN_SENDS_PER_CONVERSATION": "100000",
        }
        self._family = Family()

    def __enter__(self) -> Self:
        """Start on the first core, and keep this process (the load) off it."""
        lien = [sys.executable, "-m", "lien"]
        with first_core():
            init = [*lien, "init"]
            subprocess.run(init, env=self._environ, check=True, stdout=subprocess.DEVNULL)
        serve = [*lien, "serve", "--workers", str(self.workers)]
        self._family.start(serve, environ=self._environ, stdout=sys.stderr.fileno(), stderr=None)
        deadline = time.monotonic() + _READY_SECONDS
        while not self._is_ready():
            if not self._family.is_alive or time.monotonic() > deadline:
                self.__exit__()
                raise RuntimeError("the server did not start")
            time.sleep(0.1)
        return self

    def __exit__(self, *_: object) -> None:
        self._family.stop()
        self._folder.cleanup()

    @property
    def store_url(self) -> str:
        """Where the embedded Valkey listens."""
        return url_of(self.data_dir)

    def usage(self) -> Usage:
        """CPU used so far."""
        return self._family.usage()

    def memory_kib(self) -> int:
        """Proportional memory (PSS) of the workers; what they share counts once."""
        return self._family.memory_kib()

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.origin}/ready", timeout=2).status_code == 200
        except httpx.TransportError:
            return False
