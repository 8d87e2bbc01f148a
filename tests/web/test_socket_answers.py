"""What a connection that was let in is answered, and what it is told."""

from contextlib import suppress

import websockets
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lien.crypto.envelope import Header, Kind, encode_header
from lien.ids import ChannelId, EnvelopeId, inbox_channel, new_channel, new_id
from lien.protocol import frames
from lien.protocol.codec import encode
from lien.protocol.codes import CloseCode
from lien.protocol.frames import Level
from lien.protocol.positions import ChannelState, Cursor
from lien.telemetry import Metric
from tests.web.sockets import Server, ask, close_code_of, read, server

__all__ = ["server"]


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
