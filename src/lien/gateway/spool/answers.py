"""
What an HL7v2 sender is still to be told of its documents: the business acknowledgements to come.

An answer is written in the transaction that changes what it tells, and stays pending until its
receiver took it: a crash in between repeats it, under the same control id. The answers about one
document go in the order in which things happened. Each message that brought it is answered.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lien.gateway.spool.database import Database
from lien.gateway.spool.models import Named, Run

QUARANTINED: Final = "quarantined"
_INSERT: Final = (
    "INSERT OR IGNORE INTO answers (number, message, reader, who, outcome, reason, control_id,"
    " state, attempts, next_at_ms, at_ms) SELECT number, message, "
)
_NEW: Final = ", lower(hex(randomblob(10))), 'pending', 0, ?, ? FROM "
# A recipient is held for a second after each change of a secret: nobody is told of that.
_DELIVERIES: Final = (
    f"{_INSERT}reader, who, state, iif(state = 'unusable', error, ''){_NEW}deliveries"
    " JOIN senders USING (number) WHERE number = ?"
    " AND (state IN ('delivered', 'refused', 'cancelled', 'given_up', 'unusable')"
    " OR (state = 'held' AND error IN ('no_account', 'recipient_departed'))) ORDER BY place"
)
_QUARANTINE: Final = (
    f"{_INSERT}'', NULL, state, reason{_NEW}documents JOIN senders USING (number)"
    f" WHERE number = ? AND state = '{QUARANTINED}'"
)


class AnswerState(StrEnum):
    """Where an answer stands."""

    PENDING = "pending"
    SENT = "sent"
    REFUSED = "refused"  # its receiver says that it will never take it


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """
    One outcome of one document: for one recipient, or for nobody when it is in quarantine.

    `outcome` is a `DeliveryState` or `QUARANTINED`; this one and an unusable recipient have a
    `reason`. `header` is the `MSH` of a message that brought the document.
    """

    sequence: int
    header: bytes
    named: Named | None
    outcome: str
    reason: str
    control_id: str
    at_ms: int
    attempts: int


def tell(run: Run, number: int, now_ms: int) -> None:
    """Note what its sender was not told yet of a document. Inside a transaction; repeatable."""
    for statement in (_DELIVERIES, _QUARANTINE):
        run(statement, (now_ms, now_ms, number))


class Answers:
    """The side of the spool that speaks to senders."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list_due(self, limit: int = 16) -> list[Answer]:
        """
        What may be told now: of each document, the first thing that was not.

        Raises: BadSeal for a spool that was tampered with.
        """
        rows = self._database.ask(
            "SELECT sequence, number, header, who, outcome, reason, control_id, at_ms, attempts"
            " FROM answers JOIN senders USING (number, message) WHERE sequence IN"
            " (SELECT min(sequence) FROM answers WHERE state = 'pending' GROUP BY number)"
            " AND next_at_ms <= ?"
            " ORDER BY sequence LIMIT ?",
            self._database.clock.now_ms(),
            limit,
        )
        return [
            Answer(
                sequence,
                self._database.open_header(number, header),
                self._database.open_named(who) if who is not None else None,
                *rest,
            )
            for sequence, number, header, who, *rest in rows
        ]

    def next_turn_ms(self) -> int | None:
        """The instant of the next answer that waits; None when none does."""
        ((turn_ms,),) = self._database.ask(
            "SELECT min(next_at_ms) FROM answers WHERE sequence IN"
            " (SELECT min(sequence) FROM answers WHERE state = 'pending' GROUP BY number)"
        )
        return None if turn_ms is None else int(turn_ms)

    def settle(self, sequence: int, state: AnswerState, next_at_ms: int = 0) -> None:
        """Write what became of a try."""
        with self._database.transaction() as run:
            run(
                "UPDATE answers SET state = ?, next_at_ms = ?, attempts = attempts + 1"
                " WHERE sequence = ?",
                (state.value, next_at_ms, sequence),
            )
