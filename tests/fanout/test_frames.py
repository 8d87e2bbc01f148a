"""Frames as the server writes them, and as the lean path reads them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode

from lien.fanout.frames import (
    UNUSUAL,
    Message,
    prepare_close,
    prepare_frame,
    prepare_pong,
    read_message,
)
from tests.fanout.conftest import masked


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536])
def test_frames_are_those_of_a_library(size: int) -> None:
    payload = bytes(size)
    assert prepare_frame(payload) == Frame(Opcode.BINARY, payload).serialize(mask=False)


def test_control_frames_are_those_of_a_library() -> None:
    assert prepare_close(4201) == Frame(Opcode.CLOSE, b"\x10\x69").serialize(mask=False)
    assert prepare_pong(b"x") == Frame(Opcode.PONG, b"x").serialize(mask=False)


@given(
    st.sampled_from([0x82, 0x89, 0x8A]),
    st.binary(max_size=125) | st.binary(min_size=126, max_size=500),
    st.binary(max_size=9),
)
def test_a_frame_is_read_when_it_is_whole(first: int, payload: bytes, rest: bytes) -> None:
    frame = masked(first, payload)
    data = b"before" + frame + rest

    message = read_message(data, 6)

    if first != 0x82 and len(payload) > 125:
        assert message is UNUSUAL
        return
    assert message == Message(first & 15, payload, 6 + len(frame))
    for cut in range(len(frame)):
        assert read_message(frame[:cut], 0) is None


@pytest.mark.parametrize(
    "data",
    [
        b"\x81",  # text
        b"\x02\x80",  # a fragment
        b"\x88\x80",  # close
        b"\xc2\x80",  # a reserved bit
        b"\x82\x05hello",  # not masked
        b"\x82\x7e\x00\x80",
        b"\x82\xff" + bytes(8),  # the length of 64 KiB and more
        b"\x89\xfe\x00\x80",  # a ping of 128 bytes
        b"\x89\x00",
    ],
)
def test_anything_else_is_for_the_other_path(data: bytes) -> None:
    assert read_message(data, 0) is UNUSUAL
