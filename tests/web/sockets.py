"""A worker's WebSocket door on a real store and a real uvicorn, and devices that dial it."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial

import pytest
import uvicorn
import websockets
from starlette.applications import Starlette
from websockets.asyncio.client import ClientConnection, connect

from lien.accounts import Revocations
from lien.conversations import Conversations
from lien.conversations.store import ConversationStore
from lien.crypto.chain import ChainState
from lien.crypto.proofs import prove_hello
from lien.errors import NotFound
from lien.fanout.audiences import Audiences
from lien.fanout.delivery import Delivery
from lien.fanout.hub import Hub
from lien.fanout.relay import Relay
from lien.fanout.websocket import WebSocket
from lien.fanout.wheel import Wheel
from lien.ids import AccountId
from lien.protocol import frames
from lien.protocol.codec import decode_event, encode
from lien.protocol.frames import Event
from lien.storage.feeds import Control
from lien.storage.valkey import Store
from lien.telemetry import Telemetry
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
