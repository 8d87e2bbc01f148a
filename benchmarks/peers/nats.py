"""nats-server over WebSocket: core, and JetStream with a file under it."""

import json
from typing import ClassVar, Self

from websockets.sync.client import connect

from benchmarks.load import Client, LoadFailed, masked, upgrade
from benchmarks.peers.installing import debian
from benchmarks.peers.running import Program

_CONFIG = """\
host: "127.0.0.1"
port: -1
ping_interval: "30m"
write_deadline: "60s"
max_pending: 268435456
websocket {{ host: "127.0.0.1", port: {port}, no_tls: true }}
"""


class Nats(Program):
    name = "nats"
    ack: ClassVar[bytes] = b"+OK"
    more_config: ClassVar[str] = ""

    def __enter__(self) -> Self:
        program, environ, self._version = debian("nats", "nats-server", "nats-server")
        config = self.folder / "nats.conf"
        config.write_text(_CONFIG.format(port=self.port) + self.more_config)
        command = [str(program), "-c", str(config)]
        self.family.start(command, environ=environ, folder=self.folder, stderr=self.log)
        self.await_port()
        return self

    def client(self, room: str, number: int, *, sends: bool) -> Client:
        subject = self.reply_to(number) if sends else f"w.{room}"
        return _Client(self.port, subject, verbose=sends and self.ack == b"+OK")

    def post(self, room: str, number: int, payload: str) -> bytes:
        reply = f" {self.reply_to(number)}" if self.reply_to(number) else ""
        return masked(f"PUB w.{room}{reply} {len(payload)}\r\n{payload}\r\n".encode())

    def reply_to(self, number: int) -> str:
        """Where the answer to a publisher goes, if it is more than +OK."""
        return ""

    def versions(self) -> dict[str, str]:
        return {"nats-server": self._version}

    def note(self) -> str:
        return "in memory, nothing kept; +OK when taken; anonymous"


class JetStream(Nats):
    name = "nats-jetstream"
    ack: ClassVar[bytes] = b'"stream"'
    more_config: ClassVar[str] = 'jetstream { store_dir: "stream" }\n'

    def __enter__(self) -> Self:
        super().__enter__()
        wanted = json.dumps({"name": "W", "subjects": ["w.>"], "storage": "file"})
        with connect(f"ws://127.0.0.1:{self.port}", compression=None) as link:
            link.send(
                'CONNECT {"verbose":false}\r\nSUB made 1\r\n'
                f"PUB $JS.API.STREAM.CREATE.W made {len(wanted)}\r\n{wanted}\r\n".encode()
            )
            said = b""
            while b"stream_create_response" not in said:
                said = link.recv(10, decode=False)
            if b'"error"' in said:
                raise LoadFailed("its stream was refused")
        return self

    def reply_to(self, number: int) -> str:
        return f"_INBOX.{number}"

    def note(self) -> str:
        return "each message in a file, not synced; acknowledged by the stream; anonymous"


class _Client:
    def __init__(self, port: int, subject: str, *, verbose: bool) -> None:
        self.request = upgrade(port, "/")
        options = json.dumps({"verbose": verbose, "echo": False, "protocol": 1})
        subscribe = f"SUB {subject} 1\r\n" if subject else ""
        self._greeting = f"CONNECT {options}\r\n{subscribe}PING\r\n".encode()

    def hear(self, payload: bytes | None) -> bytes | bool:
        if payload is None:
            return False
        if payload.startswith(b"INFO"):
            return masked(self._greeting)
        if b"-ERR" in payload:
            raise LoadFailed(payload.decode(errors="replace").strip())
        return b"PONG" in payload
