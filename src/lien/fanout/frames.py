"""
WebSocket frames (RFC 6455, 5.2) as the server writes them, and the common case of reading them.

A server frame is not masked, so the same bytes go to every receiver: they are built once.
"""

from typing import Final, NamedTuple

from websockets.speedups import apply_mask

PING: Final = b"\x89\x00"

# First bytes of what the lean path reads (but for text): final, no reserved bit.
_TEXT: Final = 0x81
_BINARY: Final = 0x82
_PING: Final = 0x89
_PONG: Final = 0x8A
_MASKED: Final = 0x80


class Message(NamedTuple):
    """One frame read, and where the next one begins."""

    opcode: int
    payload: bytes
    end: int


UNUSUAL: Final = Message(-1, b"", 0)  # not for the lean path: fragments, close, text, faults

BINARY: Final = 2
PONG: Final = 10


def prepare_frame(payload: bytes, *, is_text: bool = False) -> bytes:
    """A whole frame, binary if not said otherwise; written as it is to any number of transports."""
    size = len(payload)
    first = _TEXT if is_text else _BINARY
    if size < 126:
        return bytes((first, size)) + payload
    if size < 65_536:
        return bytes((first, 126)) + size.to_bytes(2, "big") + payload
    return bytes((first, 127)) + size.to_bytes(8, "big") + payload


def prepare_close(code: int, return_after_ms: int = 0) -> bytes:
    """A close frame. The code is the instruction; its reason, if any, when to come back."""
    reason = b"%d" % return_after_ms if return_after_ms else b""
    return bytes((0x88, 2 + len(reason))) + code.to_bytes(2, "big") + reason


def prepare_pong(payload: bytes) -> bytes:
    """The answer to a ping; a control frame carries at most 125 bytes."""
    return bytes((0x8A, len(payload))) + payload


def read_message(data: bytes, start: int) -> Message | None:
    """
    Read the complete masked frame that begins at `start`.

    None when more bytes are needed, `UNUSUAL` for whatever the lean path does not know: binary
    messages in one frame shorter than 64 KiB, pings and pongs are all it knows. It takes
    nothing for one of these that RFC 6455 would refuse (but a length in more bytes than needed,
    as the parser of `Fallback` does), and consumes nothing otherwise.
    """
    available = len(data) - start
    if available < 2:
        # One byte is enough to know that it is for the other path.
        return None if not available or data[start] in (_BINARY, _PING, _PONG) else UNUSUAL
    first, size = data[start], data[start + 1] ^ _MASKED
    if first == _BINARY:
        if size < 126:
            body = start + 6
        elif size == 126:
            if available < 4:
                return None
            size = data[start + 2] << 8 | data[start + 3]
            body = start + 8
        else:  # not masked, or 64 KiB and more
            return UNUSUAL
    elif first in (_PING, _PONG) and size < 126:
        body = start + 6
    else:
        return UNUSUAL
    end = body + size
    if end > len(data):
        return None
    return Message(first & 0x0F, apply_mask(data[body:end], data[body - 4 : body]), end)
