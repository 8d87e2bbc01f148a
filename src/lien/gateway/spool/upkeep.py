"""Looking after the spool: what waits, for how long, why; and forgetting what is over."""

from typing import Any

from lien.gateway.quarantine import Reason
from lien.gateway.spool import answers
from lien.gateway.spool.database import Database, NoSuchDocument
from lien.gateway.spool.models import Item, Note, Quarantined, Raw


class Upkeep:
    """What a person and the housekeeping ask of the spool."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list_quarantined(self, limit: int = 1_000) -> list[Quarantined]:
        """What waits for a person, oldest first."""
        rows = self._database.ask(
            "SELECT number, way, reason, received_at_ms FROM documents WHERE state = 'quarantined'"
            " ORDER BY number LIMIT ?",
            limit,
        )
        return [Quarantined(number, way, Reason(why), at) for number, way, why, at in rows]

    def get_quarantined(self, number: int) -> Raw | Item:
        """
        What came in, or the document that was read from it.

        Raises: NoSuchDocument.
        """
        rows = self._database.ask(
            "SELECT payload, form FROM documents WHERE number = ? AND state = 'quarantined'",
            number,
        )
        if not rows or rows[0][0] is None:
            raise NoSuchDocument("no document of this number is in quarantine")
        data = self._database.open_payload(number, rows[0][0])
        return Item.from_bytes(data) if rows[0][1] == "item" else Raw.from_bytes(data)

    def reason_again(self, number: int, reason: Reason, note: Note) -> None:
        """A document was read again and still goes to nobody."""
        now_ms = self._database.clock.now_ms()
        with self._database.transaction() as run:
            run(
                "UPDATE documents SET reason = ?, changed_at_ms = ? WHERE number = ?"
                " AND state = 'quarantined'",
                (reason.value, now_ms, number),
            )
            answers.tell(run, number, now_ms)
            note.write(run, number, now_ms)

    def forget(self, before_ms: int) -> int:
        """Drop what was finished before an instant; how many documents."""
        with self._database.transaction() as run:
            cursor = run(
                "DELETE FROM documents WHERE state = 'done' AND changed_at_ms < ?", (before_ms,)
            )
            run("DELETE FROM journal WHERE at_ms < ?", (before_ms,))
            return cursor.rowcount

    def set_facts(self, **facts: str) -> None:
        """What the running gateway tells whoever asks for its status."""
        with self._database.transaction() as run:
            for name, value in facts.items():
                run("INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)", (name, value))

    def describe(self) -> dict[str, Any]:
        """Counts, ages and codes; nothing about anybody."""
        ask, now_ms = self._database.ask, self._database.clock.now_ms()
        documents = dict(ask("SELECT state, count(*) FROM documents GROUP BY state"))
        deliveries = dict(ask("SELECT state, count(*) FROM deliveries GROUP BY state"))
        ((oldest,),) = ask(
            "SELECT min(received_at_ms) FROM documents WHERE number IN"
            " (SELECT number FROM deliveries WHERE state = 'pending')"
        )
        reasons = dict(
            ask(
                "SELECT reason, count(*) FROM documents WHERE state = 'quarantined'"
                " GROUP BY reason ORDER BY reason"
            )
        )
        errors = ask(
            "SELECT error FROM deliveries WHERE error <> '' AND state <> 'unusable'"
            " ORDER BY changed_at_ms DESC LIMIT 1"
        )
        return {
            "documents": documents,
            "deliveries": deliveries,
            "answers": dict(ask("SELECT state, count(*) FROM answers GROUP BY state")),
            "oldest_pending_ms": max(0, now_ms - oldest) if oldest else 0,
            "quarantine": reasons,
            "last_error": errors[0][0] if errors else "",
            **dict(ask("SELECT name, value FROM facts ORDER BY name")),
        }

    def list_journal(self, limit: int = 100) -> list[dict[str, Any]]:
        """Who decided what, newest first."""
        names = ("at_ms", "kind", "document", "operator", "detail")
        rows = self._database.ask(
            "SELECT at_ms, kind, document, operator, detail FROM journal"
            " ORDER BY number DESC LIMIT ?",
            limit,
        )
        return [dict(zip(names, row, strict=True)) for row in rows]
