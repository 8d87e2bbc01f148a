"""What a client meets: a server that refuses, answers nonsense, or is gone."""

from collections.abc import Iterator
from contextlib import contextmanager

from lien.errors import LienError, Malformed


class ServerFailure(LienError):
    """
    The server refused. `answer` is one of the codes of docs/protocol.md.

    `code` says the same, so that nobody compares two refusals by the code of this class.
    """

    def __init__(self, answer: str, retry_after_ms: int = 0) -> None:
        super().__init__(answer)
        self.answer = answer
        self.code = answer  # type: ignore[misc]  # another server's word, not a code of ours
        self.retry_after_ms = retry_after_ms


class BadAnswer(Malformed):
    """The server's answer is not what docs/protocol.md says."""


class ConnectionLost(LienError):
    """
    The socket is closed; what was asked may or may not have been done.

    `return_after_ms`: the server wants this device back after that time, 0 when it did not say.
    """

    def __init__(self, close_code: int, return_after_ms: int = 0) -> None:
        super().__init__("the connection is closed")
        self.close_code = close_code
        self.return_after_ms = return_after_ms


@contextmanager
def reading_answer() -> Iterator[None]:
    """Say every shape that JSON may have, and ours has not, by one error."""
    try:
        yield
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise BadAnswer("an answer of another shape") from error
