"""
WebSocket close codes, grouped by what the device must do next.

The hundreds digit is the instruction, so that an old client obeys a code it has never seen:

* 40xx  reconnect and resume from the cursors
* 41xx  sign in again, then reconnect
* 42xx  stop; only a person or an upgrade can help

Everything else (1000 to 3999, a lost connection) is treated like 40xx.
"""

import re
from enum import IntEnum, StrEnum
from typing import Final

# The longest time a device is sent away for.
MAX_RETURN_MS: Final = 600_000

_DIGITS: Final = re.compile(r"[0-9]{1,9}")


class CloseCode(IntEnum):
    """Every code the server sends by itself."""

    NORMAL = 1000
    GOING_AWAY = 1001
    PROTOCOL_ERROR = 1002
    UNSUPPORTED = 1003  # text where only binary is spoken
    INVALID_DATA = 1007
    TOO_BIG = 1009
    RESTART = 4000
    SLOW_READER = 4001
    HELLO_TIMEOUT = 4002
    GONE = 4003
    TRY_LATER = 4004
    SESSION_ENDED = 4100
    BAD_PROOF = 4101
    REVOKED = 4200
    BAD_FRAME = 4201
    UPGRADE = 4202


class AfterClose(StrEnum):
    """What a device does when its connection is over."""

    RESUME = "resume"
    SIGN_IN = "sign-in"
    STOP = "stop"


def after_close(code: int) -> AfterClose:
    """Total: a code from a newer server still yields an instruction."""
    match code // 100:
        case 41:
            return AfterClose.SIGN_IN
        case 42:
            return AfterClose.STOP
        case _:
            return AfterClose.RESUME


def return_after_ms(reason: str) -> int:
    """
    What the reason of a close says about coming back: milliseconds, at most ten minutes.

    0 for every reason that is not a number, as there is none from a proxy or a lost network.
    """
    return min(int(reason), MAX_RETURN_MS) if _DIGITS.fullmatch(reason) else 0
