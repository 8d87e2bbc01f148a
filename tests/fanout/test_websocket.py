"""The lean socket against real peers: ordinary ones, odd ones and hostile ones."""

import asyncio
from contextlib import suppress

import pytest
from websockets.asyncio.client import connect

from lien.fanout.frames import prepare_frame
from lien.protocol.codes import CloseCode
from tests.fanout.conftest import Server, Wire, dial, masked, running, until

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_messages_of_every_size_come_back(server: Server) -> None:
    async with connect(server.url("/detached"), subprotocols=["lien.v1"]) as peer:  # type: ignore[list-item]
        assert peer.subprotocol == "lien.v1"
        for size in (0, 1, 125, 126, 127, 65_535, 65_536):
            await peer.send(bytes([size % 251]) * size)
            assert await peer.recv() == bytes([size % 251]) * size


async def test_compression_is_declined(server: Server) -> None:
    async with connect(server.url("/detached"), compression="deflate") as peer:
        assert peer.protocol.extensions == []


async def test_a_message_in_fragments_with_a_ping_between(server: Server) -> None:
    async with connect(server.url("/detached")) as peer:
        pong = await peer.ping(b"between")
        await peer.send([b"one ", b"two ", b"three"])
        assert await peer.recv() == b"one two three"
        await pong
        # And back to whole messages, on the path that knows everything.
        await peer.send(b"whole")
        assert await peer.recv() == b"whole"


async def test_a_ping_inside_a_fragmented_message_is_answered(server: Server) -> None:
    wire = await dial(server)
    wire.writer.write(masked(0x02, b"a") + masked(0x89, b"ping") + masked(0x80, b"b"))

    # The pong first: it was asked before the message was whole.
    assert await wire.read_frame() == (10, b"ping")
    assert await wire.read_frame() == (2, b"ab")
    await wire.close()


async def test_a_ping_is_answered_on_the_lean_path(server: Server) -> None:
    wire = await dial(server)
    wire.writer.write(masked(0x89, b"hello") + masked(0x8A, b"") + masked(0x82, b"x"))

    assert await wire.read_frame() == (10, b"hello")
    assert await wire.read_frame() == (2, b"x")
    assert server.echoes[0].socket._fallback is None
    await wire.close()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (masked(0x81, b"text"), CloseCode.UNSUPPORTED),
        (masked(0x01, b"te") + masked(0x80, b"xt"), CloseCode.UNSUPPORTED),
        (b"\x82\x01x", CloseCode.PROTOCOL_ERROR),  # not masked
        (masked(0xC2, b"rsv1"), CloseCode.PROTOCOL_ERROR),
        (masked(0xA2, b"rsv2"), CloseCode.PROTOCOL_ERROR),
        (masked(0x83, b"reserved"), CloseCode.PROTOCOL_ERROR),
        (masked(0x8B, b"reserved"), CloseCode.PROTOCOL_ERROR),
        (masked(0x80, b"continues nothing"), CloseCode.PROTOCOL_ERROR),
        (masked(0x02, b"a") + masked(0x82, b"new before the end"), CloseCode.PROTOCOL_ERROR),
        (masked(0x09, b"fragmented ping"), CloseCode.PROTOCOL_ERROR),
        (masked(0x89, bytes(126)), CloseCode.PROTOCOL_ERROR),
        (masked(0x82, b"", size=65_537), CloseCode.TOO_BIG),
        (masked(0x82, b"", size=2**40), CloseCode.TOO_BIG),
        (masked(0x02, bytes(40_000)) + masked(0x80, bytes(40_000)), CloseCode.TOO_BIG),
        (masked(0x02, b"") + masked(0x00, b"x") * 65, CloseCode.TOO_BIG),
        (masked(0x88, b"\x03\xe7"), CloseCode.PROTOCOL_ERROR),  # 999
        (masked(0x88, b"\x03\xed"), CloseCode.PROTOCOL_ERROR),  # 1005
        (masked(0x88, b"x"), CloseCode.PROTOCOL_ERROR),
        (masked(0x88, b"\x03\xe8\xff"), CloseCode.INVALID_DATA),
        (masked(0x88, b"\x03\xe8bye"), CloseCode.NORMAL),
        (masked(0x02, b"a") + masked(0x88, b"\x03\xe8"), CloseCode.NORMAL),  # between fragments
        (masked(0x82, b"close"), CloseCode.REVOKED),
    ],
)
@pytest.mark.parametrize("is_cut", [False, True])
async def test_what_ends_a_connection(
    server: Server, data: bytes, code: CloseCode, is_cut: bool
) -> None:
    """The code is right however the bytes arrive, and other connections do not notice."""
    async with connect(server.url("/detached")) as other:
        wire = await dial(server)
        wire.writer.write(masked(0x82, b"before"))
        if is_cut:
            for place in range(min(len(data), 300)):
                wire.writer.write(data[place : place + 1])
                await asyncio.sleep(0)
            wire.writer.write(data[300:])
        else:
            wire.writer.write(data)

        assert await wire.read_frame() == (2, b"before")
        assert await wire.read_close() == code
        async with asyncio.timeout(5):
            assert await wire.reader.read() == b""
        await wire.close()
        await other.send(b"still here")
        assert await other.recv() == b"still here"
        await until(lambda: len(server.echoes) == 1)


async def test_sixty_four_fragments_are_a_message(server: Server) -> None:
    wire = await dial(server)
    wire.writer.write(masked(0x02, b"x") + masked(0x00, b"x") * 62 + masked(0x80, b"x"))
    assert await wire.read_frame() == (2, b"x" * 64)
    await wire.close()


async def test_bytes_before_the_detach_are_not_lost(server: Server) -> None:
    wire = await dial(server, "/detached?after=0.1")
    wire.writer.write(masked(0x82, b"one") + masked(0x82, b"two") + masked(0x82, b"three")[:5])
    await asyncio.sleep(0.2)
    rest = masked(0x82, b"four")

    assert await wire.read_frame() == (2, b"one")
    assert await wire.read_frame() == (2, b"two")
    wire.writer.write(bytes(6) + rest)  # the end of a frame whose key was cut: any six bytes
    opcode, payload = await wire.read_frame()
    assert (opcode, len(payload)) == (2, 5)
    assert await wire.read_frame() == (2, b"four")
    await wire.close()


async def test_text_before_the_detach_is_refused(server: Server) -> None:
    wire = await dial(server, "/detached?after=0.1")
    wire.writer.write(masked(0x81, b"text"))
    assert await wire.read_close() == CloseCode.UNSUPPORTED
    await wire.close()


@pytest.mark.parametrize("first", [b"", masked(0x02, b"a") + masked(0x80, b"b")])
async def test_a_paused_socket_hands_over_nothing_and_loses_nothing(
    server: Server, first: bytes
) -> None:
    wire = await dial(server)
    wire.writer.write(first + masked(0x82, b"pause") + masked(0x82, b"1") + masked(0x82, b"2"))
    await until(lambda: server.echoes and b"pause" in server.echoes[0].received)
    receiver = server.echoes[0]
    wire.writer.write(masked(0x82, b"3"))
    await asyncio.sleep(0.05)
    assert receiver.received[-1] == b"pause"

    receiver.socket.resume()
    await until(lambda: receiver.received[-3:] == [b"1", b"2", b"3"])
    wire.writer.write(masked(0x82, b"pause and resume") + masked(0x82, b"4"))
    await until(lambda: receiver.received[-1] == b"4")
    await wire.close()


async def test_a_bug_in_a_receiver_ends_its_connection_only(server: Server) -> None:
    reported: list[str] = []
    asyncio.get_running_loop().set_exception_handler(
        lambda _, context: reported.append(str(context.get("exception")))
    )
    async with connect(server.url("/detached")) as other:
        wire = await dial(server)
        wire.writer.write(masked(0x82, b"bug"))
        with suppress(ConnectionResetError):
            assert await wire.reader.read() == b""
        await other.send(b"fine")
        assert await other.recv() == b"fine"
    assert reported == ["a bug in the receiver"]
    await wire.close()


async def test_two_missed_pings_are_one_too_many(server: Server) -> None:
    wire = await dial(server)
    await until(lambda: server.echoes)
    lean = server.echoes[0].socket

    assert lean.ping()
    assert lean.ping()
    assert not lean.ping()
    assert [await wire.read_frame(), await wire.read_frame()] == [(9, b""), (9, b"")]
    wire.writer.write(masked(0x8A, b"") + masked(0x82, b"alive"))
    assert await wire.read_frame() == (2, b"alive")
    assert lean.ping()
    await wire.close()


async def test_a_reader_that_does_not_read_is_bounded_and_told(server: Server) -> None:
    """What it is owed never grows, and when it reads again it learns that it is behind."""
    wire = await dial(server)
    wire.writer.transport.pause_reading()  # type: ignore[attr-defined]
    await until(lambda: server.echoes)
    receiver = server.echoes[0]
    frame = prepare_frame(bytes(10_000))
    async with connect(server.url("/detached")) as other:
        offered = 0
        async with asyncio.timeout(10):
            while receiver.socket.outbox.offer(frame) is not False:
                offered += 1
                if offered % 20 == 0:
                    await asyncio.sleep(0)
        assert receiver.is_stalled
        assert receiver.socket._transport.get_write_buffer_size() < 300_000
        for _ in range(1_000):
            assert receiver.socket.outbox.offer(frame) is False
        assert receiver.socket._transport.get_write_buffer_size() < 300_000
        await other.send(b"others do not wait")
        assert await other.recv() == b"others do not wait"

    wire.writer.transport.resume_reading()  # type: ignore[attr-defined]
    frames = [await wire.read_frame() for _ in range(offered)]
    assert all(payload == bytes(10_000) for _, payload in frames)
    assert await wire.read_frame() == (2, bytes((0x93, 102, 0, 1)))
    await until(lambda: not receiver.is_stalled)
    await wire.close()


async def test_a_flood_of_pings_without_reading_does_not_grow(server: Server) -> None:
    wire = await dial(server)
    wire.writer.transport.pause_reading()  # type: ignore[attr-defined]
    flood = masked(0x89, bytes(125)) * 500
    with suppress(TimeoutError):
        async with asyncio.timeout(2):
            while True:
                wire.writer.write(flood)
                await wire.writer.drain()
    # It may not have been detached when the test began to write.
    await until(lambda: server.echoes)
    assert server.echoes[0].socket._transport.get_write_buffer_size() < 400_000
    await wire.close()


async def test_a_thousand_readers_get_one_frame(server: Server) -> None:
    wires = [await dial(server) for _ in range(1_000)]
    frame = prepare_frame(b"once" * 250)
    await until(lambda: len(server.echoes) == 1_000)

    for receiver in server.echoes:
        assert receiver.socket.outbox.offer(frame) is not False

    for wire in wires:
        assert await wire.read_frame() == (2, b"once" * 250)
    for wire in wires:
        await wire.close()
    await until(lambda: not server.echoes)


async def test_shutdown_ends_every_connection_with_a_reason() -> None:
    async def follow(wire: Wire) -> int:
        code = await wire.read_close()
        await wire.close()
        return code

    async with running() as server:
        lean = asyncio.create_task(follow(await dial(server)))
        ordinary = asyncio.create_task(follow(await dial(server, "/echo")))
        await until(lambda: server.echoes)
    assert await lean == CloseCode.RESTART
    assert await ordinary == 1012
