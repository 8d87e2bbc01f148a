"""What holds for every request and every answer."""

from collections.abc import AsyncIterator

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Message, Scope

from lien.config import Config
from lien.telemetry import Telemetry
from lien.web.middleware import (
    MAX_BODY,
    MAX_HEADERS,
    MAX_STATEMENT_BODY,
    content_policy,
    middleware,
)
from tests.web.doors import LOCAL, ORIGIN, a_client, an_app


async def read(request: Request) -> Response:
    return JSONResponse({"bytes": len(await request.body())})


async def own_headers(request: Request) -> Response:
    return Response(headers={"cache-control": "no-cache", "content-security-policy": "own"})


READ = Route("/read", read, methods=["GET", "POST"])
EPOCHS = Route("/epochs", read, methods=["POST"])
HEALTH = Route("/health", read)
ROOT = Route("/", read)


async def test_every_answer_carries_the_security_headers() -> None:
    async with a_client(an_app(READ)) as client:
        for path in ("/read", "/nowhere"):
            headers = (await client.get(path)).headers
            assert headers["content-security-policy"] == content_policy(ORIGIN)
            assert headers["cross-origin-opener-policy"] == "same-origin"
            assert headers["cross-origin-embedder-policy"] == "require-corp"
            assert headers["cross-origin-resource-policy"] == "same-origin"
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "no-referrer"
            assert "geolocation=()" in headers["permissions-policy"]
            assert headers["cache-control"] == "no-store"
            assert headers["strict-transport-security"] == "max-age=63072000"


def test_page_cannot_compile_code_nor_reach_another_host() -> None:
    policy = content_policy(ORIGIN)
    assert "default-src 'none'" in policy
    assert "connect-src 'self' wss://lien.example;" in policy
    assert "require-trusted-types-for 'script'; trusted-types lien-urls" in policy
    assert "unsafe" not in policy


async def test_without_tls_there_is_no_promise_of_tls() -> None:
    async with a_client(an_app(READ, origin=LOCAL), LOCAL) as client:
        headers = (await client.get("/read")).headers
        assert "strict-transport-security" not in headers
        assert "ws://localhost:8000" in headers["content-security-policy"]


async def test_answer_may_have_its_own_headers() -> None:
    async with a_client(an_app(Route("/", own_headers))) as client:
        headers = (await client.get("/")).headers
        assert headers.get_list("cache-control") == ["no-cache"]
        assert headers.get_list("content-security-policy") == ["own"]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("lien.example", 200),
        ("LIEN.example:443", 200),
        ("lien.example:8443", 421),
        ("evil.example", 421),
        ("lien.example.evil.example", 421),
        ("", 421),
    ],
)
async def test_another_host_is_refused(host: str, status: int) -> None:
    """DNS rebinding: a page of another name that resolves to this address."""
    async with a_client(an_app(READ)) as client:
        answer = await client.get("/read", headers={"host": host})
        assert answer.status_code == status
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_two_hosts_are_refused() -> None:
    async with a_client(an_app(READ)) as client:
        request = client.build_request("GET", "/read")
        request.headers = type(request.headers)([("host", "lien.example")] * 2)
        assert (await client.send(request)).status_code == 421


async def test_health_answers_whatever_name_it_is_asked_by() -> None:
    async with a_client(an_app(HEALTH)) as client:
        answer = await client.get("/health", headers={"host": "10.0.0.7:8000"})
        assert answer.status_code == 200


async def test_demonstration_asked_by_address_is_sent_to_its_name() -> None:
    """Passkeys work on localhost and not on 127.0.0.1."""
    async with a_client(an_app(ROOT, READ, origin=LOCAL), LOCAL) as client:
        answer = await client.get("/", headers={"host": "127.0.0.1:8000"})
        assert (answer.status_code, answer.headers["location"]) == (307, f"{LOCAL}/")
        answer = await client.get("/read", headers={"host": "127.0.0.1:8000"})
        assert answer.status_code == 421


async def test_body_is_bounded_before_it_is_read() -> None:
    async with a_client(an_app(READ, EPOCHS)) as client:
        assert (await client.post("/read", content=bytes(MAX_BODY))).status_code == 200
        answer = await client.post("/read", content=bytes(MAX_BODY + 1))
        assert answer.status_code == 413
        assert answer.json()["error"]["code"] == "malformed"
        assert (await client.post("/epochs", content=bytes(MAX_BODY + 1))).status_code == 200
        content = bytes(MAX_STATEMENT_BODY + 1)
        assert (await client.post("/epochs", content=content)).status_code == 413


async def test_announced_body_is_refused_unread() -> None:
    async with a_client(an_app(READ)) as client:
        headers = {"content-length": "99999999999"}
        answer = await client.post("/read", content=b"x", headers=headers)
        assert answer.status_code == 413


async def test_body_without_a_length_is_not_read_to_its_end() -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 100:
            sent += 1
            yield bytes(MAX_BODY // 4)

    async with a_client(an_app(READ)) as client:
        answer = await client.post("/read", content=endless())

    assert answer.status_code == 413
    assert sent < 10


@pytest.mark.parametrize(
    "headers",
    [
        {f"x-{number}": "1" for number in range(MAX_HEADERS)},
        {"x-long": "x" * 20_000},
        {"x" * 20_000: "1"},
    ],
)
async def test_too_many_or_too_long_headers_are_refused(headers: dict[str, str]) -> None:
    async with a_client(an_app(READ)) as client:
        assert (await client.get("/read", headers=headers)).status_code == 431


async def test_bug_is_answered_and_logged_without_its_content() -> None:
    lines: list[str] = []

    async def broken(request: Request) -> Response:
        raise ValueError("Marie FICTIF-HOARAU")

    telemetry = Telemetry(lines.append)
    async with a_client(an_app(Route("/", broken), telemetry=telemetry)) as client:
        answer = await client.get("/?q=secret")

    assert answer.status_code == 500
    assert answer.json() == {"error": {"code": "internal", "retry_after_ms": 0}}
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert len(lines) == 1
    assert "ValueError" in lines[0]
    assert "internal_error" in lines[0]
    assert "FICTIF" not in lines[0]
    assert "secret" not in lines[0]


async def test_bug_after_the_answer_began_ends_it() -> None:
    lines: list[str] = []
    sent: list[Message] = []

    async def broken(scope: Scope, receive: object, send: object) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})  # type: ignore[operator]
        raise ValueError

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    async def send(message: Message) -> None:
        sent.append(message)

    app = broken
    for layer in reversed(middleware(Config(origin=ORIGIN), Telemetry(lines.append))):
        app = layer.cls(app, *layer.args, **layer.kwargs)  # type: ignore[assignment]
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "headers": [(b"host", b"lien.example")],
    }

    await app(scope, receive, send)

    assert [message["type"] for message in sent] == ["http.response.start"]
    assert len(lines) == 1


async def test_socket_passes_untouched() -> None:
    seen: list[tuple[Scope, object, object]] = []

    async def inner(scope: Scope, receive: object, send: object) -> None:
        seen.append((scope, receive, send))

    async def receive() -> Message:
        raise AssertionError

    async def send(message: Message) -> None:
        raise AssertionError

    app = inner
    for layer in reversed(middleware(Config(origin=ORIGIN), Telemetry(lambda line: None))):
        app = layer.cls(app, *layer.args, **layer.kwargs)  # type: ignore[assignment]
    scope: Scope = {"type": "websocket", "path": "/socket", "headers": []}

    await app(scope, receive, send)

    assert seen == [(scope, receive, send)]
