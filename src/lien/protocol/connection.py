"""
The state of one connection, without the connection.

`Connection` is fed bytes and decisions, and yields commands and bytes. It never waits, never
reads a clock and never touches storage, so every rule of the protocol can be tested by calling
methods in order. The shell that owns the real socket is `lien.web.socket`.

    AWAITING_HELLO --Hello--> AUTHENTICATING --welcome()--> OPEN
          |                         |                        |
          +-------------------------+------- close() --------+--> CLOSED

Rule 1: every transition happens in this file.
Rule 2: this file does not know why a command is refused, only that it was.
Rule 3: while `is_full`, the shell does not read; a peer that gets a command in all the same is
        answered by the end of the connection, never by a queue.
"""

from enum import Enum
from typing import Final

from lien.errors import LienError, Overloaded
from lien.protocol.codec import BadFrame, decode_command, encode, encode_accepted
from lien.protocol.codes import CloseCode
from lien.protocol.frames import (
    Ack,
    Challenge,
    Command,
    Failed,
    Hello,
    Ping,
    Reply,
    Resume,
    Send,
    Typing,
    Welcome,
)
from lien.protocol.limits import MAX_IN_FLIGHT


class State(Enum):
    """Where a connection is in its life."""

    AWAITING_HELLO = 1
    AUTHENTICATING = 2
    OPEN = 3
    CLOSED = 4


# What a device may say in each state. Everything else closes the connection.
ALLOWED: Final[dict[State, tuple[type[Command], ...]]] = {
    State.AWAITING_HELLO: (Hello,),
    State.AUTHENTICATING: (),
    State.OPEN: (Send, Resume, Ack, Typing, Ping),
    State.CLOSED: (),
}

# What a command takes of `MAX_IN_FLIGHT` until it is answered. Those not named wait for nothing.
WEIGHTS: Final[dict[type[Command], int]] = {Send: 1, Ack: 1, Typing: 1, Resume: MAX_IN_FLIGHT}


class Connection:
    """One connection's state. `close_code` is set when it is over, and says what to tell."""

    __slots__ = ("close_code", "in_flight", "nonce", "state")

    def __init__(self, nonce: bytes) -> None:
        self.state = State.AWAITING_HELLO
        self.nonce = nonce
        self.close_code: CloseCode | None = None
        self.in_flight = 0

    @property
    def is_full(self) -> bool:
        """Enough is under way: stop reading until something was answered."""
        return self.in_flight >= MAX_IN_FLIGHT

    def challenge(self, server_at_ms: int) -> bytes:
        """The first thing a device hears."""
        return encode(Challenge(self.nonce, server_at_ms))

    def receive(self, data: bytes) -> Command | None:
        """A command to be done and answered, or None: then the connection is closed."""
        try:
            command = decode_command(data)
        except BadFrame:
            self.close(CloseCode.BAD_FRAME)
            return None
        if self.is_full or not isinstance(command, ALLOWED[self.state]):
            self.close(CloseCode.BAD_FRAME)
            return None
        if type(command) is Hello:
            self.state = State.AUTHENTICATING
        else:
            self.in_flight += WEIGHTS.get(type(command), 0)
        return command

    def welcome(self, welcome: Welcome) -> bytes:
        """The proof was right."""
        if self.state is State.AUTHENTICATING:
            self.state = State.OPEN
        return encode(welcome)

    def accept(self, ref: int, incarnation: int, offset: int, at_ms: int) -> bytes:
        """The bytes of an Accepted, the reply to a Send; `answer` for the most frequent one."""
        self.in_flight -= WEIGHTS[Send]
        return encode_accepted(ref, incarnation, offset, at_ms)

    def answer(self, command: Command, reply: Reply) -> bytes:
        """The bytes of a reply; its command is no longer under way."""
        self.in_flight -= WEIGHTS.get(type(command), 0)
        return encode(reply)

    def refuse(self, command: Command, error: LienError) -> bytes:
        """The bytes that say why a command was not done."""
        retry_after_ms = error.retry_after_ms if isinstance(error, Overloaded) else 0
        return self.answer(command, Failed(command.ref, error.code, retry_after_ms))

    def close(self, code: CloseCode) -> CloseCode:
        """Over. The first reason stands."""
        if self.close_code is None:
            self.close_code = code
        self.state = State.CLOSED
        return self.close_code
