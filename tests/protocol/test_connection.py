"""What a device may say, and when."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lien.errors import Conflict, Overloaded
from lien.ids import AccountId, DeviceId
from lien.protocol import frames, limits
from lien.protocol.codec import decode_event, encode
from lien.protocol.codes import CloseCode
from lien.protocol.connection import Connection, State
from lien.protocol.frames import Command, Level, Welcome
from tests.vectors.write_protocol import GROUP

HELLO = encode(frames.Hello(1, bytes(64), "test"))
SEND = encode(frames.Send(2, b"header", b"sealed"))
RESUME = encode(frames.Resume(3, ()))
ACK = encode(frames.Ack(4, GROUP, 1, 1, Level.READ))
TYPING = encode(frames.Typing(5, GROUP))
PING = encode(frames.Ping(6))
WELCOME = Welcome(1, AccountId("EBESExQVFhcYGRobHB0eHw"), DeviceId("ICEiIyQlJicoKSorLC0uLw"), 1, 2)


def an_open_connection() -> Connection:
    connection = Connection(bytes(32))
    connection.receive(HELLO)
    connection.welcome(WELCOME)
    return connection


def take(connection: Connection, data: bytes) -> Command:
    command = connection.receive(data)
    assert command is not None
    return command


def test_the_server_speaks_first() -> None:
    connection = Connection(bytes(range(32)))

    assert decode_event(connection.challenge(7)) == frames.Challenge(bytes(range(32)), 7)
    assert connection.state is State.AWAITING_HELLO


def test_a_right_hello_opens() -> None:
    connection = Connection(bytes(32))

    hello = connection.receive(HELLO)
    reply = decode_event(connection.welcome(WELCOME))

    assert hello == frames.Hello(1, bytes(64), "test")
    assert reply == WELCOME
    assert connection.state is State.OPEN


@pytest.mark.parametrize("data", [SEND, RESUME, ACK, TYPING, PING])
def test_nothing_comes_before_the_hello(data: bytes) -> None:
    connection = Connection(bytes(32))

    assert connection.receive(data) is None
    assert connection.close_code is CloseCode.BAD_FRAME


def test_nothing_comes_between_hello_and_welcome() -> None:
    connection = Connection(bytes(32))
    connection.receive(HELLO)

    assert connection.receive(PING) is None


def test_a_second_hello_closes() -> None:
    connection = an_open_connection()

    assert connection.receive(HELLO) is None
    assert connection.close_code is CloseCode.BAD_FRAME


def test_a_welcome_does_not_open_what_was_closed_meanwhile() -> None:
    connection = Connection(bytes(32))
    connection.receive(HELLO)
    connection.close(CloseCode.HELLO_TIMEOUT)

    connection.welcome(WELCOME)

    assert connection.state is State.CLOSED


def test_thirty_two_commands_may_be_under_way() -> None:
    """The 33rd is not read by the shell; one that comes all the same ends the connection."""
    connection = an_open_connection()
    under_way = [take(connection, SEND) for _ in range(limits.MAX_IN_FLIGHT)]
    assert connection.in_flight == limits.MAX_IN_FLIGHT

    answer = decode_event(connection.answer(under_way[0], frames.Accepted(2, 1, 1, 1)))
    assert answer == frames.Accepted(2, 1, 1, 1)
    assert not connection.is_full
    take(connection, ACK)
    assert connection.receive(SEND) is None
    assert connection.close_code is CloseCode.BAD_FRAME


def test_a_resume_fills_the_connection() -> None:
    connection = an_open_connection()

    resume = take(connection, RESUME)
    assert connection.is_full
    connection.answer(resume, frames.Resumed(3, ()))

    assert not connection.is_full


def test_a_ping_waits_for_nothing() -> None:
    connection = an_open_connection()

    for _ in range(100):
        ping = take(connection, PING)
        assert decode_event(connection.answer(ping, frames.Ok(6))) == frames.Ok(6)

    assert connection.in_flight == 0


def test_a_refusal_says_its_code() -> None:
    connection = an_open_connection()
    first, second = take(connection, SEND), take(connection, TYPING)

    conflict = decode_event(connection.refuse(first, Conflict("moved")))
    overloaded = decode_event(connection.refuse(second, Overloaded(retry_after_ms=250)))

    assert conflict == frames.Failed(2, "conflict", 0)
    assert overloaded == frames.Failed(5, "overloaded", 250)
    assert connection.in_flight == 0


def test_the_first_reason_to_close_stands() -> None:
    connection = an_open_connection()

    assert connection.close(CloseCode.REVOKED) is CloseCode.REVOKED
    assert connection.close(CloseCode.RESTART) is CloseCode.REVOKED
    assert connection.receive(PING) is None
    assert connection.close_code is CloseCode.REVOKED


@given(
    st.lists(
        st.binary(max_size=64) | st.sampled_from([HELLO, SEND, RESUME, ACK, TYPING, PING]),
        max_size=40,
    ),
    st.booleans(),
)
def test_no_input_raises(messages: list[bytes], is_welcome: bool) -> None:
    """Whatever a device sends, the server either understands it or closes."""
    connection = Connection(bytes(32))
    for message in messages:
        command = connection.receive(message)
        assert (command is None) == (connection.state is State.CLOSED)
        assert (connection.close_code is None) == (connection.state is not State.CLOSED)
        if is_welcome and isinstance(command, frames.Hello):
            connection.welcome(WELCOME)
