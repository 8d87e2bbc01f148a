"""The same class as any ASGI server's WebSocket: an endpoint that knows nothing of it."""

import asyncio

import pytest
import websockets
from websockets.asyncio.client import connect

from lien.protocol.codes import CloseCode
from tests.fanout.conftest import HANDSHAKE, Server, dial, masked

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_an_ordinary_endpoint_echoes_text_and_bytes(server: Server) -> None:
    async with connect(server.url("/echo"), subprotocols=["a", "b"]) as peer:  # type: ignore[list-item]
        assert peer.subprotocol == "a"
        assert peer.response is not None
        assert peer.response.headers["x-kind"] == "1"
        for message in ("été", b"bytes", "", b"", "x" * 65_536, [b"in", b"parts"]):
            await peer.send(message)
            echoed = b"".join(message) if isinstance(message, list) else message
            assert await peer.recv() == echoed
        await (await peer.ping())


async def test_an_ordinary_endpoint_takes_one_message_at_a_time(server: Server) -> None:
    async with connect(server.url("/echo")) as peer:
        for number in range(2_000):
            await peer.send(str(number))
        for number in range(2_000):
            assert await peer.recv() == str(number)


async def test_an_ordinary_endpoint_closes_and_is_closed(server: Server) -> None:
    async with connect(server.url("/echo")) as peer:
        await peer.send("close")
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await peer.recv()
        assert closed.value.rcvd is not None
        assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (4123, "asked for")
    peer = await connect(server.url("/echo"))
    await peer.close(4321)
    assert peer.close_code == 4321


async def test_a_failing_endpoint_closes_with_1011(server: Server) -> None:
    async with connect(server.url("/echo")) as peer:
        await peer.send("fail")
        with pytest.raises(websockets.ConnectionClosedError) as closed:
            await peer.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1011


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (masked(0x01, "é".encode()[:1]) + masked(0x00, b"x"), CloseCode.INVALID_DATA),
        (masked(0x83, b"reserved"), CloseCode.PROTOCOL_ERROR),
        (masked(0x88, b"\x03\xe8"), CloseCode.NORMAL),
    ],
)
async def test_what_came_before_the_end_is_answered_first(
    server: Server, fault: bytes, code: CloseCode
) -> None:
    """Broken text ends the connection at the fragment that breaks it."""
    wire = await dial(server, "/echo")
    wire.writer.write(masked(0x81, b"before") + fault)

    assert await wire.read_frame() == (1, b"before")
    assert await wire.read_close() == code
    assert await wire.reader.read() == b""
    await wire.close()


@pytest.mark.parametrize(
    ("path", "status"), [("/deny", 401), ("/refuse", 403), ("/fail", 500), ("/nowhere", 403)]
)
async def test_a_handshake_may_be_refused(server: Server, path: str, status: int) -> None:
    with pytest.raises(websockets.InvalidStatus) as refused:
        await connect(server.url(path))
    assert refused.value.response.status_code == status


@pytest.mark.parametrize(
    ("old", "new", "status"),
    [
        ("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 8", b"400"),
        ("dGhlIHNhbXBsZSBub25jZQ==", "short", b"400"),
        ("Sec-WebSocket-Key", "X-Key", b"400"),
        ("GET", "POST", b"405"),
    ],
)
async def test_a_bad_handshake_is_refused(
    server: Server, old: str, new: str, status: bytes
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(HANDSHAKE.format(path="/detached").replace(old, new).encode())
    async with asyncio.timeout(5):
        answer = await reader.read()
    assert answer.split(b" ")[1] == status
    writer.close()
    await writer.wait_closed()
