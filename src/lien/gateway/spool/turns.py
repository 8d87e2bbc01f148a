"""Delivering: what may be tried now, and what became of each try."""

from collections.abc import Sequence
from typing import Final

from lien.gateway.quarantine import Reason
from lien.gateway.spool import answers, versions
from lien.gateway.spool.database import Database
from lien.gateway.spool.models import Delivery, DeliveryState, Due, Item

# Who is named, and is not shown among those who read it.
_NEVER: Final = frozenset({DeliveryState.REFUSED, DeliveryState.UNUSABLE})


class Turns:
    """The sender's side of the spool."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list_due(self, limit: int = 16) -> list[Due]:
        """Documents that may be tried now, in the order they came in."""
        now_ms = self._database.clock.now_ms()
        rows = self._database.ask(
            "SELECT number, received_at_ms, payload FROM documents WHERE state = 'ready' AND number"
            " IN (SELECT number FROM deliveries WHERE state IN ('pending', 'held')"
            " AND next_at_ms <= ?) ORDER BY number LIMIT ?",
            now_ms,
            limit,
        )
        return [
            self._due(number, received_at_ms, payload, now_ms)
            for number, received_at_ms, payload in rows
        ]

    def next_turn_ms(self) -> int | None:
        """The instant of the next delivery that waits; None when nothing does."""
        rows = self._database.ask(
            "SELECT min(next_at_ms) FROM deliveries WHERE state IN ('pending', 'held')"
        )
        return rows[0][0] if rows else None

    def settle(
        self, *deliveries: Delivery, state: DeliveryState, error: str = "", next_at_ms: int = 0
    ) -> None:
        """
        Write what became of tries. With its last delivery settled, a document's content goes.

        One that was cancelled meanwhile stays so, unless it was delivered all the same.
        """
        now_ms = self._database.clock.now_ms()
        with self._database.transaction() as run:
            for one in deliveries:
                run(
                    "UPDATE deliveries SET state = ?, error = ?, next_at_ms = ?,"
                    " attempts = attempts + 1, changed_at_ms = ? WHERE number = ? AND place = ?"
                    " AND (state IN ('pending', 'held') OR ? = 'delivered')",
                    (
                        *(state.value, error, next_at_ms, now_ms),
                        *(one.number, one.place, state.value),
                    ),
                )
            for number in {one.number for one in deliveries}:
                answers.tell(run, number, now_ms)
                versions.finish(run, number, now_ms)

    def quarantine(self, number: int, reason: Reason) -> None:
        """A document that cannot be delivered as it is waits for a person."""
        now_ms = self._database.clock.now_ms()
        with self._database.transaction() as run:
            run(
                "UPDATE documents SET state = 'quarantined', reason = ?, changed_at_ms = ?"
                " WHERE number = ? AND state = 'ready'",
                (reason.value, now_ms, number),
            )
            answers.tell(run, number, now_ms)
            run(
                "DELETE FROM deliveries WHERE number = ? AND state <> 'delivered'",
                (number,),
            )

    def _due(self, number: int, received_at_ms: int, payload: bytes, now_ms: int) -> Due:
        item = Item.from_bytes(self._database.open_payload(number, payload))
        rows = self._database.ask(
            "SELECT place, who, state, attempts, next_at_ms FROM deliveries WHERE number = ?"
            " ORDER BY place",
            number,
        )
        found = [
            (
                Delivery(
                    number, place, self._database.open_named(who), DeliveryState(state), attempts
                ),
                next_at_ms,
            )
            for place, who, state, attempts, next_at_ms in rows
        ]
        due = tuple(
            one for one, next_at_ms in found if not one.state.is_final and next_at_ms <= now_ms
        )
        readers = tuple(one.named for one, _ in found if one.state not in _NEVER)
        return Due(number, received_at_ms, item, due, readers)


def first_of_each(due: Sequence[Due]) -> list[Due]:
    """Versions of one document go one after the other, in the order they came in."""
    busy: set[str] = set()
    chosen: list[Due] = []
    for one in due:
        item = one.item
        names = {item.document, *item.replaces, *([item.set] if item.set else [])}
        if not busy & names:
            chosen.append(one)
        busy |= names
    return chosen
