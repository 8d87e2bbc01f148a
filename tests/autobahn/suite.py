"""
Runs the cases against the WebSocket class as shipped, on applications that echo.

Twice: as an ASGI application sees it, text and binary; and detached, as the product uses it, where
text is refused, so that the cases speak binary and those about text itself are left out.
"""

import asyncio
import re
import socket
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as Accepted

from lien.fanout.fallback import Bounds
from lien.fanout.frames import prepare_frame
from lien.fanout.websocket import WebSocket
from tests.autobahn.cases import fetch, load
from tests.autobahn.fuzzer import Fuzzer

_AT_ONCE = 32
_LARGE_AT_ONCE = 3  # they are about megabytes
_ABOUT_TEXT = re.compile(r"6\.").match  # UTF-8


class Unbounded(WebSocket):
    """The cases of group 9 are of 16 MiB and of 65,536 fragments."""

    __slots__ = ()
    bounds = Bounds(message_bytes=2**24, fragments=2**16)


@dataclass(frozen=True)
class Verdict:
    """What the suite says of one case."""

    case: str
    behavior: str
    close: str
    why: str


async def run_all(*, detached: bool) -> list[Verdict]:
    """
    Every case of groups 1 to 7, 9 and 10 that applies.

    Raises: Unreachable.
    """
    classes = load(await asyncio.to_thread(fetch))
    if detached:
        classes = {each: kind for each, kind in classes.items() if not _ABOUT_TEXT(each)}
    turn, large_turn = asyncio.Semaphore(_AT_ONCE), asyncio.Semaphore(_LARGE_AT_ONCE)
    async with echoing() as port:

        async def run(number: str) -> Verdict:
            async with large_turn if number.startswith("9.") else turn:
                fuzzer = Fuzzer(classes[number], speaks_binary=detached)
                await fuzzer.run(port, "/detached" if detached else "/")
            case = fuzzer.case
            return Verdict(
                number, case.behavior, case.behaviorClose, f"{case.result} {case.resultClose}"
            )

        return await asyncio.gather(*map(run, classes))


def tally(verdicts: list[Verdict]) -> dict[str, object]:
    """How many of each, for what was exchanged and for how it was closed."""
    return {
        "cases": len(verdicts),
        "behavior": dict(Counter(each.behavior for each in verdicts)),
        "close": dict(Counter(each.close for each in verdicts)),
    }


async def _echo(websocket: Accepted) -> None:
    await websocket.accept()
    while (message := await websocket.receive())["type"] == "websocket.receive":
        await websocket.send({**message, "type": "websocket.send"})


async def _detach(websocket: Accepted) -> None:
    await websocket.accept()
    _Echo(websocket.scope["extensions"]["lien.detach"])


class _Echo:
    """The owner of a detached socket."""

    def __init__(self, detach: Callable[["_Echo"], WebSocket]) -> None:
        self._socket = detach(self)

    def receive(self, data: bytes) -> None:
        self._socket.write(prepare_frame(data))

    def stall(self) -> None: ...
    def flow(self) -> None: ...
    def shut_down(self) -> None: ...
    def lost(self) -> None: ...


@asynccontextmanager
async def echoing() -> AsyncIterator[int]:
    """The port of a real uvicorn that echoes: text and binary at `/`, binary at `/detached`."""
    routes = [WebSocketRoute("/", _echo), WebSocketRoute("/detached", _detach)]
    app = Starlette(routes=routes)
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    config = uvicorn.Config(app, ws=Unbounded, lifespan="off", log_level="critical")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]), name="uvicorn")
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        await task
