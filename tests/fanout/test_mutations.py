"""
Any bytes, cut anywhere: the socket says the same as two independent implementations.

The class runs on a transport in memory. What it reads is compared with `wsproto`, which shares no
code with it; what it writes is read back by `wsproto` and `websockets` as clients.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode
from websockets.protocol import OPEN, Protocol, Side
from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage, CloseConnection, Ping, TextMessage

from lien.fanout.fallback import SILENT
from lien.fanout.frames import prepare_frame
from lien.fanout.websocket import WebSocket
from lien.protocol.codes import CloseCode
from lien.protocol.limits import MAX_FRAME_BYTES
from tests.fanout.conftest import masked

# More than any frame may still lack: whatever was begun is finished, and is then no frame.
TAIL = bytes(MAX_FRAME_BYTES + 14)


@dataclass
class Seen:
    """What a stream of bytes came to."""

    messages: list[bytes] = field(default_factory=list)
    written: bytes = b""
    code: int | None = None  # it was closed with; None when it is open


class MemoryTransport:
    """A transport whose peer reads at once."""

    def __init__(self) -> None:
        self.written = b""
        self.is_shut = False

    def write(self, data: bytes) -> None:
        assert not self.is_shut, "written after the end"
        self.written += data

    def write_eof(self) -> None:
        self.is_shut = True

    def can_write_eof(self) -> bool:
        return True

    def is_closing(self) -> bool:
        return False

    def get_extra_info(self, _: str) -> None:
        return None

    def set_write_buffer_limits(self, *_: int) -> None: ...
    def pause_reading(self) -> None: ...
    def resume_reading(self) -> None: ...
    def abort(self) -> None: ...


class Recorder:
    """The owner of the socket: keeps messages, and says each of them back."""

    def __init__(self, socket: WebSocket, seen: Seen) -> None:
        self._seen = seen
        self._socket = socket

    def receive(self, data: bytes) -> None:
        self._seen.messages.append(data)
        self._socket.write(prepare_frame(data))

    def stall(self) -> None: ...
    def flow(self) -> None: ...
    def shut_down(self) -> None: ...
    def lost(self) -> None: ...


class Opened:
    """An exchange whose handshake is over."""

    def release(self) -> tuple[None, list[bytes]]:
        return None, []

    def connection_made(self, _: object) -> None: ...


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as made:
        yield made


def read(runner: asyncio.Runner, pieces: Sequence[bytes]) -> Seen:
    """What our class makes of it."""

    async def feed() -> Seen:
        seen, transport = Seen(), MemoryTransport()
        config: Any = SimpleNamespace(loaded_app=None, root_path="", asgi_version="3.0")
        state: Any = SimpleNamespace(connections=set(), tasks=set(), default_headers=[])
        socket = WebSocket(config, state, {})
        socket._exchange = Opened()  # type: ignore[assignment]
        socket.connection_made(transport)  # type: ignore[arg-type]
        socket.detach(Recorder(socket, seen))
        for piece in pieces:
            socket.data_received(piece)
        seen.written = transport.written
        seen.code = None if socket.is_open else read_back(transport.written)[1]
        return seen

    return runner.run(feed())


def read_as_wsproto(data: bytes) -> tuple[Seen, str]:
    """What `wsproto` makes of it as a server, and why it failed."""
    seen, pieces = Seen(), b""
    connection = Connection(ConnectionType.SERVER)
    connection.receive_data(data)
    for event in connection.events():  # a fault is an event too
        if isinstance(event, BytesMessage):
            pieces += event.data
            if event.message_finished:
                seen.messages.append(pieces)
                pieces = b""
        elif isinstance(event, TextMessage):
            seen.code = CloseCode.UNSUPPORTED  # ours is binary
            break
        elif isinstance(event, CloseConnection):
            seen.code = event.code
            return seen, event.reason or ""
    return seen, ""


def read_back(written: bytes) -> tuple[list[Frame], int | None]:
    """What `websockets` reads of it as a client: frames, and the close code."""
    client = Protocol(Side.CLIENT, state=OPEN, max_size=None, logger=SILENT)
    client.receive_data(written)
    assert client.parser_exc is None, client.parser_exc
    received = [event for event in client.events_received() if isinstance(event, Frame)]
    return received, client.close_rcvd.code if client.close_rcvd else None


first_bytes = st.sampled_from([0x82, 0x82, 0x82, 0x02, 0x00, 0x80, 0x89, 0x8A, 0x88, 0x81])
payloads = st.binary(max_size=8) | st.sampled_from(
    [b"\x03\xe8", b"\x03\xe8bye", b"\x0f\xa0", bytes(125), bytes(126), b"x" * 300]
)


@st.composite
def streams(draw: st.DrawFn) -> bytes:
    """Frames, most of them right, then some bytes changed, put in or taken out."""
    data = bytearray(
        b"".join(masked(*each) for each in draw(st.lists(st.tuples(first_bytes, payloads))))
    )
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(data)))
        match draw(st.integers(0, 2)):
            case 0:
                data[place : place + 1] = bytes([draw(st.integers(0, 255))])
            case 1:
                data[place:place] = draw(st.binary(min_size=1, max_size=4))
            case _:
                del data[place : place + draw(st.integers(1, 4))]
    return bytes(data)


@settings(max_examples=400)
@given(data=streams(), cuts=st.lists(st.integers(0, 400), max_size=6))
def test_where_the_stream_is_cut_does_not_matter(
    runner: asyncio.Runner, data: bytes, cuts: list[int]
) -> None:
    places = sorted({0, *(each for each in cuts if each < len(data))})
    pieces = [data[a:b] for a, b in zip(places, [*places[1:], len(data)], strict=True)]
    crumbs = [data[place : place + 1] for place in range(len(data))]
    whole = read(runner, [data])
    for other in (read(runner, pieces), read(runner, crumbs)):
        assert (other.messages, other.code) == (whole.messages, whole.code)


@settings(max_examples=600)
@given(data=streams())
def test_what_is_read_is_what_wsproto_reads(runner: asyncio.Runner, data: bytes) -> None:
    ours = read(runner, [data, TAIL])
    theirs, why = read_as_wsproto(data + TAIL)

    if "sufficed" in why:
        return  # a length in more bytes than needed: ours and `websockets` take it
    if "payload len > 125" in why and ours.code != theirs.code:
        return  # the same of a control frame, which `wsproto` calls too long however short it is
    if ours.code == CloseCode.TOO_BIG:  # `wsproto` has no bound
        assert ours.messages == theirs.messages[: len(ours.messages)]
        return
    assert ours.messages == theirs.messages
    if ours.code != theirs.code:
        # Without a code there is none to say; broken text is text all the same.
        assert (ours.code, theirs.code) in {
            (1005, CloseCode.NORMAL),
            (CloseCode.NORMAL, 1005),
            (CloseCode.UNSUPPORTED, CloseCode.INVALID_DATA),
            # A close with a bad code and a broken reason: either is right.
            (CloseCode.INVALID_DATA, CloseCode.PROTOCOL_ERROR),
        }, why


@settings(max_examples=300)
@given(data=streams(), cut=st.integers(1, 7))
def test_what_is_written_is_read_by_two_clients(
    runner: asyncio.Runner, data: bytes, cut: int
) -> None:
    """Every message said back, every pong; nothing else, and nothing broken."""
    ours = read(runner, [data])
    received, _ = read_back(ours.written)
    assert [bytes(each.data) for each in received if each.opcode is Opcode.BINARY] == ours.messages
    assert {each.opcode for each in received} <= {Opcode.BINARY, Opcode.PONG, Opcode.CLOSE}

    client = Connection(ConnectionType.CLIENT)
    echoed = []
    for start in range(0, len(ours.written), cut):
        client.receive_data(ours.written[start : start + cut])
        for event in client.events():
            assert not isinstance(event, TextMessage | Ping)
            if isinstance(event, BytesMessage):
                echoed.append(bytes(event.data))
    assert b"".join(echoed) == b"".join(ours.messages)
