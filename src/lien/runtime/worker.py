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
from typing import Final

import uvicorn

from lien.app import create_app
from lien.config import Config
from lien.fanout.websocket import WebSocket

# Less than the supervisor's patience: a worker ends by itself.
DRAIN_SECONDS: Final = 8


class _Server(uvicorn.Server):
    """Uvicorn that says when it is ready, and keeps start-up objects out of the collector."""

    def __init__(self, config: uvicorn.Config, ready_fd: int) -> None:
        super().__init__(config)
        self._ready_fd = ready_fd

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        # Measured: it takes a third off the cost of a connection in a reconnect storm.
        gc.collect()
        gc.freeze()
        os.write(self._ready_fd, b"1")
        os.close(self._ready_fd)


def serve(config: Config, listener: socket.socket, ready_fd: int) -> None:
    """Serve until a signal says to stop; then drain."""
    _Server(
        uvicorn.Config(
            create_app(config),
            loop="uvloop",
            http="httptools",
            ws=WebSocket,
            lifespan="on",
            log_config=None,  # our own log, through its allow-list
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=DRAIN_SECONDS,
        ),
        ready_fd,
    ).run([listener])


def main() -> None:
    """`python -m lien.runtime.worker LISTENER_FD READY_FD`, settings on standard input."""
    listener_fd, ready_fd = (int(text) for text in sys.argv[1:])
    config = Config.from_environ(json.load(sys.stdin))
    serve(config, socket.socket(fileno=listener_fd), ready_fd)


if __name__ == "__main__":
    main()
