"""Servers on Node: `ws`, and socket.io with its Redis adapter."""

from pathlib import Path
from typing import ClassVar, Final, Self

from benchmarks.load import Client, Silent, masked, upgrade
from benchmarks.peers.installing import node_program, npm
from benchmarks.peers.running import Program, start_store

_SERVERS: Final = Path(__file__).parent / "servers"


class NodeWs(Program):
    name = "node-ws"
    packages: ClassVar[tuple[str, ...]] = ("ws@8",)
    script: ClassVar[str] = "ws.js"

    def __enter__(self) -> Self:
        folder, self._versions = npm(self.name, *self.packages)
        # Node looks for packages beside the script.
        script = folder / self.script
        script.write_text((_SERVERS / self.script).read_text())
        command = [node_program(), str(script), str(self.port), *self.arguments()]
        self.family.start(command, stdout=self.log, stderr=self.log)
        self.await_port()
        return self

    def arguments(self) -> list[str]:
        """After the port."""
        return []

    def client(self, room: str, number: int, *, sends: bool) -> Client:
        return Silent(upgrade(self.port, f"/{room}"))

    def post(self, room: str, number: int, payload: str) -> bytes:
        return masked(payload.encode())

    def versions(self) -> dict[str, str]:
        return self._versions

    def note(self) -> str:
        return "30 lines of JavaScript; nothing kept, no authentication"


class SocketIo(NodeWs):
    name = "socket.io-redis"
    packages: ClassVar[tuple[str, ...]] = ("socket.io@4", "@socket.io/redis-adapter@8", "redis@4")
    script: ClassVar[str] = "socketio.js"
    ack: ClassVar[bytes] = b"[]"

    def arguments(self) -> list[str]:
        return [str(start_store(self.family, self.folder))]

    def client(self, room: str, number: int, *, sends: bool) -> Client:
        path = f"/socket.io/?EIO=4&transport=websocket&room={room}"
        return _SocketIoClient(upgrade(self.port, path))

    def post(self, room: str, number: int, payload: str) -> bytes:
        return masked(f'421["m","{payload}"]'.encode(), text=True)

    def note(self) -> str:
        return "published through Valkey to other processes, nothing kept; no authentication"


class _SocketIoClient:
    def __init__(self, request: bytes) -> None:
        self.request = request

    def hear(self, payload: bytes | None) -> bytes | bool:
        if payload is None:
            return False
        if payload.startswith(b"0"):
            return masked(b"40", text=True)
        return payload.startswith(b"40")
