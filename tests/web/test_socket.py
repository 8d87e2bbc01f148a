"""The socket's door: who gets in, what is answered, and how each connection ends."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import partial

import pytest
import uvicorn
import websockets
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from websockets.asyncio.client import ClientConnection, connect

from lien.accounts import Revocations
from lien.conversations import Conversations
from lien.conversations.store import ConversationStore
from lien.crypto.chain import ChainState
from lien.crypto.envelope import Header, Kind, encode_header
from lien.crypto.proofs import prove_hello
from lien.errors import NotFound
from lien.fanout.audiences import Audiences
from lien.fanout.delivery import Delivery
from lien.fanout.hub import Hub
from lien.fanout.relay import Relay
from lien.fanout.websocket import WebSocket
from lien.fanout.wheel import TURN_SECONDS, Wheel
from lien.ids import AccountId, ChannelId, EnvelopeId, inbox_channel, new_channel, new_id
from lien.protocol import frames
from lien.protocol.codec import decode_event, encode
from lien.protocol.codes import CloseCode, return_after_ms
from lien.protocol.frames import Event, Level
from lien.protocol.positions import ChannelState, Cursor
from lien.storage.feeds import Control, publish_control
from lien.storage.valkey import Store
from lien.telemetry import Metric, Telemetry
from lien.web.arrivals import Arrivals
from lien.web.authentication import SESSION_COOKIE, Authentication
from lien.web.dispatch import Dispatcher
from lien.web.entrance import Doorway, Entrance, door_of
from lien.web.socket import Services, routes
from tests.fakes import FakeClock
from tests.fanout.conftest import until
from tests.web.doors import ORIGIN, SignedIn


async def taken_once(name: str, seconds: int) -> bool:
    """A socket is proved by its challenge; nothing here is a request that changes something."""
    return True


class NoAccounts:
    """No conversation is begun here, so nobody's chain is asked for."""

    async def get_chain(self, account: AccountId) -> ChainState:
        raise NotFound("no accounts here")

    async def current_generations(self, accounts: object) -> dict[AccountId, int]:
        return {}

    async def departed_generations(self, accounts: object) -> dict[AccountId, int]:
        return {}


class Server:
    """One worker's socket side, on a real store and a real port."""

    def __init__(self, store: Store, clock: FakeClock, arrivals: Arrivals) -> None:
        self.store = store
        self.clock = clock
        self.telemetry = Telemetry(write=lambda _: None)
        self.anne = SignedIn(clock)
        self.revocations = Revocations(14_400_000)
        self.hub = Hub(self.telemetry)
        self.wheel = Wheel(clock)
        self.conversations = Conversations(
            ConversationStore(store, 30 * 86_400_000), NoAccounts(), clock, self.telemetry
        )
        audiences = Audiences(self.conversations.audience)
        delivery = Delivery(self.hub, audiences)
        self.dispatcher = Dispatcher(self.conversations, audiences, delivery, self.telemetry)
        authentication = Authentication(
            self.anne.tokens, self.revocations, ORIGIN, clock, taken_once
        )
        self.services = Services(
            authentication,
            self.dispatcher,
            self.hub,
            self.wheel,
            clock,
            self.telemetry,
            ORIGIN,
            arrivals=arrivals,
        )
        self.relay = Relay(store, self.hub, audiences, delivery, self.note, self.telemetry)
        self.port = 0
        self.uvicorn: uvicorn.Server

    def note(self, control: Control) -> None:
        self.revocations.note(
            control.account, control.device or "", control.session or "", self.clock.now_ms()
        )

    async def dial(
        self, who: SignedIn | None = None, origin: str | None = ORIGIN, cookie: str | None = None
    ) -> ClientConnection:
        who = who or self.anne
        if cookie is None:
            cookie = f"{SESSION_COOKIE}={who.tokens.issue_session(who.session)}"
        return await connect(
            f"ws://127.0.0.1:{self.port}/socket",
            subprotocols=["lien.v1"],  # type: ignore[list-item]
            additional_headers={"Cookie": cookie},
            origin=origin,  # type: ignore[arg-type]
            ping_interval=None,
        )

    async def open(self, who: SignedIn | None = None) -> ClientConnection:
        """A connection that was welcomed."""
        peer = await self.dial(who)
        await peer.send(await a_hello(peer, who or self.anne))
        assert isinstance(await read(peer), frames.Welcome)
        return peer


@asynccontextmanager
async def serving(
    store: Store, clock: FakeClock, *, is_direct: bool = True, arrivals: Arrivals | None = None
) -> AsyncIterator[Server]:
    """`is_direct` as shipped: a usual handshake does not pass through HTTP and ASGI."""
    server = Server(store, clock, arrivals or Arrivals())
    await server.relay.start()
    listener = socket.create_server(("127.0.0.1", 0))
    server.port = listener.getsockname()[1]
    doorway = Doorway()
    config = uvicorn.Config(
        Starlette(routes=routes(server.services)),
        ws=WebSocket,
        http=partial(Entrance, doorway),  # type: ignore[arg-type]
        lifespan="off",
        log_level="critical",
    )
    server.uvicorn = uvicorn.Server(config)
    task = asyncio.create_task(server.uvicorn.serve(sockets=[listener]), name="uvicorn")
    await until(lambda: server.uvicorn.started)
    if is_direct:
        doorway.door = door_of(routes(server.services))
    try:
        yield server
    finally:
        server.uvicorn.should_exit = True
        try:
            async with asyncio.timeout(15):
                await task
        finally:
            await server.dispatcher.stop()
            await server.relay.stop()


@pytest.fixture
async def server(store: Store, clock: FakeClock) -> AsyncIterator[Server]:
    async with serving(store, clock) as server:
        yield server


async def read(peer: ClientConnection) -> Event:
    async with asyncio.timeout(5):
        data = await peer.recv()
    assert isinstance(data, bytes)
    return decode_event(data)


async def ask(peer: ClientConnection, command: frames.Command) -> list[Event]:
    """Send a command; everything that comes, up to its reply."""
    await peer.send(encode(command))
    came = []
    while True:
        event = await read(peer)
        came.append(event)
        if getattr(event, "ref", None) == command.ref:
            return came


async def a_hello(peer: ClientConnection, who: SignedIn, origin: str = ORIGIN) -> bytes:
    challenge = await read(peer)
    assert isinstance(challenge, frames.Challenge)
    proof = prove_hello(who.key, challenge.nonce, who.session.session, origin)
    return encode(frames.Hello(1, proof, "test"))


async def close_code_of(peer: ClientConnection) -> int | None:
    with suppress(websockets.ConnectionClosed):
        async with asyncio.timeout(5):
            while True:
                await peer.recv()
    return peer.close_code


# Who gets in


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


# What is answered


async def test_ping_resume_ack_and_typing(server: Server) -> None:
    inbox = inbox_channel(server.anne.account)
    await server.conversations.notify(server.anne.account, ["conversation", new_channel()])
    peer = await server.open()

    assert await ask(peer, frames.Ping(2)) == [frames.Ok(2)]
    # The feed may push the same entry at the same time: a device ignores the repeat.
    *_, entry, resumed = await ask(
        peer, frames.Resume(3, (Cursor(inbox, 0, 0), Cursor(new_channel(), 0, 0)))
    )
    assert isinstance(entry, frames.Entry)
    assert (entry.channel, entry.incarnation, entry.offset) == (inbox, 1, 1)
    assert resumed == frames.Resumed(3, (ChannelState(inbox, 1, 1, 1),))
    assert await ask(peer, frames.Ack(4, inbox, 1, 1, Level.DELIVERED)) == [frames.Ok(4)]
    assert await ask(peer, frames.Typing(5, new_channel())) == [frames.Failed(5, "not_a_member", 0)]
    await peer.close()


async def test_typing_more_than_once_a_second_is_not_passed_on(server: Server) -> None:
    """Nobody could see it, and each would reach every member."""
    peer = await server.open()
    typing = [frames.Typing(ref, new_channel()) for ref in (1, 2, 3)]

    assert await ask(peer, typing[0]) == [frames.Failed(1, "not_a_member", 0)]
    assert await ask(peer, typing[1]) == [frames.Ok(2)]
    server.clock.advance(seconds=1)
    assert await ask(peer, typing[2]) == [frames.Failed(3, "not_a_member", 0)]
    await peer.close()


async def test_what_is_appended_is_pushed(server: Server) -> None:
    peer = await server.open()
    await server.conversations.notify(server.anne.account, ["conversation", new_channel()])
    entry = await read(peer)
    assert isinstance(entry, frames.Entry)
    assert entry.channel == inbox_channel(server.anne.account)
    await peer.close()


def an_envelope(server: Server, channel: ChannelId) -> bytes:
    session = server.anne.session
    return encode_header(
        Header(channel, 1, session.account, session.device, EnvelopeId(new_id()), Kind.MESSAGE)
    )


async def test_sends_beyond_the_limit_wait_and_are_all_answered(server: Server) -> None:
    """Forty at once: the server reads thirty-two, and the rest when it has answered some."""
    peer = await server.open()
    header = an_envelope(server, new_channel())

    for ref in range(1, 41):
        await peer.send(encode(frames.Send(ref, header, b"sealed")))
    answers = [await read(peer) for _ in range(40)]

    assert sorted(answer.ref for answer in answers if isinstance(answer, frames.Failed)) == list(
        range(1, 41)
    )
    assert {answer.code for answer in answers if isinstance(answer, frames.Failed)} == {
        "not_a_member"
    }
    await peer.close()


async def test_what_cannot_be_read_closes(server: Server) -> None:
    peer = await server.open()
    await peer.send(b"\x93\x02\x01\xc0")
    assert await close_code_of(peer) == CloseCode.BAD_FRAME
    assert server.telemetry.counters[Metric.FRAMES_REFUSED] == 1


# How it ends


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


message = st.binary(max_size=60) | st.sampled_from(
    [
        encode(frames.Ping(7)),
        encode(frames.Resume(8, ())),
        encode(frames.Send(9, b"h", b"s")),
        encode(frames.Typing(10, new_channel())),
    ]
)


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(messages=st.lists(message, max_size=5))
async def test_every_message_is_answered_or_the_connection_closes(
    server: Server, messages: list[bytes]
) -> None:
    peer = await server.open()
    answered = 0
    with suppress(websockets.ConnectionClosed):
        for each in messages:
            await peer.send(each)
        while answered < len(messages):
            await read(peer)
            answered += 1
    assert answered == len(messages) or await close_code_of(peer) == CloseCode.BAD_FRAME
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
