"""Frames: any split of good bytes gives the same messages, anything else is an error."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lien.gateway.mllp import FrameDecoder, frame, unframe
from lien.gateway.quarantine import Reason, Unreadable

CONTENT = st.binary(max_size=40).map(lambda data: data.replace(b"\x0b", b"").replace(b"\x1c", b""))


@given(st.lists(CONTENT, max_size=4), st.integers(1, 9))
def test_any_split_gives_the_same_messages(contents: list[bytes], step: int) -> None:
    stream = b"".join(frame(each) for each in contents)
    decoder = FrameDecoder()
    found = []
    for start in range(0, len(stream), step):
        found += decoder.feed(stream[start : start + step])
    decoder.finish()
    assert found == contents


@given(st.lists(st.binary(max_size=20) | st.sampled_from([b"\x0b", b"\x1c", b"\x1c\r"])))
def test_no_bytes_raise_anything_else(parts: list[bytes]) -> None:
    decoder = FrameDecoder(max_bytes=64)
    with suppress(Unreadable):
        for part in parts:
            decoder.feed(part)
        decoder.finish()


@pytest.mark.parametrize(
    "data",
    [b"MSH|", b"\x0bMSH\x1cX", b"\x0bMSH\x0bMSH\x1c\r", b"\n\x0bMSH\x1c\r"],
)
def test_bytes_that_are_no_frame(data: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        FrameDecoder().feed(data)
    assert refused.value.reason is Reason.BAD_FRAME


def test_what_was_whole_before_an_error_is_given() -> None:
    """It is answered; then nobody can say where the next message begins."""
    decoder = FrameDecoder()

    assert decoder.feed(b"\x0bMSH|1\x1c\rMSH|2") == [b"MSH|1"]

    for end in (decoder.require_sound, decoder.finish, lambda: decoder.feed(b"\x0b")):
        with pytest.raises(Unreadable) as refused:
            end()
        assert refused.value.reason is Reason.BAD_FRAME


@pytest.mark.parametrize("data", [b"\x0b", b"\x0bMSH|", b"\x0bMSH|\x1c"])
def test_truncated_frame(data: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        unframe(data)
    assert refused.value.reason is Reason.BAD_FRAME


def test_frame_without_an_end_is_cut() -> None:
    decoder = FrameDecoder(max_bytes=100)
    decoder.feed(b"\x0b" + b"a" * 90)
    with pytest.raises(Unreadable) as refused:
        decoder.feed(b"a" * 90)
    assert refused.value.reason is Reason.TOO_LARGE
