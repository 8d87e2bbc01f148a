"""
The load: many clients in one C thread (`wsload.c`), told here what to say while they connect.

Written for little CPU, since the load shares the machine with what is measured.
"""

import ctypes
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

MARKER: Final = "lienbench"
# More handshakes under way would wait in the server's queue, not in ours.
TOGETHER: Final = 256
_HEAR = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.c_void_p, ctypes.c_long)
_WAIT, _READY, _REFUSE = 0, 1, 2
_CODES: Final = {-1: "too late", -2: "lost", -3: "refused", -4: "doubled", -5: "system"}


class LoadFailed(RuntimeError):
    """The server did not do what was asked: nothing was measured."""


def masked(payload: bytes, *, text: bool = False) -> bytes:
    """A whole frame as a client writes it, masked with the key 0."""
    size = len(payload)
    kind = 0x81 if text else 0x82
    head = bytes((kind, 0x80 | size)) if size < 126 else bytes((kind, 0xFE)) + size.to_bytes(2)
    return head + b"\0\0\0\0" + payload


def marker(message: int, part: int = 0) -> str:
    """What the load finds again in what it receives: 21 characters."""
    return f"{MARKER}{message:08d}{part:04d}"


def upgrade(port: int, path: str, *, protocol: str = "", headers: str = "") -> bytes:
    """A client's request. Compression is offered in `headers` only: it would hide the marker."""
    if protocol:
        headers += f"Sec-WebSocket-Protocol: {protocol}\r\n"
    return (
        f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: Upgrade\r\n"
        "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: bGllbi1iZW5jaG1hcmshIQ==\r\n"
        f"{headers}\r\n"
    ).encode()


class Client(Protocol):
    """What one connection says until it is open."""

    request: bytes

    def hear(self, payload: bytes | None) -> bytes | bool:
        """
        Answer a frame (None: the handshake is done): frames to write, or whether it is open now.

        Raises: LoadFailed.
        """


class Silent:
    """A client of a protocol that needs no words: open when its handshake is done."""

    def __init__(self, request: bytes) -> None:
        self.request = request

    def hear(self, _: bytes | None) -> bytes | bool:
        return True


@dataclass(frozen=True)
class Post:
    """What one connection (by its number) writes for one message, with that message's marker."""

    sender: int
    data: bytes


@dataclass(frozen=True)
class Acks:
    """How an acknowledgement is told: by a text in it, or by its second byte."""

    count: int  # of all messages together; 0 where the protocol has none
    text: bytes = b""
    kind: int = -1
    refusal: int = -1


@dataclass(frozen=True)
class Outcome:
    """Latencies are from each post to its last delivery to somebody else, in seconds."""

    seconds: float
    latencies: Sequence[float]


class _CPost(ctypes.Structure):
    _fields_ = (
        ("sender", ctypes.c_int),
        ("data", ctypes.c_char_p),
        ("length", ctypes.c_long),
    )


class _CRun(ctypes.Structure):
    _fields_ = (
        ("posts", ctypes.POINTER(_CPost)),
        ("messages", ctypes.c_int),
        ("in_flight", ctypes.c_int),
        ("expected", ctypes.c_int),
        ("acks", ctypes.c_int),
        ("rate", ctypes.c_double),
        ("timeout", ctypes.c_double),
        ("ack", ctypes.c_char_p),
        ("ack_type", ctypes.c_int),
        ("refusal_type", ctypes.c_int),
        ("latencies", ctypes.POINTER(ctypes.c_double)),
        ("wall", ctypes.c_double),
        ("acked", ctypes.c_int),
        ("finished", ctypes.c_int),
        ("count", ctypes.c_void_p),
        ("sent", ctypes.c_void_p),
    )


def compile_c(name: str, folder: Path, *options: str) -> Path:
    """Raises: LoadFailed without a C compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise LoadFailed("the load is a C program: install a C compiler (apt-get install gcc)")
    source = Path(__file__).with_name(name)
    program = folder / source.stem
    command = [compiler, "-O2", *options, str(source), "-o", str(program)]
    subprocess.run(command, check=True)
    return program


class Load:
    """Connections by their number, from 0. One at a time in a process."""

    def __init__(self, connections: int) -> None:
        with tempfile.TemporaryDirectory(prefix="lien-load-") as folder:
            self._c = ctypes.CDLL(str(compile_c("wsload.c", Path(folder), "-shared", "-fPIC")))
        self._c.load_error.restype = ctypes.c_char_p
        self._c.load_watch.argtypes = [ctypes.c_double]
        self._c.load_send.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_long]
        self._c.load_open.argtypes = [
            *(ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_uint32, ctypes.c_int),
            *(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_double, _HEAR),
        ]
        self.opened = 0
        self._capacity = connections
        self._check(self._c.load_init(connections))

    def open(
        self,
        port: int,
        clients: Sequence[Client],
        *,
        first: int = 0,
        source: int = 0,
        per_source: int = 20_000,
        seconds: float = 120.0,
    ) -> None:
        """
        Open a connection for each, numbered from `first`.

        Connections beyond the ports of one address come from several: `source` and those after it.

        Raises: LoadFailed.
        """
        assert first + len(clients) <= self._capacity
        failures: list[Exception] = []

        def hear(number: int, at: int | None, length: int) -> int:
            try:
                payload = None if at is None else ctypes.string_at(at, length)
                said = clients[number - first].hear(payload)
            except Exception as error:
                failures.append(error)
                return _REFUSE
            if isinstance(said, bool):
                return _READY if said else _WAIT
            self._c.load_send(number, said, len(said))
            return _WAIT

        count = len(clients)
        requests = (ctypes.c_char_p * count)(*[client.request for client in clients])
        lengths = (ctypes.c_long * count)(*[len(client.request) for client in clients])
        code = self._c.load_open(
            *(first, count, port, source, per_source),
            *(requests, lengths, TOGETHER, seconds, _HEAR(hear)),
        )
        if failures:
            raise LoadFailed("while connecting") from failures[0]
        self._check(code)
        self.opened = max(self.opened, first + count)

    def run(
        self,
        posts: Sequence[Post],
        *,
        in_flight: int,
        expected: int,
        acks: Acks,
        rate: float = 0.0,
        seconds: float = 120.0,
    ) -> Outcome:
        """
        Send the messages, at most `in_flight` of them not yet delivered everywhere.

        `expected` deliveries of each, an echo to its sender included. At `rate` a second when
        one is given.

        Raises: LoadFailed also when one came twice.
        """
        count = len(posts)
        latencies = (ctypes.c_double * count)()
        run = _CRun(
            posts=(_CPost * count)(
                *[_CPost(post.sender, post.data, len(post.data)) for post in posts]
            ),
            messages=count,
            in_flight=in_flight,
            expected=expected,
            acks=acks.count,
            rate=rate,
            timeout=seconds,
            ack=acks.text,
            ack_type=acks.kind,
            refusal_type=acks.refusal,
            latencies=latencies,
        )
        self._check(self._c.load_run(ctypes.byref(run)))
        return Outcome(run.wall, list(latencies))

    def watch(self, seconds: float) -> int:
        """Answer pings for a while; how many connections were lost meanwhile."""
        return int(self._c.load_watch(seconds))

    def close(self) -> None:
        """All vanish, as phones out of reach."""
        self._c.load_close(0, self.opened)
        self.opened = 0

    def _check(self, code: int) -> None:
        if code:
            said = self._c.load_error().decode(errors="replace")
            raise LoadFailed(f"{_CODES.get(code, 'unknown')}: {said}")
