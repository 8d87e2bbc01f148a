"""Servers in Python: plain Starlette, and Django Channels."""

import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import ClassVar, Final, Self

from benchmarks.load import Client, Silent, masked, upgrade
from benchmarks.peers.installing import python
from benchmarks.peers.running import Program, start_store

_SERVERS: Final = Path(__file__).parent / "servers"
_UVICORN: Final = (
    *("-m", "uvicorn", "--host", "127.0.0.1", "--backlog", "4096"),
    *("--log-level", "error", "--ws-per-message-deflate", "false"),
)


class Starlette(Program):
    name = "starlette"

    def __enter__(self) -> Self:
        command = [sys.executable, *_UVICORN, "--app-dir", str(_SERVERS)]
        self.family.start(
            [*command, "--port", str(self.port), "starlette_app:app"],
            stdout=self.log,
            stderr=self.log,
        )
        self.await_port()
        return self

    def client(self, room: str, number: int, *, sends: bool) -> Client:
        return Silent(upgrade(self.port, f"/{room}"))

    def post(self, room: str, number: int, payload: str) -> bytes:
        return masked(payload.encode())

    def versions(self) -> dict[str, str]:
        return {name: version(name) for name in ("starlette", "uvicorn", "uvloop", "websockets")}

    def note(self) -> str:
        return "30 lines of Python; nothing kept, no authentication"


class Channels(Starlette):
    name = "channels"
    slowness: ClassVar[int] = 50  # as many times fewer messages: it would take minutes
    _packages: ClassVar[tuple[str, ...]] = (
        *("django", "channels", "channels_redis"),
        *("uvicorn", "uvloop", "httptools", "websockets"),
    )

    def __enter__(self) -> Self:
        program, self._versions = python(self.name, *self._packages)
        store = start_store(self.family, self.folder)
        self.family.start(
            [str(program), *_UVICORN, "--app-dir", str(_SERVERS), "--port", str(self.port)]
            + ["channels_app:app"],
            environ={**os.environ, "STORE_URL": f"redis://127.0.0.1:{store}"},
            stdout=self.log,
            stderr=self.log,
        )
        self.await_port()
        return self

    def versions(self) -> dict[str, str]:
        return self._versions

    def note(self) -> str:
        return "a group in Valkey, nothing kept; no authentication"
