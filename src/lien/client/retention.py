"""The device forgets what the log forgets: messages beyond retention go, here too."""

from typing import Final

from lien.client.conversation import Conversation
from lien.client.errors import reading_answer
from lien.client.http import Http
from lien.crypto.contents import Settings

_DAY_MS: Final = 24 * 60 * 60 * 1000


async def read_retention_days(http: Http) -> int:
    """How long the deployment keeps messages. Raises: ServerFailure, BadAnswer."""
    status = await http.get("/api/status")
    with reading_answer():
        return int(status["retention_days"])


def forget_old(conversation: Conversation, now_ms: int, longest_days: int) -> None:
    """Drop what is older than this conversation keeps, at most `longest_days`; agreements stay."""
    horizon_ms = now_ms - kept_days(conversation, longest_days) * _DAY_MS
    old = [
        key
        for key, message in conversation.messages.items()
        if message.at_ms < horizon_ms
        and not (message.content and isinstance(message.content.said, Settings))
    ]
    for key in old:
        del conversation.messages[key]


def kept_days(conversation: Conversation, longest_days: int) -> int:
    """
    How many days messages stay, at most `longest_days`: what an admin chose last.

    A choice that was said again stands where it was made.
    """
    standing, chosen = 0, longest_days
    for message in conversation.ordered():
        said = message.content.said if message.content else None
        if not isinstance(said, Settings) or said.retention_days is None or message.problem:
            continue
        statement = conversation.find_statement(message.header.epoch)
        member = statement.find_member(message.header.account) if statement else None
        offset = message.position.offset if message.position else 0
        since = min(said.since or offset, offset)
        if member is not None and member.role == "admin" and since >= standing:
            standing, chosen = since, said.retention_days
    return min(longest_days, chosen)
