"""The device forgets what the log forgets: messages beyond retention go, here too."""

from dataclasses import dataclass
from typing import Final

from lien.client.conversation import Conversation
from lien.client.errors import reading_answer
from lien.client.http import Http
from lien.crypto.contents import Settings

_DAY_MS: Final = 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long a deployment keeps messages, and the least that a conversation may choose."""

    longest_days: int
    least_days: int = 1


async def read_bounds(http: Http) -> Bounds:
    """What the operator allows. Raises: ServerFailure, BadAnswer."""
    status = await http.get("/api/status")
    with reading_answer():
        return Bounds(int(status["retention_days"]), int(status["retention_least_days"]))


def forget_old(conversation: Conversation, now_ms: int, days: int) -> bool:
    """Drop what is older; agreements stay. Whether there was anything."""
    horizon_ms = now_ms - days * _DAY_MS
    old = [
        key
        for key, message in conversation.messages.items()
        if message.at_ms < horizon_ms
        and not (message.content and isinstance(message.content.said, Settings))
    ]
    for key in old:
        del conversation.messages[key]
    return bool(old)


def kept_days(conversation: Conversation, bounds: Bounds) -> int:
    """
    How many days messages stay, within bounds: what an admin chose last.

    Sure only at the end of the log: a later choice may take back the one that was read. One that
    was said again stands where it was made.
    """
    standing, chosen = 0, bounds.longest_days
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
    return min(bounds.longest_days, max(bounds.least_days, chosen))
