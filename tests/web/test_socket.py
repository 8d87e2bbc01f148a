"""Who gets in through the WebSocket, and what is said to whom does not."""

from dataclasses import replace

import pytest
import websockets
from websockets.asyncio.client import connect

from lien.ids import new_id
from lien.protocol import frames
from lien.protocol.codes import CloseCode, return_after_ms
from lien.storage.valkey import Store
from lien.telemetry import Metric
from lien.web.arrivals import Arrivals
from lien.web.authentication import SESSION_COOKIE
from tests.fakes import FakeClock
from tests.fanout.conftest import until
from tests.web.doors import ORIGIN, SignedIn
from tests.web.sockets import Server, a_hello, close_code_of, read, server, serving

__all__ = ["server"]


async def test_a_device_that_proves_its_key_is_welcomed(server: Server) -> None:
    peer = await server.dial()
    assert peer.subprotocol == "lien.v1"

    await peer.send(await a_hello(peer, server.anne))
    welcome = await read(peer)

    session = server.anne.session
    now_ms = server.clock.now_ms()
    assert welcome == frames.Welcome(1, session.account, session.device, now_ms, session.ends_at_ms)
    assert server.hub.count == 1
    await peer.close()
    await until(lambda: server.hub.count == 0)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", ORIGIN + ".evil.example"])
async def test_another_sites_page_is_refused_before_anything(server: Server, origin: str) -> None:
    with pytest.raises(websockets.InvalidStatus) as refused:
        await server.dial(origin=origin)
    assert refused.value.response.status_code == 403


async def test_the_subprotocol_is_needed(server: Server) -> None:
    with pytest.raises(websockets.InvalidStatus) as refused:
        await connect(f"ws://127.0.0.1:{server.port}/socket")
    assert refused.value.response.status_code == 400


@pytest.mark.parametrize("cookie", ["", f"{SESSION_COOKIE}=forged", "other=1"])
async def test_without_a_session_the_close_code_says_sign_in(server: Server, cookie: str) -> None:
    peer = await server.dial(cookie=cookie)
    assert await close_code_of(peer) == CloseCode.SESSION_ENDED


async def test_two_cookies_are_two_stories(server: Server) -> None:
    token = f"{SESSION_COOKIE}={server.anne.tokens.issue_session(server.anne.session)}"
    peer = await server.dial(cookie=f"{token}; {token}")
    assert await close_code_of(peer) == CloseCode.SESSION_ENDED


async def test_a_revoked_device_is_told_so(server: Server) -> None:
    server.revocations.note(server.anne.account, server.anne.device, "", server.clock.now_ms())
    assert await close_code_of(await server.dial()) == CloseCode.REVOKED


async def test_a_stolen_cookie_alone_opens_nothing(server: Server) -> None:
    thief = SignedIn(server.clock)
    peer = await server.dial()
    thief.session = server.anne.session

    await peer.send(await a_hello(peer, thief))

    assert await close_code_of(peer) == CloseCode.BAD_PROOF
    assert server.hub.count == 0


async def test_a_proof_for_another_origin_or_challenge_opens_nothing(server: Server) -> None:
    peer = await server.dial()
    await peer.send(await a_hello(peer, server.anne, origin="https://evil.example"))
    assert await close_code_of(peer) == CloseCode.BAD_PROOF

    first, second = await server.dial(), await server.dial()
    await read(second)
    await second.send(await a_hello(first, server.anne))
    assert await close_code_of(second) == CloseCode.BAD_PROOF
    await first.close()


async def test_a_session_that_ends_before_the_hello_is_noticed(server: Server) -> None:
    peer = await server.dial()
    session = server.anne.session
    server.revocations.note(session.account, "", session.session, server.clock.now_ms())
    await peer.send(await a_hello(peer, server.anne))
    assert await close_code_of(peer) == CloseCode.SESSION_ENDED


async def test_who_says_nothing_is_let_go_after_ten_seconds(server: Server) -> None:
    peer = await server.dial()
    await read(peer)
    server.clock.advance(seconds=9)
    server.wheel.tick()
    server.clock.advance(seconds=1)
    server.wheel.tick()
    assert await close_code_of(peer) == CloseCode.HELLO_TIMEOUT


async def test_a_ninth_device_waits(server: Server) -> None:
    peers = []
    for _ in range(8):
        peers.append(await server.open(replace(server.anne, device=new_id())))  # type: ignore[arg-type]
    ninth = replace(server.anne, device=new_id())  # type: ignore[arg-type]
    peer = await server.dial(ninth)
    await peer.send(await a_hello(peer, ninth))
    assert await close_code_of(peer) == CloseCode.TRY_LATER
    for peer in peers:
        await peer.close()


async def test_who_comes_when_too_many_come_is_told_when_to_come_back(
    store: Store, clock: FakeClock
) -> None:
    async with serving(store, clock, arrivals=Arrivals(per_second=1, burst=2)) as server:
        first, second = await server.open(), await server.open()

        late = await server.dial()
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await read(late)

        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == CloseCode.TRY_LATER
        assert 500 < return_after_ms(closed.value.rcvd.reason) <= 1_001
        assert server.telemetry.counters[Metric.CONNECTIONS_DEFERRED] == 1
        clock.advance(ms=1_001)
        for peer in (first, second, await server.open()):
            await peer.close()
