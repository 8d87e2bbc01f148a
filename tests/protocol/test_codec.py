"""Every frame survives the wire, and no other bytes are taken for one."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgpack
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lien.ids import AccountId, ChannelId, DeviceId
from lien.protocol import frames, limits
from lien.protocol.codec import (
    BadFrame,
    decode_command,
    decode_event,
    encode,
    encode_accepted,
    encode_entry,
)
from lien.protocol.frames import BehindReason, Command, Event, Level
from lien.protocol.positions import ChannelState, Cursor
from tests.vectors import write_protocol

VECTORS = json.loads((Path(__file__).parents[1] / "vectors/protocol.json").read_text())

numbers = st.integers(1, limits.MAX_INTEGER)
counts = st.integers(0, limits.MAX_INTEGER)
refs = st.integers(1, limits.MAX_REF)
channels = st.sampled_from([write_protocol.GROUP, write_protocol.DIRECT])
accounts = st.just(write_protocol.ACCOUNT)
devices = st.just(write_protocol.DEVICE)
levels = st.sampled_from(Level)
headers = st.binary(max_size=limits.MAX_HEADER_BYTES)
sealed = st.binary(max_size=2_000)
cursors = st.builds(Cursor, channels, numbers, counts)
states = st.builds(ChannelState, channels, counts, counts, counts)
clients = st.text(max_size=16)

commands: st.SearchStrategy[Command] = st.one_of(
    st.builds(frames.Hello, refs, st.binary(min_size=64, max_size=64), clients),
    st.builds(frames.Send, refs, headers, sealed),
    st.builds(frames.Resume, refs, st.lists(cursors, max_size=9).map(tuple)),
    st.builds(frames.Ack, refs, channels, numbers, numbers, levels),
    st.builds(frames.Typing, refs, channels),
    st.builds(frames.Ping, refs),
)
events: st.SearchStrategy[Event] = st.one_of(
    st.builds(frames.Ok, refs),
    st.builds(frames.Welcome, refs, accounts, devices, counts, counts),
    st.builds(frames.Accepted, refs, numbers, numbers, counts),
    st.builds(frames.Resumed, refs, st.lists(states, max_size=9).map(tuple)),
    st.builds(frames.Failed, refs, st.sampled_from(["too_many", "internal"]), counts),
    st.builds(frames.Challenge, st.binary(min_size=32, max_size=32), counts),
    st.builds(frames.Entry, channels, numbers, numbers, counts, headers, sealed),
    st.builds(frames.Receipt, channels, accounts, levels, numbers),
    st.builds(frames.Typed, channels, accounts),
    st.builds(frames.Gap, channels, numbers, numbers, numbers),
    st.builds(frames.Reset, channels, numbers, counts),
    st.builds(frames.Behind, st.sampled_from(BehindReason)),
    st.builds(frames.Drain, counts),
)


@given(commands)
def test_a_command_survives_the_wire(command: Command) -> None:
    assert decode_command(encode(command)) == command


@given(events)
def test_an_event_survives_the_wire(event: Event) -> None:
    assert decode_event(encode(event)) == event


@given(st.binary(max_size=200))
@example(b"\xc7\x00\xff")
def test_any_bytes_are_understood_or_refused(data: bytes) -> None:
    for decode in (decode_command, decode_event):
        with suppress(BadFrame):
            decode(data)


@given(refs, headers, sealed, st.data())
def test_a_send_is_read_quickly_as_it_is_read_slowly(
    ref: int, header: bytes, content: bytes, data: st.DataObject
) -> None:
    """An array whose length takes three bytes is left to the decoder of all frames."""
    changed = bytearray(encode(frames.Send(ref, header, content)))
    for _ in range(data.draw(st.integers(0, 2))):
        changed[data.draw(st.integers(1, min(300, len(changed) - 1)))] = data.draw(
            st.integers(0, 255)
        )
    frame = bytes(changed[: data.draw(st.integers(3, len(changed)))])

    def read(frame: bytes) -> Command | None:
        with suppress(BadFrame):
            return decode_command(frame)
        return None

    assert read(frame) == read(b"\xdc\x00\x04" + frame[1:])


@given(channels, numbers, numbers, counts, headers, sealed)
def test_frequent_events_are_written_as_all_are(
    channel: ChannelId, number: int, offset: int, at_ms: int, header: bytes, content: bytes
) -> None:
    entry = frames.Entry(channel, number, offset, at_ms, header, content)
    accepted = frames.Accepted(1 + number % limits.MAX_REF, number, offset, at_ms)

    assert encode_entry(channel, number, offset, at_ms, header, content) == encode(entry)
    assert encode_accepted(accepted.ref, number, offset, at_ms) == encode(accepted)


@given(commands, st.data())
def test_a_changed_frame_is_understood_or_refused(command: Command, data: st.DataObject) -> None:
    changed = bytearray(encode(command))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(changed) - 1))
        changed[place] = data.draw(st.integers(0, 255))
    with suppress(BadFrame):
        decode_command(bytes(changed))


any_value = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | st.text(max_size=30)
    | st.binary(max_size=70)
    | st.sampled_from([write_protocol.GROUP, msgpack.ExtType(1, b"x"), msgpack.Timestamp(1)]),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(), children),
    max_leaves=6,
)


@given(st.sampled_from([1, 2, 3, 4, 5, 6]), st.lists(any_value, max_size=5))
def test_any_values_are_understood_or_refused(number: int, values: list[Any]) -> None:
    """What was understood says the same when written again: nothing was guessed."""
    data = msgpack.packb([number, 1, *values])
    try:
        command = decode_command(data)
    except BadFrame:
        return
    assert encode(command) == data


@pytest.mark.parametrize("vector", VECTORS["commands"] + VECTORS["events"])
def test_vector(vector: dict[str, Any]) -> None:
    data = bytes.fromhex(vector["bytes"])
    is_command = vector in VECTORS["commands"]

    frame = decode_command(data) if is_command else decode_event(data)

    assert write_protocol.vector(frame) == vector


@pytest.mark.parametrize("case", VECTORS["refused_commands"], ids=lambda case: str(case["why"]))
def test_refused_command(case: dict[str, str]) -> None:
    with pytest.raises(BadFrame):
        decode_command(bytes.fromhex(case["bytes"]))


@pytest.mark.parametrize("case", VECTORS["refused_events"], ids=lambda case: str(case["why"]))
def test_refused_event(case: dict[str, str]) -> None:
    with pytest.raises(BadFrame):
        decode_event(bytes.fromhex(case["bytes"]))


def test_the_vectors_are_what_the_script_writes() -> None:
    assert write_protocol.build() == VECTORS


def test_the_largest_frames_fit() -> None:
    send = frames.Send(limits.MAX_REF, bytes(256), bytes(60_000))
    resume = frames.Resume(1, (Cursor(write_protocol.GROUP, 2**53 - 1, 2**53 - 1),) * 500)

    assert decode_command(encode(send)) == send
    assert decode_command(encode(resume)) == resume
    assert max(len(encode(send)), len(encode(resume))) < limits.MAX_FRAME_BYTES


@pytest.mark.parametrize(
    "values",
    [
        [2, 1, b"", bytes(60_001)],
        [2, 1, bytes(257), b""],
        [2, 1, bytes(40_000), bytes(40_000)],  # over 64 KiB
        [3, 1, [[write_protocol.GROUP, 0, 0]] * 501],
        [3, 1, [[]] * 60_000],
    ],
)
def test_anything_larger_is_refused(values: list[Any]) -> None:
    with pytest.raises(BadFrame):
        decode_command(msgpack.packb(values))


def test_a_frame_shows_no_content() -> None:
    entry = frames.Entry(ChannelId("c"), 1, 1, 1, b"header", b"ciphertext")
    hello = frames.Hello(1, b"signature", "client")
    welcome = frames.Welcome(1, AccountId("a"), DeviceId("d"), 1, 1)

    assert "ciphertext" not in repr(entry)
    assert "signature" not in repr(hello)
    assert "Welcome" in repr(welcome)
