"""What is answered without HTTP is what HTTP would have answered alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.exceptions import InvalidHandshake
from websockets.http11 import Request
from websockets.server import ServerProtocol

from lien.protocol.limits import SUBPROTOCOL
from lien.storage.valkey import Store
from lien.web.entrance import read_handshake
from tests.fakes import FakeClock
from tests.web.sockets import serving

USUAL = (
    "GET /socket HTTP/1.1\r\n"
    "Host: lien.test\r\n"
    "Connection: keep-alive, Upgrade\r\n"
    "Upgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Sec-WebSocket-Protocol: other, lien.v1\r\n"
    "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
    "Origin: http://lien.test\r\n"
    "Cookie: __Host-lien=x\r\n"
    "\r\n"
)


def is_taken_by_websockets(data: bytes) -> bool:
    server = ServerProtocol()
    server.receive_data(data)
    events = server.events_received()
    if not events or not isinstance(events[0], Request):
        return False
    try:
        server.process_request(events[0])
    except InvalidHandshake:
        return False
    offered = ",".join(events[0].headers.get_all("Sec-WebSocket-Protocol"))
    return SUBPROTOCOL in [each.strip() for each in offered.split(",")]


def test_a_browsers_handshake_is_read() -> None:
    fields = read_handshake(USUAL.encode())

    assert fields is not None
    assert fields["origin"] == "http://lien.test"
    assert fields["cookie"] == "__Host-lien=x"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("GET /socket HTTP/1.1", "GET /socket?x HTTP/1.1"),
        ("GET /socket HTTP/1.1", "POST /socket HTTP/1.1"),
        ("GET /socket HTTP/1.1", "GET /socket HTTP/1.0"),
        ("Version: 13", "Version: 8"),
        ("Upgrade: websocket", "Upgrade: h2c"),
        ("keep-alive, Upgrade", "keep-alive"),
        ("lien.v1", "lien.v2"),
        ("ub25jZQ==", "ub25jZ"),
        ("ub25jZQ==", "ub25jZR=="),
        ("Host: lien.test\r\n", ""),
        ("Host: lien.test", "Host : lien.test"),
        ("Host: lien.test", "Host: lien.test\r\n folded"),
        ("Host: lien.test", "Host: lien.test\r\nHost: other.test"),
        ("Host: lien.test", "Host: lien.test\r\nContent-Length: 5"),
        ("Host: lien.test", "Host: lien.test\r\nTransfer-Encoding: chunked"),
        ("Host: lien.test", "Host: lien.test\nX: y"),
        ("Host: lien.test", "Host: lien\x00test"),
        ("Cookie: __Host-lien=x", "Cookie: a=b\r\nCookie: __Host-lien=x"),
        ("Cookie: __Host-lien=x", "Cookie: " + "x" * 17_000),
        ("x\r\n\r\n", "x\r\n"),
        ("x\r\n\r\n", "x\r\n\r\nmore"),
    ],
)
def test_everything_else_is_left_to_http(old: str, new: str) -> None:
    assert old in USUAL

    assert read_handshake(USUAL.replace(old, new, 1).encode("latin-1")) is None


@given(st.data())
def test_nothing_is_taken_that_a_whole_implementation_refuses(data: st.DataObject) -> None:
    changed = bytearray(USUAL.encode())
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(changed) - 1))
        if data.draw(st.booleans()):
            changed[place] = data.draw(st.sampled_from(b"\r\n\t :,;=aA1/\x00\xff"))
        else:
            del changed[place : place + data.draw(st.integers(1, 30))]
    handshake = bytes(changed)

    if read_handshake(handshake) is not None:
        assert is_taken_by_websockets(handshake)


async def test_both_ways_in_lead_to_the_same_welcome(store: Store, clock: FakeClock) -> None:
    async with serving(store, clock, is_direct=True) as server:
        direct = await server.open()
        direct_headers = direct.response.headers if direct.response else {}
        await direct.close()
    async with serving(store, clock, is_direct=False) as server:
        usual = await server.open()
        usual_headers = usual.response.headers if usual.response else {}
        await usual.close()

    for name in ("Upgrade", "Connection", "Sec-WebSocket-Protocol"):
        assert direct_headers[name] == usual_headers[name]
    assert "Sec-WebSocket-Extensions" not in direct_headers
