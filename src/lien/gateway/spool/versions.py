"""
What a new version, or a withdrawal, does to the deliveries before it. Inside a transaction.

A version that was not delivered when the next one came is never delivered. One that was, is known
by whom, so that a withdrawal reaches exactly those, and so that nobody keeps a version that was
replaced without them.
"""

from dataclasses import dataclass, field

from lien.crypto.filing import Action
from lien.gateway.spool import answers
from lien.gateway.spool.models import Item, Run


@dataclass(slots=True)
class Former:
    """
    Who may have an earlier version: reader to the sealed name, and which document each had last.

    `is_known` is False when nothing earlier came through this gateway.
    """

    is_known: bool = False
    readers: dict[str, bytes] = field(default_factory=dict)
    documents: dict[str, set[str]] = field(default_factory=dict)


def supersede(run: Run, number: int, item: Item, now_ms: int) -> Former:
    """Cancel what this document makes obsolete, and say who may have had it."""
    former = Former()
    for earlier, document in _earlier(run, number, item):
        former.is_known = True
        # A pending one may be on its way this very moment.
        for reader, who, state in run(
            "SELECT reader, who, state FROM deliveries WHERE number = ?", (earlier,)
        ).fetchall():
            if state in ("delivered", "pending"):
                former.readers[reader] = who
                former.documents.setdefault(document, set()).add(reader)
        run(
            "UPDATE deliveries SET state = 'cancelled', changed_at_ms = ? WHERE number = ?"
            " AND state IN ('pending', 'held')",
            (now_ms, earlier),
        )
        answers.tell(run, earlier, now_ms)
        finish(run, earlier, now_ms)
    return former


def finish(run: Run, number: int, now_ms: int) -> None:
    """A document without an open delivery is done, and its content goes."""
    run(
        "UPDATE documents SET state = 'done', payload = NULL, changed_at_ms = ? WHERE number = ?"
        " AND state = 'ready' AND NOT EXISTS (SELECT 1 FROM deliveries WHERE number = ?"
        " AND state IN ('pending', 'held'))",
        (now_ms, number, number),
    )


def is_obsolete(run: Run, number: int, item: Item) -> bool:
    """True if a document was withdrawn or replaced after it came in."""
    rows = run(
        "SELECT action, document, set_id, version FROM documents WHERE number > ?"
        " AND state IN ('ready', 'done') AND (document = ? OR (set_id <> '' AND set_id = ?))",
        (number, item.document, item.set or ""),
    ).fetchall()
    return any(
        (action == "withdraw" and document == item.document)
        or (action != "withdraw" and item.action is not Action.WITHDRAW and version > item.version)
        for action, document, _, version in rows
    )


def _earlier(run: Run, number: int, item: Item) -> list[tuple[int, str]]:
    """Numbers and documents of what this one makes obsolete, oldest first."""
    if item.action is Action.WITHDRAW:
        asked: list[tuple[str, int, str]] = [("", 0, item.document)]
    else:
        asked = [("", 0, document) for document in item.replaces]
        if item.version:
            asked += [(item.set or "", item.version, ""), ("", item.version, item.document)]
    found: dict[int, str] = {}
    for set_id, below, document in asked:
        rows = run(
            "SELECT number, document FROM documents WHERE number <> ? AND action <> 'withdraw'"
            " AND state IN ('ready', 'done') AND (document = ? OR (set_id <> '' AND set_id = ?))"
            " AND (? = 0 OR version < ?)",
            (number, document or "-", set_id, below, below),
        )
        found.update((int(row[0]), str(row[1])) for row in rows.fetchall())
    return sorted(found.items())
