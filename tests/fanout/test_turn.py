"""A reply leaves with what else is written in its turn, and never late."""

import asyncio

from lien.fanout.outbox import Outbox
from lien.fanout.turn import Turn
from tests.fanout.conftest import until


async def test_a_reply_and_a_push_are_one_write() -> None:
    written: list[bytes] = []
    turn, outbox = Turn(), Outbox(written.append)

    turn.hold(outbox, b"accepted ")
    outbox.offer(b"entry")
    await asyncio.sleep(0.01)

    assert written == [b"accepted entry"]


async def test_replies_go_alone_when_nothing_comes() -> None:
    written: list[bytes] = []
    turn, outbox = Turn(), Outbox(written.append)

    turn.hold(outbox, b"one ")
    turn.hold(outbox, b"two")
    assert written == []
    await until(lambda: written)
    turn.hold(outbox, b"three")
    await until(lambda: len(written) == 2)

    assert written == [b"one two", b"three"]


async def test_what_must_not_be_left_out_comes_behind_the_reply() -> None:
    written: list[bytes] = []
    turn, outbox = Turn(), Outbox(written.append)

    outbox.stall()
    turn.hold(outbox, b"reply ")
    assert outbox.offer(b"left out") is False
    outbox.write(b"pushes")

    assert written == [b"reply pushes"]


async def test_a_connection_that_ends_takes_its_reply_along() -> None:
    written: list[bytes] = []
    turn, outbox = Turn(), Outbox(written.append)

    turn.hold(outbox, b"reply")
    held = outbox.end()
    turn.hold(outbox, b"too late")
    await asyncio.sleep(0.01)

    assert (held, written) == (b"reply", [])
