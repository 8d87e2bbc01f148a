"""
One worker: uvicorn on the shared socket, with our WebSocket class and the app.

Run by the supervisor as a process of its own; its settings come as JSON on its standard input,
so that no secret of theirs is in the environment or the arguments of a process.
"""

import gc
import json
import os
import socket
import sys
from collections.abc import Callable
from functools import partial
from typing import Final

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lien.app import create_app
from lien.config import Config
from lien.errors import LienError
from lien.fanout.websocket import WebSocket
from lien.web.entrance import Doorway, Entrance, door_of

# Less than the supervisor's patience: a worker ends by itself.
DRAIN_SECONDS: Final = 8


class _Server(uvicorn.Server):
    """Uvicorn that says when it is ready, and keeps start-up objects out of the collector."""

    def __init__(self, config: uvicorn.Config, begun: Callable[[], None], ready_fd: int) -> None:
        super().__init__(config)
        self._begun = begun
        self._ready_fd = ready_fd

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._begun()
        # Measured: it takes a third off the cost of a connection in a reconnect storm.
        gc.collect()
        gc.freeze()
        os.write(self._ready_fd, b"1")
        os.close(self._ready_fd)


def plain_failures(app: ASGIApp) -> ASGIApp:
    """
    The app, whose refusal to start is said in our words where we have some.

    Starlette reports any failure by its trace, in which the sentence that helps is the last of
    forty lines.
    """

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await app(scope, receive, send)
            return
        held: list[Message] = []

        async def hold(message: Message) -> None:
            if message["type"] == "lifespan.startup.failed":
                held.append(message)
            else:
                await send(message)

        try:
            await app(scope, receive, hold)
        except LienError as error:
            await send({"type": "lifespan.startup.failed", "message": f"lien: {error}"})
        except BaseException:
            for message in held:
                await send(message)
            raise

    return wrapped


def serve(config: Config, listener: socket.socket, ready_fd: int) -> None:
    """Serve until a signal says to stop; then drain."""
    app = create_app(config)
    doorway = Doorway()

    def begun() -> None:
        doorway.door = door_of(app.routes)

    _Server(
        uvicorn.Config(
            plain_failures(app),
            loop="uvloop",
            http=partial(Entrance, doorway),  # type: ignore[arg-type]  # called, no more
            ws=WebSocket,
            lifespan="on",
            log_config=None,  # our own log, through its allow-list
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=DRAIN_SECONDS,
        ),
        begun,
        ready_fd,
    ).run([listener])


def main() -> None:
    """`python -m lien.runtime.worker LISTENER_FD READY_FD`, settings on standard input."""
    listener_fd, ready_fd = (int(text) for text in sys.argv[1:])
    config = Config.from_environ(json.load(sys.stdin))
    serve(config, socket.socket(fileno=listener_fd), ready_fd)


if __name__ == "__main__":
    main()
