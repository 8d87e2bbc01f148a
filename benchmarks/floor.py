"""The floor: a C program that does the same work and nothing else (`floor.c`)."""

import platform
import tempfile
from pathlib import Path
from subprocess import PIPE
from typing import Self

from benchmarks.load import Client, Silent, compile_c, masked, upgrade
from benchmarks.subjects import Peer


class Floor(Peer):
    """Any real server pays at least this."""

    name = "floor"

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory(prefix="lien-floor-")

    def __enter__(self) -> Self:
        program = compile_c("floor.c", Path(self._folder.name))
        process = self.family.start([str(program)], stdout=PIPE)
        assert process.stdout is not None
        self.port = int(process.stdout.readline())
        return self

    def __exit__(self, *_: object) -> None:
        self.family.stop()
        self._folder.cleanup()

    def client(self, room: str, number: int, *, sends: bool) -> Client:
        return Silent(upgrade(self.port, f"/{room}"))

    def post(self, room: str, number: int, payload: str) -> bytes:
        return masked(payload.encode())

    def versions(self) -> dict[str, str]:
        return {"libc": " ".join(platform.libc_ver())}

    def note(self) -> str:
        return "C and epoll; no authentication, log, limits or pings"
