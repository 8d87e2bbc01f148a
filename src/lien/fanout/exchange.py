"""
The ASGI side of a WebSocket: handshake, then an ordinary connection until it is detached.

It serves any ASGI application in full, one message at a time: reading waits until the application
has taken the last one. permessage-deflate is declined, because 50 small frames could then become
300 MiB.
"""

import asyncio
import logging
from collections.abc import Callable, MutableMapping
from email.utils import formatdate
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import unquote

from websockets.datastructures import Headers
from websockets.http11 import Request, Response
from websockets.server import ServerProtocol

from lien.fanout.fallback import SILENT, Bounds, Fallback, Reader
from lien.fanout.frames import prepare_frame
from lien.protocol.codes import CloseCode

_LOG: Final = logging.getLogger("lien.fanout.exchange")
_CLOSE_TIMEOUT_SECONDS: Final = 5.0

Event = MutableMapping[str, Any]


class Disconnected(OSError):
    """The application sends to a connection that is over (ASGI 2.4: an OSError)."""


class _Handshake(Reader, ServerProtocol):
    """The whole of a server's side, its messages read by ours."""


class Exchange:
    """One connection as the application sees it. Dropped whole when the socket is detached."""

    def __init__(
        self,
        config: Any,
        server_state: Any,
        app_state: dict[str, Any],
        detach: Callable[..., object],
        bounds: Bounds,
    ) -> None:
        self._app = config.loaded_app
        self._root_path: str = config.root_path
        self._asgi_version: str = config.asgi_version
        self._default_headers: list[tuple[bytes, bytes]] = server_state.default_headers
        self._tasks: set[asyncio.Task[None]] = server_state.tasks
        self._app_state = app_state
        self._detach = detach
        self._handshake = _Handshake(max_size=bounds.message_bytes, logger=SILENT)
        self._fallback = Fallback(bounds, self._handshake, takes_text=True)
        self._events: asyncio.Queue[Event] = asyncio.Queue()  # bounded: reading is paused
        self._writable = asyncio.Event()
        self._writable.set()
        self._transport: asyncio.Transport
        self._agreement: Response  # the 101 to be sent on accept
        self._denial: tuple[int, Headers, list[bytes]] | None = None
        self._is_accepted = False
        self._is_over = False  # nothing more may be sent
        self._is_released = False
        self._has_read = False
        self._is_reading = True

    def connection_made(self, transport: asyncio.Transport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if self._is_accepted:
            self._read(data)
            return
        self._handshake.receive_data(data)
        requests = self._handshake.events_received()
        if requests and isinstance(requests[0], Request):
            self._begin(requests[0])
        else:
            self._flush_and_close()  # the parser has written why, or asks for more than a request

    def connection_lost(self) -> None:
        self._is_over = True
        self._writable.set()
        self._disconnect(self._fallback.close_code if self._is_accepted else 1006)

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    def shutdown(self) -> None:
        """The worker stops."""
        if self._is_over:
            self._transport.close()
        elif self._is_accepted:
            self._close(1012, "")
        else:
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE)

    def release(self) -> tuple[Fallback | None, list[bytes]]:
        """
        Let go of the socket: the parser and its messages if it has read anything since the
        accept, and nothing (all memory of the handshake is freed) otherwise.
        """
        if self._is_over or not self._is_accepted:
            raise Disconnected("only an open connection can be detached")
        self._is_released = True
        if not self._is_reading:
            self._transport.resume_reading()
        if not self._has_read:
            return None, []
        self._fallback.detach()
        messages: list[bytes] = []
        while not self._events.empty():
            event = self._events.get_nowait()
            if event.get("bytes") is not None:
                messages.append(event["bytes"])
            elif event.get("text") is not None:
                self._fallback.fail(CloseCode.UNSUPPORTED)
        return self._fallback, messages

    # The handshake

    def _begin(self, request: Request) -> None:
        self._agreement = self._handshake.accept(request)
        if self._agreement.status_code != HTTPStatus.SWITCHING_PROTOCOLS:
            self._handshake.send_response(self._agreement)
            self._flush_and_close()
            return
        self._events.put_nowait({"type": "websocket.connect"})
        task = asyncio.get_running_loop().create_task(self._run(self._scope(request)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _scope(self, request: Request) -> dict[str, Any]:
        raw_path, _, query = request.path.partition("?")
        offered = request.headers.get_all("Sec-WebSocket-Protocol")
        names = [name.strip() for value in offered for name in value.split(",")]
        is_tls = self._transport.get_extra_info("sslcontext") is not None
        return {
            "type": "websocket",
            "asgi": {"version": self._asgi_version, "spec_version": "2.4"},
            "http_version": "1.1",
            "scheme": "wss" if is_tls else "ws",
            "server": _address(self._transport.get_extra_info("sockname")),
            "client": _address(self._transport.get_extra_info("peername")),
            "root_path": self._root_path,
            "path": self._root_path + unquote(raw_path),
            "raw_path": (self._root_path + raw_path).encode("ascii"),
            "query_string": query.encode("ascii"),
            "headers": [
                (name.lower().encode("ascii"), value.encode("latin-1"))
                for name, value in request.headers.raw_items()
            ],
            "subprotocols": names,
            "state": self._app_state.copy(),
            "extensions": {"websocket.http.response": {}, "lien.detach": self._detach},
        }

    async def _run(self, scope: dict[str, Any]) -> None:
        try:
            await self._app(scope, self._receive, self._send)
        except Disconnected:
            return  # the application heard it by this very error
        # The outer edge of the application: whatever it raises ends this connection only.
        except Exception as error:
            _LOG.error("endpoint failed: %s", type(error).__name__)
            self._end(1011)
            return
        if not self._is_released:
            self._end(1000)

    def _end(self, code: int) -> None:
        """The application has returned, or failed."""
        if self._is_over or self._is_released:
            return
        if self._is_accepted:
            self._close(code, "")
        else:
            self._refuse(HTTPStatus.INTERNAL_SERVER_ERROR)

    def _refuse(self, status: HTTPStatus) -> None:
        self._handshake.send_response(self._handshake.reject(status, ""))
        self._flush_and_close()

    # What the application receives

    async def _receive(self) -> Event:
        event = await self._events.get()
        if event["type"] == "websocket.disconnect":
            self._finish_over()
        if not self._is_reading and self._events.empty() and not self._is_over:
            self._is_reading = True
            self._transport.resume_reading()
        return event

    def _read(self, data: bytes) -> None:
        self._has_read = True
        was_over = self._is_over or self._fallback.is_over
        if was_over:
            return
        messages = self._fallback.feed(data)
        for message in messages:
            kind = "text" if isinstance(message, str) else "bytes"
            self._events.put_nowait({"type": "websocket.receive", kind: message})
        output = self._fallback.output()
        if self._fallback.is_over:
            # The application answers what came before it, then hears of it.
            self._disconnect(self._fallback.close_code)
            self._abort_late()
            return
        if output and self._writable.is_set():
            self._transport.write(output)
        if messages and self._is_reading:
            self._is_reading = False
            self._transport.pause_reading()

    def _disconnect(self, code: int) -> None:
        self._events.put_nowait({"type": "websocket.disconnect", "code": code, "reason": ""})

    # What the application sends

    async def _send(self, event: Event) -> None:
        await self._writable.wait()
        if self._is_over:
            raise Disconnected("the connection is over")
        kind = event["type"]
        if self._denial is not None and kind == "websocket.http.response.body":
            self._deny(*self._denial, event)
        elif self._is_accepted and kind == "websocket.send":
            message = event.get("bytes")
            self._write(event["text"] if message is None else message)
        elif self._is_accepted and kind == "websocket.close":
            self._close(event.get("code", 1000), event.get("reason") or "")
        elif self._is_accepted or self._denial is not None:
            raise RuntimeError(f"{kind} is not expected now")
        elif kind == "websocket.accept":
            self._accept(event)
        elif kind == "websocket.close":
            self._disconnect(1006)
            self._refuse(HTTPStatus.FORBIDDEN)
        elif kind == "websocket.http.response.start":
            self._denial = (event["status"], Headers(_text(event.get("headers", ()))), [])
        else:
            raise RuntimeError(f"{kind} is not expected now")

    def _accept(self, event: Event) -> None:
        headers = self._agreement.headers
        del headers["Date"]  # uvicorn's own is among the default headers
        headers.update(_text(self._default_headers))
        headers.update(_text(event.get("headers", ())))
        if event.get("subprotocol"):
            headers["Sec-WebSocket-Protocol"] = event["subprotocol"]
        self._handshake.send_response(self._agreement)
        self._is_accepted = True
        self._transport.write(self._fallback.output())

    def _deny(self, status: int, headers: Headers, pieces: list[bytes], event: Event) -> None:
        pieces.append(event.get("body", b""))
        if event.get("more_body", False):
            return
        body = b"".join(pieces)
        headers.setdefault("Date", formatdate(usegmt=True))
        headers.setdefault("Content-Length", str(len(body)))
        headers["Connection"] = "close"
        self._disconnect(1006)
        self._handshake.send_response(Response(status, HTTPStatus(status).phrase, headers, body))
        self._flush_and_close()

    def _write(self, message: str | bytes) -> None:
        is_text = isinstance(message, str)
        payload = message.encode() if isinstance(message, str) else message
        self._transport.write(prepare_frame(payload, is_text=is_text))

    def _close(self, code: int, reason: str) -> None:
        if self._fallback.close(code, reason):
            self._disconnect(code)
            self._finish(self._fallback.output())
        else:
            self._finish_over()

    def _finish_over(self) -> None:
        if self._fallback.is_over and not self._is_over:
            self._finish(self._fallback.output())

    def _flush_and_close(self) -> None:
        self._is_over = True
        if not self._transport.is_closing():
            self._transport.write(self._fallback.output())
            self._transport.close()

    def _finish(self, last: bytes) -> None:
        """Our side is shut; what the peer still says is thrown away until it closes its own."""
        self._is_over = True
        if self._transport.is_closing():
            return
        self._transport.write(last)
        if self._transport.can_write_eof():
            self._transport.write_eof()
        if not self._is_reading:
            self._is_reading = True
            self._transport.resume_reading()
        self._abort_late()

    def _abort_late(self) -> None:
        asyncio.get_running_loop().call_later(_CLOSE_TIMEOUT_SECONDS, self._transport.abort)


def _text(headers: Any) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]


def _address(name: Any) -> tuple[str, int] | None:
    return (str(name[0]), int(name[1])) if isinstance(name, tuple) else None
