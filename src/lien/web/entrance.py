"""
The first bytes of a connection: a usual handshake of the socket, or HTTP.

Thousands of devices come back at once when a worker has stopped. For each of them uvicorn,
Starlette and ASGI would parse the request twice, build its scope and run a task. Here a handshake
that is complete, plain and right is answered where it is read, with the challenge in the same
write. Whatever else comes, also a handshake that must be refused, goes to the HTTP class with
every byte: what is taken here would have been taken there.
"""

import asyncio
import hashlib
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from typing import Any, Final, cast

from starlette.routing import BaseRoute, WebSocketRoute

from lien.fanout.websocket import WebSocket
from lien.protocol.limits import SUBPROTOCOL
from lien.web import http
from lien.web.socket import DeviceConnection, Door

# One request without a body, its header fields in visible ASCII, one a line.
_HEAD: Final = re.compile(
    rb"GET /socket HTTP/1\.1\r\n((?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[\t\x20-\x7e]*\r\n)+)\r\n"
)
_KEY: Final = re.compile(r"[A-Za-z0-9+/]{21}[AQgw]==")
_BODY: Final = frozenset(("content-length", "transfer-encoding", "expect", "trailer", "te"))
_TOKEN: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
# RFC 6455, 1.3.
_GUID: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_ANSWER: Final = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: %b\r\nSec-WebSocket-Protocol: " + SUBPROTOCOL.encode() + b"\r\n\r\n"
)


class Doorway:
    """Where a worker's connections find its door, once there is one."""

    door: Door | None = None


def door_of(routes: Iterable[BaseRoute]) -> Door | None:
    """The door of an application with these routes, None when it has none."""
    for route in routes:
        if isinstance(route, WebSocketRoute) and isinstance(route.endpoint, Door):
            return route.endpoint
    return None


class Entrance(asyncio.Protocol):
    """Constructed by uvicorn in place of its HTTP class (`functools.partial` of a doorway)."""

    __slots__ = ("_arguments", "_connections", "_deadline", "_doorway", "_transport")

    def __init__(self, doorway: Doorway, **arguments: Any) -> None:
        self._doorway = doorway
        self._arguments = arguments
        self._connections: set[Any] = arguments["server_state"].connections
        self._deadline: asyncio.TimerHandle | None = None
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._connections.add(self)
        loop = asyncio.get_running_loop()
        self._deadline = loop.call_later(http.HEAD_TIMEOUT_SECONDS, self._transport.close)

    def data_received(self, data: bytes) -> None:
        self._leave()
        door = self._doorway.door
        if door is not None and data.startswith(b"GET /socket "):
            fields = read_handshake(data)
            connection = None if fields is None else door.admit(fields)
            if fields is not None and connection is not None:
                self._begin(connection, fields["sec-websocket-key"])
                return
        rest = http.BoundedHttp(**self._arguments)
        rest.connection_made(self._transport)
        self._transport.set_protocol(rest)
        rest.data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._leave()

    def shutdown(self) -> None:
        """Called by uvicorn when the worker stops."""
        self._transport.close()

    def _leave(self) -> None:
        self._connections.discard(self)
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _begin(self, connection: DeviceConnection, key: str) -> None:
        digest = hashlib.sha1(key.encode() + _GUID, usedforsecurity=False).digest()
        answer = _ANSWER % b64encode(digest)
        connection.begin(
            lambda receiver: WebSocket.adopt(self._transport, self._connections, receiver, answer)
        )


def read_handshake(data: bytes) -> Mapping[str, str] | None:
    """
    The header fields, by their names in lower case, of a usual handshake for `lien.v1` and
    nothing behind it; None for all other bytes.
    """
    head = _HEAD.fullmatch(data) if len(data) <= http.MAX_HEAD_BYTES else None
    if head is None:
        return None
    fields: dict[str, str] = {}
    for line in head[1].decode("ascii").split("\r\n")[:-1]:
        name, _, value = line.partition(":")
        name = name.lower()
        if name in fields or name in _BODY:
            return None
        fields[name] = value.strip(" \t")
    is_usual = (
        "host" in fields
        and fields.get("sec-websocket-version") == "13"
        and fields.get("upgrade", "").lower() == "websocket"
        and _names(fields.get("connection", "").lower(), "upgrade")
        and _names(fields.get("sec-websocket-protocol", ""), SUBPROTOCOL)
        and _KEY.fullmatch(fields.get("sec-websocket-key", "")) is not None
    )
    return fields if is_usual else None


def _names(value: str, word: str) -> bool:
    """Whether a list has this word, and nothing that is no word."""
    if value == word:  # nearly always
        return True
    tokens = [token.strip(" \t") for token in value.split(",")]
    return word in tokens and all(map(_TOKEN.fullmatch, tokens))
