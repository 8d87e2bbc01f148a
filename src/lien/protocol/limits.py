"""Every bound a peer of the socket can hit. docs/protocol.md says the same numbers."""

from typing import Final

SUBPROTOCOL: Final = "lien.v1"

MAX_FRAME_BYTES: Final = 65_536
MAX_FRAGMENTS: Final = 64  # of one message; a device never needs more than one

MAX_INTEGER: Final = 2**53 - 1  # what a JavaScript number holds exactly
MAX_REF: Final = 2**31 - 1
MAX_HEADER_BYTES: Final = 256
MAX_SEALED_BYTES: Final = 60_000
MAX_CLIENT_BYTES: Final = 64
MAX_CODE_BYTES: Final = 64
MAX_CURSORS: Final = 500
PROOF_BYTES: Final = 64
NONCE_BYTES: Final = 32

# Commands that wait for the store. A Resume weighs as much as all of them: its answer may be
# 256 KiB, so one connection never has two under way.
MAX_IN_FLIGHT: Final = 32
MAX_SOCKETS_PER_ACCOUNT: Final = 8
RESUME_BUDGET_BYTES: Final = 256 * 1024

HELLO_TIMEOUT_MS: Final = 10_000
TYPING_INTERVAL_MS: Final = 1_000  # of one connection; what comes sooner is answered and dropped
# Commands of one connection that are no Send: a device that was away for weeks acknowledges much
# at once; nobody needs more in the long run.
COMMANDS_AT_ONCE: Final = 1_000
COMMAND_INTERVAL_MS: Final = 20
PING_INTERVAL_MS: Final = 25_000
MAX_MISSED_PINGS: Final = 2
DRAIN_TIMEOUT_MS: Final = 30_000  # a slow reader that has not drained by then is let go

# Members of the largest conversation in which receipts are pushed: at 32 one message that
# everyone reads costs 2,000 small pushes, at 500 it would be half a million.
MAX_RECEIPT_MEMBERS: Final = 32
