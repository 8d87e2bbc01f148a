"""
How much one connection may ask besides sending: in memory, two numbers.

A command that is no Send costs its device nothing to write and the store some work; sending has a
pace of its own, by account and by conversation (`lien.conversations`).
"""

from lien.accounts import TooManyAttempts
from lien.protocol.limits import COMMAND_INTERVAL_MS, COMMANDS_AT_ONCE, TYPING_INTERVAL_MS


class TooManyCommands(TooManyAttempts):
    """The connection asked too much in a short time."""


class Allowance:
    """One for each connection. Instants are monotonic."""

    __slots__ = ("_full_at_ms", "_next_typing_ms")

    def __init__(self) -> None:
        self._full_at_ms = 0  # a bucket: when all of it will be there again
        self._next_typing_ms = 0

    def take(self, now_ms: int) -> None:
        """
        Count one command.

        Raises: TooManyCommands with the milliseconds after which one more is done.
        """
        full_at_ms = max(self._full_at_ms, now_ms) + COMMAND_INTERVAL_MS
        wait_ms = full_at_ms - now_ms - COMMANDS_AT_ONCE * COMMAND_INTERVAL_MS
        if wait_ms > 0:
            raise TooManyCommands("too many commands", retry_after_ms=wait_ms)
        self._full_at_ms = full_at_ms

    def may_type(self, now_ms: int) -> bool:
        """Each Typing reaches up to 499 others: more than people can see are dropped."""
        if now_ms < self._next_typing_ms:
            return False
        self._next_typing_ms = now_ms + TYPING_INTERVAL_MS
        return True
