"""A real uvicorn on a real port, with the lean socket class and a small Starlette application."""

import asyncio
import hashlib
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest_asyncio
import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as Accepted
from starlette.websockets import WebSocketDisconnect

from lien.fanout.frames import prepare_frame
from lien.fanout.websocket import WebSocket
from lien.protocol.codes import CloseCode


@dataclass(eq=False)
class Echo:
    """A receiver that says back what it hears, and tells the test what happened to it."""

    owner: "Server"
    socket: WebSocket = field(init=False)
    received: list[bytes] = field(default_factory=list)
    is_stalled: bool = False
    is_lost: bool = False

    def receive(self, data: bytes) -> None:
        self.received.append(data)
        match data:
            case b"close":
                self.socket.close(CloseCode.REVOKED)
            case b"pause":
                self.socket.pause()
            case b"pause and resume":
                self.socket.pause()
                self.socket.resume()
            case b"bug":
                raise RuntimeError("a bug in the receiver")
            case _:
                self.socket.write(prepare_frame(data))

    def stall(self) -> None:
        self.is_stalled = True

    def flow(self) -> None:
        self.is_stalled = False

    def shut_down(self) -> None:
        self.socket.close(CloseCode.RESTART)

    def lost(self) -> None:
        self.is_lost = True
        self.owner.echoes.remove(self)


@dataclass
class Server:
    """The running server; `echoes` are the detached sockets that are open."""

    port: int
    uvicorn: uvicorn.Server
    echoes: list[Echo]

    def url(self, path: str) -> str:
        return f"ws://127.0.0.1:{self.port}{path}"


async def echo(websocket: Accepted) -> None:
    """An ordinary Starlette endpoint that knows nothing of the class below."""
    offered = websocket.scope["subprotocols"]
    await websocket.accept(subprotocol=offered[0] if offered else None, headers=[(b"x-kind", b"1")])
    try:
        while True:
            message = await websocket.receive()
            if message["type"] == "websocket.disconnect":
                return
            if message.get("text") == "close":
                await websocket.close(4123, "asked for")
                return
            if message.get("text") == "fail":
                raise ValueError("a bug in the endpoint")
            if message.get("text") is not None:
                await websocket.send_text(message["text"])
            else:
                await websocket.send_bytes(message["bytes"])
    except WebSocketDisconnect:
        return


async def deny(websocket: Accepted) -> None:
    await websocket.send_denial_response(PlainTextResponse("no", status_code=401))


async def refuse(websocket: Accepted) -> None:
    await websocket.close()


async def fail(websocket: Accepted) -> None:
    raise ValueError("a bug before accept")


@asynccontextmanager
async def running() -> AsyncIterator[Server]:
    echoes: list[Echo] = []

    async def detached(websocket: Accepted) -> None:
        offered = websocket.scope["subprotocols"]
        await websocket.accept(subprotocol=offered[0] if offered else None)
        receiver = Echo(running_server)
        # What came before the detach must not be lost.
        await asyncio.sleep(float(websocket.query_params.get("after", "0")))
        receiver.socket = websocket.scope["extensions"]["lien.detach"](receiver)
        echoes.append(receiver)

    app = Starlette(
        routes=[
            WebSocketRoute("/echo", echo),
            WebSocketRoute("/deny", deny),
            WebSocketRoute("/refuse", refuse),
            WebSocketRoute("/fail", fail),
            WebSocketRoute("/detached", detached),
        ]
    )
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    config = uvicorn.Config(
        app, ws=WebSocket, http="httptools", lifespan="off", log_level="critical"
    )
    running_server = Server(listener.getsockname()[1], uvicorn.Server(config), echoes)
    task = asyncio.create_task(running_server.uvicorn.serve(sockets=[listener]), name="uvicorn")
    await until(lambda: running_server.uvicorn.started)
    try:
        yield running_server
    finally:
        running_server.uvicorn.should_exit = True
        async with asyncio.timeout(15):
            await task


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_server() -> AsyncIterator[Server]:
    async with running() as server:
        yield server


@pytest_asyncio.fixture(loop_scope="module")
async def server(shared_server: Server) -> AsyncIterator[Server]:
    """The module's server (starting one takes longer than most tests), with nobody connected."""
    yield shared_server
    await until(lambda: not shared_server.echoes)


HANDSHAKE = (
    "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


@dataclass
class Wire:
    """A peer that writes whatever bytes a test wants, and reads frames."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def read_frame(self) -> tuple[int, bytes]:
        """Opcode and payload of the next frame (server frames are whole and not masked)."""
        async with asyncio.timeout(5):
            head = await self.reader.readexactly(2)
            size = head[1]
            if size == 126:
                size = int.from_bytes(await self.reader.readexactly(2), "big")
            elif size == 127:
                size = int.from_bytes(await self.reader.readexactly(8), "big")
            return head[0] & 0x0F, await self.reader.readexactly(size)

    async def read_close(self) -> int:
        """The code of the close frame that ends the connection, whatever comes before it."""
        while True:
            opcode, payload = await self.read_frame()
            if opcode == 8:
                return int.from_bytes(payload[:2], "big")

    async def close(self) -> None:
        self.writer.transport.abort()
        await asyncio.gather(self.writer.wait_closed(), return_exceptions=True)


def masked(first: int, payload: bytes, *, size: int | None = None) -> bytes:
    """A frame as a device writes it; `size` claims another length than there is."""
    size = len(payload) if size is None else size
    # Of the content, so that a test's name is the same in every run.
    key = hashlib.blake2b(payload, digest_size=4).digest()
    if size < 126:
        head = bytes((first, 0x80 | size))
    elif size < 65_536:
        head = bytes((first, 0xFE)) + size.to_bytes(2, "big")
    else:
        head = bytes((first, 0xFF)) + size.to_bytes(8, "big")
    body = bytes(byte ^ key[place % 4] for place, byte in enumerate(payload))
    return head + key + body


async def dial(server: Server, path: str = "/detached") -> Wire:
    """Connect and shake hands."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(HANDSHAKE.format(path=path).encode())
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 101 ")
    return Wire(reader, writer)


async def until(what: Callable[[], object]) -> None:
    """Wait for something the server does in its own time."""
    async with asyncio.timeout(30):
        while not what():
            await asyncio.sleep(0.005)
