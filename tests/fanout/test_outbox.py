"""Nothing grows, and nobody is left behind without being told."""

from lien.fanout.frames import prepare_frame
from lien.fanout.outbox import Outbox
from lien.protocol.codec import encode
from lien.protocol.frames import Behind, BehindReason

BEHIND = prepare_frame(encode(Behind(BehindReason.SLOW_READER)))


def test_frames_pass_while_the_peer_reads() -> None:
    written: list[bytes] = []
    outbox = Outbox(written.append)

    assert outbox.offer(b"one") is not False
    outbox.stall()
    outbox.flow()

    assert written == [b"one"], "nothing was left out, so nothing is said"


def test_what_is_left_out_is_said_once() -> None:
    written: list[bytes] = []
    outbox = Outbox(written.append)

    outbox.stall()
    assert outbox.is_stalled
    assert outbox.offer(b"one") is False
    assert outbox.offer(b"two") is False
    outbox.flow()
    assert outbox.offer(b"three") is not False
    outbox.stall()
    outbox.flow()

    assert written == [BEHIND, b"three"]


def test_a_closing_connection_takes_nothing_more() -> None:
    written: list[bytes] = []
    outbox = Outbox(written.append)

    outbox.end()
    assert outbox.offer(b"one") is False
    outbox.flow()

    assert outbox.offer(b"two") is False
    assert written == []


def test_what_is_held_leaves_before_a_push_whatever_came_in_between() -> None:
    written: list[bytes] = []
    outbox = Outbox(written.append)

    outbox.hold(b"reply ")
    outbox.stall()
    assert outbox.offer(b"left out") is False
    outbox.flow()
    outbox.hold(b"another ")
    outbox.offer(b"entry")
    outbox.offer(b"next")
    outbox.stall()
    outbox.hold(b"late ")
    outbox.release()
    assert outbox.offer(b"left out") is False, "stalled still"
    outbox.flow()

    assert written == [b"reply " + BEHIND, b"another entry", b"next", b"late ", BEHIND]
