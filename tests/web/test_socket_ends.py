"""How a connection ends: by a control entry, with its session, at a shutdown, in silence."""

import asyncio

import pytest

from lien.fanout.wheel import TURN_SECONDS
from lien.protocol import frames
from lien.protocol.codes import CloseCode
from lien.storage.feeds import publish_control
from lien.storage.valkey import Store
from tests.fakes import FakeClock
from tests.web.sockets import Server, close_code_of, read, server, serving

__all__ = ["server"]


@pytest.mark.parametrize(
    ("by_device", "code"), [(True, CloseCode.REVOKED), (False, CloseCode.SESSION_ENDED)]
)
async def test_a_control_entry_closes_within_a_second(
    server: Server, by_device: bool, code: CloseCode
) -> None:
    peer = await server.open()
    session = server.anne.session
    async with asyncio.timeout(1):
        await publish_control(
            server.store,
            session.account,
            device=session.device if by_device else None,
            session=None if by_device else session.session,
            close_code=code,
        )
        assert await close_code_of(peer) == code
    assert server.hub.count == 0


async def test_a_connection_ends_with_its_session(server: Server) -> None:
    peer = await server.open()
    server.clock.at_ms = server.anne.session.ends_at_ms - 20_000
    for _ in range(TURN_SECONDS):
        server.wheel.tick()
        server.clock.advance(seconds=1)
    assert await close_code_of(peer) == CloseCode.SESSION_ENDED


async def test_a_device_that_does_not_answer_pings_is_gone(server: Server) -> None:
    peer = await server.open()
    peer.transport.pause_reading()
    for _ in range(3 * TURN_SECONDS):
        server.wheel.tick()
    peer.transport.resume_reading()
    assert await close_code_of(peer) == CloseCode.GONE


async def test_shutdown_drains(store: Store, clock: FakeClock) -> None:
    async with serving(store, clock) as server:
        peer = await server.open()
        server.uvicorn.should_exit = True
        assert isinstance(await read(peer), frames.Drain)
        assert await close_code_of(peer) == CloseCode.RESTART


async def test_a_request_that_is_never_finished_is_cut_off(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lien.web.http.HEAD_TIMEOUT_SECONDS", 0.1)
    for beginning in (b"", b"GET /socket HTTP/1.1\r\nHost: local"):
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(beginning)
        async with asyncio.timeout(3):
            assert await reader.read() == b""
        writer.close()


async def test_a_request_whose_head_never_ends_is_refused(server: Server) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(b"GET / HTTP/1.1\r\n" + b"X-Long: " + bytes(b"x" * 100) + b"\r\n")
    for _ in range(200):
        writer.write(b"X-Long: " + bytes(b"x" * 100) + b"\r\n")
    async with asyncio.timeout(3):
        assert (await reader.read()).startswith(b"HTTP/1.1 400 ")
    writer.close()
