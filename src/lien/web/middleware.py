"""
What holds for every HTTP request: its size, its host, and the headers of its answer.

Pure ASGI and only for HTTP: a WebSocket passes through untouched, its door is `web.socket`.
The outermost refuses before anything is read; the innermost answers bugs, so that no trace
with a person's data reaches a log.
"""

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lien.config import Config
from lien.errors import Malformed
from lien.telemetry import Telemetry
from lien.web.errors import BodyTooLarge, answer_for, internal_answer

MAX_BODY: Final = 1024 * 1024
# A statement of 500 members with their sealed keys: 1,168 bytes each, as base64url in JSON.
MAX_STATEMENT_BODY: Final = 2 * 1024 * 1024
MAX_HEADERS: Final = 64
MAX_HEADER_BYTES: Final = 16 * 1024

# Trusted Types: the one policy makes worker URLs. `wasm-unsafe-eval` is not here but on the
# files of the workers (`web.assets`): a page that cannot compile WebAssembly is safer.
POLICY: Final = (
    "default-src 'none'; script-src {script}; style-src 'self'; img-src 'self' blob: data:; "
    "font-src 'self'; connect-src {connect}; media-src 'self' blob:; worker-src 'self'; "
    "manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'; trusted-types lien-urls"
)

# Only names that Chromium knows: each other one is an error in the console of every page.
_PERMISSIONS: Final = (
    "camera=(self), microphone=(self), publickey-credentials-get=(self), "
    "publickey-credentials-create=(self), geolocation=(), payment=(), usb=(), serial=(), "
    "midi=(), hid=(), display-capture=(), browsing-topics=()"
)

# Asked by machines that know the process by its address, not by its name.
_ANY_HOST: Final = frozenset(("/health", "/ready"))


def middleware(config: Config, telemetry: Telemetry) -> list[Middleware]:
    """For Starlette, outermost first."""
    return [
        Middleware(SecurityHeaders, origin=config.origin),
        Middleware(Guard, origin=config.origin, is_local=config.is_local),
        Middleware(Bugs, telemetry=telemetry),
    ]


def content_policy(origin: str, *, script: str = "'self'") -> str:
    """The Content-Security-Policy of a page, or of a worker with its own `script` sources."""
    # Older Safari does not count the WebSocket of the same origin as 'self'.
    socket = origin.replace("http", "ws", 1)
    return POLICY.format(script=script, connect=f"'self' {socket}")


class SecurityHeaders:
    """Adds what every answer carries, unless the answer has its own."""

    def __init__(self, app: ASGIApp, *, origin: str) -> None:
        self._app = app
        self._headers = {
            "content-security-policy": content_policy(origin),
            "cross-origin-opener-policy": "same-origin",
            "cross-origin-embedder-policy": "require-corp",
            "cross-origin-resource-policy": "same-origin",
            "x-content-type-options": "nosniff",
            "referrer-policy": "no-referrer",
            "permissions-policy": _PERMISSIONS,
            "cache-control": "no-store",
        }
        if origin.startswith("https:"):
            # Two years, what browsers ask of a site that is to be known as https only.
            self._headers["strict-transport-security"] = "max-age=63072000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


class Guard:
    """Refuses what is too large or meant for another host, before reading it."""

    def __init__(self, app: ASGIApp, *, origin: str, is_local: bool) -> None:
        self._app = app
        self._origin = origin
        self._hosts = _hosts(origin)
        self._is_local = is_local

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers: Sequence[tuple[bytes, bytes]] = scope["headers"]
        size = sum(len(name) + len(value) for name, value in headers)
        if len(headers) > MAX_HEADERS or size > MAX_HEADER_BYTES:
            await answer_for(Malformed(), 431)(scope, receive, send)
            return
        if not self._is_for_us(scope["path"], headers):
            if self._is_local and scope["method"] == "GET" and scope["path"] == "/":
                # 127.0.0.1 in place of localhost: passkeys and cookies need the real name.
                await RedirectResponse(f"{self._origin}/")(scope, receive, send)
                return
            await answer_for(Malformed(), 421)(scope, receive, send)
            return
        most = MAX_STATEMENT_BODY if scope["path"].endswith("/epochs") else MAX_BODY
        if _announced(headers) > most:
            await answer_for(BodyTooLarge())(scope, receive, send)
            return
        await self._app(scope, _bounded(receive, most), send)

    def _is_for_us(self, path: str, headers: Sequence[tuple[bytes, bytes]]) -> bool:
        if path in _ANY_HOST:
            return True
        hosts = [value.lower() for name, value in headers if name == b"host"]
        return len(hosts) == 1 and hosts[0] in self._hosts


class Bugs:
    """Answers an unexpected error as `internal`, once, and logs it without its content."""

    def __init__(self, app: ASGIApp, *, telemetry: Telemetry) -> None:
        self._app = app
        self._telemetry = telemetry

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_started = False

        async def send_watched(message: Message) -> None:
            nonlocal has_started
            has_started = has_started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, send_watched)
        except ClientDisconnect:
            return  # nobody is left to answer
        except Exception as error:  # any bug: nothing may pass to the server's own log
            answer = internal_answer(error, self._telemetry)
            # Once the answer has begun only its end can be left out: the peer sees it is cut.
            if not has_started:
                await answer(scope, receive, send)


def _bounded(receive: Receive, most: int) -> Receive:
    received = 0

    async def receive_bounded() -> Message:
        nonlocal received
        message = await receive()
        if message["type"] == "http.request":
            received += len(message.get("body", b""))
            if received > most:
                raise BodyTooLarge("the body is too large")
        return message

    return receive_bounded


def _announced(headers: Sequence[tuple[bytes, bytes]]) -> int:
    values = [value for name, value in headers if name == b"content-length"]
    # The server's own parser has refused lengths that are no number or contradict each other.
    return max((int(value) for value in values if value.isdigit()), default=0)


def _hosts(origin: str) -> frozenset[bytes]:
    """What a browser sends for this origin; the default port may be written or not."""
    parts = urlsplit(origin)
    hosts = {parts.netloc.lower()}
    default = {"https": 443, "http": 80}[parts.scheme]
    if parts.port in (None, default):
        hosts |= {parts.hostname or "", f"{parts.hostname}:{default}"}
    return frozenset(host.encode() for host in hosts)
