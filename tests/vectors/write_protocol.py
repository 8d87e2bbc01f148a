"""
Write protocol.json: frames that Python and TypeScript must read and write alike.

Run by hand after a change of docs/protocol.md: `python tests/vectors/write_protocol.py`.
Each vector is the frame's fields by name (bytes as hexadecimal text) and its bytes. The `refused`
lists are bytes a reader must not accept, with the rule they break. The largest sizes are left to
each side's own tests, to keep this file readable.
"""

import json
from dataclasses import fields
from enum import IntEnum
from pathlib import Path
from typing import Any

import msgpack

from lien.ids import AccountId, ChannelId, DeviceId
from lien.protocol import codec, frames, limits
from lien.protocol.frames import BehindReason, Command, Event, Level
from lien.protocol.positions import ChannelState, Cursor

GROUP = ChannelId("cAAECAwQFBgcICQoLDA0ODw")
DIRECT = ChannelId("d8PHy8_T19vf4-fr7_P3-_w")
ACCOUNT = AccountId("EBESExQVFhcYGRobHB0eHw")
DEVICE = DeviceId("ICEiIyQlJicoKSorLC0uLw")
AT_MS = 1_795_000_000_123

COMMANDS: list[Command] = [
    frames.Hello(1, bytes(range(64)), "lien-pwa 0.1.0"),
    frames.Hello(2, bytes(64), "é" * 32),
    frames.Send(3, b"header", b"sealed"),
    frames.Send(limits.MAX_REF, bytes(256), bytes(300)),
    frames.Send(4, b"", b""),
    frames.Resume(5, ()),
    frames.Resume(6, (Cursor(GROUP, 0, 0), Cursor(DIRECT, 3, limits.MAX_INTEGER))),
    frames.Resume(7, (Cursor(GROUP, 1, 0),) * 16),
    frames.Ack(8, GROUP, 1, 70_000, Level.DELIVERED),
    frames.Ack(9, DIRECT, 2**32, 5_000_000_000, Level.READ),
    frames.Typing(10, GROUP),
    frames.Ping(128),
]

EVENTS: list[Event] = [
    frames.Ok(1),
    frames.Welcome(255, ACCOUNT, DEVICE, AT_MS, AT_MS + 14_400_000),
    frames.Accepted(256, 1, 127, AT_MS),
    frames.Accepted(65_535, 1, 128, AT_MS),
    frames.Resumed(65_536, ()),
    frames.Resumed(7, (ChannelState(GROUP, 1, 12, 12), ChannelState(DIRECT, 2, 90, 40))),
    frames.Failed(8, "stale_epoch", 0),
    frames.Failed(9, "too_many", 1_500),
    frames.Challenge(bytes(range(32)), AT_MS),
    frames.Entry(GROUP, 1, 1, AT_MS, b"header", b"sealed"),
    frames.Entry(DIRECT, 2, 3, AT_MS, bytes(255), bytes(256)),
    frames.Receipt(GROUP, ACCOUNT, Level.READ, 12),
    frames.Typed(GROUP, ACCOUNT),
    frames.Gap(GROUP, 1, 4, 9),
    frames.Reset(DIRECT, 3, 0),
    frames.Behind(BehindReason.SLOW_READER),
    frames.Behind(BehindReason.FEED_GAP),
    frames.Drain(5_000),
]

# The rule, and the bytes that break it.
REFUSED_EVERYWHERE: list[tuple[str, bytes]] = [
    ("empty", b""),
    ("truncated", msgpack.packb([64, 1])[:-1]),
    ("trailing byte", msgpack.packb([64, 1]) + b"\0"),
    ("not an array", msgpack.packb("frame")),
    ("a map", msgpack.packb({64: 1})),
    ("an empty array", msgpack.packb([])),
    ("no ref", msgpack.packb([64])),
    ("an unknown type", msgpack.packb([63, 1])),
    ("a type that is a bool", msgpack.packb([True, 1])),
    ("a type that is a float", msgpack.packb([64.0, 1])),
    ("a type that is an array", msgpack.packb([[64], 1])),
    ("nil", msgpack.packb([None, 1])),
    ("an array that claims 2^32 - 1 items", b"\xdd\xff\xff\xff\xff"),
    ("a text that claims 2^32 - 1 bytes", b"\x92\x40\xdb\xff\xff\xff\xff"),
    ("a binary that claims 2^32 - 1 bytes", b"\x92\x40\xc6\xff\xff\xff\xff"),
    ("an extension", msgpack.packb([64, msgpack.ExtType(5, b"")])),
    ("a timestamp", b"\x92\x40\xd6\xff\0\0\0\0"),
    ("the byte msgpack never uses", b"\x92\x40\xc1"),
    ("2,000 levels", b"\x91" * 2_000),
]
REFUSED_COMMANDS: list[tuple[str, bytes]] = [
    ("an event", msgpack.packb([64, 1])),
    ("ref 0", msgpack.packb([6, 0])),
    ("ref 2^31", msgpack.packb([6, 2**31])),
    ("a ref that is a bool", msgpack.packb([6, True])),
    ("a negative ref", msgpack.packb([6, -1])),
    ("an extra field", msgpack.packb([6, 1, 0])),
    ("a missing field", msgpack.packb([2, 1, b""])),
    ("a proof of 63 bytes", msgpack.packb([1, 1, bytes(63), ""])),
    ("a client of 65 bytes", msgpack.packb([1, 1, bytes(64), "x" * 65])),
    ("bytes for a client", msgpack.packb([1, 1, bytes(64), b"x"])),
    ("a client that is not UTF-8", b"\x94\x01\x01\xc4\x40" + bytes(64) + b"\xa1\xff"),
    ("text for bytes", msgpack.packb([2, 1, "", b""])),
    ("a header of 257 bytes", msgpack.packb([2, 1, bytes(257), b""])),
    ("a cursor of two", msgpack.packb([3, 1, [[GROUP, 1]]])),
    ("an offset without incarnation", msgpack.packb([3, 1, [[GROUP, 0, 1]]])),
    ("an offset of 2^53", msgpack.packb([3, 1, [[GROUP, 1, 2**53]]])),
    ("cursors that are no list", msgpack.packb([3, 1, GROUP])),
    ("an account for a channel", msgpack.packb([5, 1, ACCOUNT])),
    ("a channel not canonical", msgpack.packb([5, 1, GROUP[:-1] + "x"])),
    ("bytes for a channel", msgpack.packb([5, 1, GROUP.encode()])),
    ("level 3", msgpack.packb([4, 1, GROUP, 1, 1, 3])),
    ("an ack of offset 0", msgpack.packb([4, 1, GROUP, 1, 0, 1])),
    ("an offset that is a float", msgpack.packb([4, 1, GROUP, 1, 1.0, 1])),
]
REFUSED_EVENTS: list[tuple[str, bytes]] = [
    ("a command", msgpack.packb([6, 1])),
    ("a reply with ref 0", msgpack.packb([64, 0])),
    ("a push with a ref", msgpack.packb([102, 1, 1])),
    ("a push whose ref is false", msgpack.packb([102, False, 1])),
    ("reason 3", msgpack.packb([102, 0, 3])),
    ("a nonce of 31 bytes", msgpack.packb([96, 0, bytes(31), 1])),
    ("a code with a space", msgpack.packb([68, 1, "stale epoch", 0])),
    ("a code of 65 bytes", msgpack.packb([68, 1, "x" * 65, 0])),
    ("an entry at offset 0", msgpack.packb([97, 0, GROUP, 1, 0, 1, b"", b""])),
    ("a state of three", msgpack.packb([67, 1, [[GROUP, 1, 1]]])),
    ("a missing field", msgpack.packb([99, 0, GROUP])),
    ("a negative time", msgpack.packb([66, 1, 1, 1, -1])),
]


def plain(value: Any) -> Any:
    """A field as JSON: bytes as hexadecimal text, everything else as it is."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, IntEnum):
        return int(value)
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return value


def vector(frame: Command | Event) -> dict[str, Any]:
    """One frame with its name, fields and bytes."""
    values = {field.name: plain(getattr(frame, field.name)) for field in fields(frame)}
    return {
        "name": type(frame).__name__,
        "fields": values,
        "bytes": codec.encode(frame).hex(),
    }


def refused(cases: list[tuple[str, bytes]]) -> list[dict[str, str]]:
    """Bytes a reader must refuse."""
    return [{"why": why, "bytes": data.hex()} for why, data in cases]


def build() -> dict[str, Any]:
    """The content of protocol.json."""
    return {
        "commands": [vector(frame) for frame in COMMANDS],
        "events": [vector(frame) for frame in EVENTS],
        "refused_commands": refused(REFUSED_EVERYWHERE + REFUSED_COMMANDS),
        "refused_events": refused(REFUSED_EVERYWHERE + REFUSED_EVENTS),
    }


if __name__ == "__main__":
    path = Path(__file__).with_name("protocol.json")
    path.write_text(json.dumps(build(), indent=1, ensure_ascii=False) + "\n")
