"""Nothing grows, and nobody is left behind without being told."""

from lien.fanout.frames import prepare_frame
from lien.fanout.outbox import Outbox
from lien.protocol.codec import encode
from lien.protocol.frames import Behind, BehindReason

BEHIND = prepare_frame(encode(Behind(BehindReason.SLOW_READER)))


def test_frames_pass_while_the_peer_reads() -> None:
    written: list[bytes] = []
    outbox = Outbox(written.append)

    assert outbox.offer(b"one")
    outbox.stall()
    outbox.flow()

    assert written == [b"one"], "nothing was left out, so nothing is said"


def test_what_is_left_out_is_said_once() -> None:
    written: list[bytes] = []
    outbox = Outbox(written.append)

    outbox.stall()
    assert outbox.is_stalled
    assert not outbox.offer(b"one")
    assert not outbox.offer(b"two")
    outbox.flow()
    assert outbox.offer(b"three")
    outbox.stall()
    outbox.flow()

    assert written == [BEHIND, b"three"]


def test_a_closing_connection_takes_nothing_more() -> None:
    written: list[bytes] = []
    outbox = Outbox(written.append)

    outbox.end()
    assert not outbox.offer(b"one")
    outbox.flow()

    assert not outbox.offer(b"two")
    assert written == []
