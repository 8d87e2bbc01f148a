"""What every peer shares: waiting for its port, a store of its own."""

import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Final

from benchmarks.deployment import free_port
from benchmarks.load import LoadFailed
from benchmarks.processes import Family
from benchmarks.subjects import Peer
from lien.storage.embedded import binary

_READY_SECONDS: Final = 30.0


class Program(Peer):
    """A peer that is one program with a folder of its own, listening on a port we chose."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix=f"lien-{self.name}-"))
        self.log = (self.folder / "log").open("wb")
        self.port = free_port()

    def __exit__(self, *_: object) -> None:
        self.family.stop()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def await_port(self, port: int | None = None) -> None:
        """Raises: LoadFailed."""
        deadline = time.monotonic() + _READY_SECONDS
        while not is_listening(port or self.port):
            if not self.family.is_alive or time.monotonic() > deadline:
                self.log.flush()
                said = (self.folder / "log").read_text(errors="replace").strip().splitlines()[-3:]
                self.__exit__()
                raise LoadFailed(f"did not start: {' / '.join(said)}")
            time.sleep(0.05)


def start_store(family: Family, folder: Path) -> int:
    """A Valkey in memory for a peer that needs one, on the core of its server; its port."""
    port = free_port()
    options = ("--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no")
    family.start([str(binary()), *options, "--dir", str(folder)], stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + _READY_SECONDS
    while not is_listening(port):
        if time.monotonic() > deadline:
            raise LoadFailed("its store did not start")
        time.sleep(0.05)
    return port


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
