"""Taking documents in: once each, on the disk before the sender is told so."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from lien.crypto.filing import Action
from lien.gateway.inbound import Intent
from lien.gateway.quarantine import Reason
from lien.gateway.spool import answers, versions
from lien.gateway.spool.database import Database, NoSuchDocument
from lien.gateway.spool.models import (
    Added,
    DeliveryState,
    Item,
    Named,
    Note,
    Outcome,
    Raw,
    Run,
    State,
)
from lien.gateway.spool.versions import Former
from lien.ids import DocumentId, RppsNumber

_INSERT: Final = (
    "INSERT INTO documents (act, digest, document, set_id, version, action, way, form, state,"
    " reason, received_at_ms, changed_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


class Arrivals:
    """What comes in, and what comes back out of quarantine."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, act: str, digest: bytes) -> Added | None:
        """
        What became of the same act before; None for one that is new.

        Another content under the same act is contradictory.
        """
        rows = self._database.ask(
            "SELECT number, digest, state, reason, document FROM documents WHERE act = ?", act
        )
        if not rows:
            return None
        number, before, state, reason, document = rows[0]
        if bytes(before) != digest:
            return Added(Outcome.QUARANTINED, number, Reason.CONTRADICTORY)
        if state == State.QUARANTINED:
            return Added(Outcome.QUARANTINED, number, Reason(reason))
        return Added(Outcome.REPLAYED, number, document=DocumentId(document))

    def add(
        self,
        item: Item,
        named: Sequence[Named],
        act: str,
        digest: bytes,
        way: str,
        header: bytes = b"",
        unusable: Sequence[tuple[Named, Reason]] = (),
    ) -> Added:
        """
        Take a document for these recipients, once; `unusable` are those who were named beside
        them and get nothing.

        What it replaces or withdraws and is not delivered yet never will be. A withdrawal goes to
        who had the document; who had a version and is not named by the next one is told that it
        no longer stands. With the header of a message, its sender is told what becomes of it: also
        of one that is known, if no message of this identifier brought it before.

        Raises: SpoolFull, sqlite3.Error.
        """
        self._database.require_room()
        with self._database.transaction() as run:
            known = self.find(act, digest)
            if known is not None:
                self._tell_again(run, known, header)
                return known
            number = self._insert(run, item, act, digest, way)
            self._database.add_header(run, number, header)
            self._send(run, number, item, named, way)
            self._insert_unusable(run, number, unusable)
        return Added(Outcome.ACCEPTED, number, document=item.document)

    def quarantine(
        self,
        raw: Raw,
        reason: Reason,
        act: str,
        digest: bytes,
        way: str,
        document: DocumentId | None = None,
        header: bytes = b"",
    ) -> Added:
        """
        Keep what goes to nobody, as it came, once.

        Raises: SpoolFull, sqlite3.Error.
        """
        self._database.require_room()
        with self._database.transaction() as run:
            known = self.find(act, digest)
            if known is not None:
                self._tell_again(run, known, header)
                return known
            now_ms = self._database.clock.now_ms()
            values = [act, digest, document or "", "", 0, "", way, "raw"]
            cursor = run(_INSERT, [*values, State.QUARANTINED.value, reason.value, now_ms, now_ms])
            number = int(cursor.lastrowid or 0)
            self._database.set_payload(run, number, raw.to_bytes())
            self._database.add_header(run, number, header)
            answers.tell(run, number, now_ms)
        return Added(Outcome.QUARANTINED, number, reason)

    def requeue(self, number: int, item: Item, named: Sequence[Named], note: Note) -> None:
        """
        Send a document out of quarantine, and write down who decided it.

        Raises: NoSuchDocument, also for one that was withdrawn or replaced since.
        """
        now_ms = self._database.clock.now_ms()
        with self._database.transaction() as run:
            if versions.is_obsolete(run, number, item):
                raise NoSuchDocument("this document was withdrawn or replaced since")
            cursor = run(
                "UPDATE documents SET state = 'ready', form = 'item', reason = '', document = ?,"
                " set_id = ?, version = ?, action = ?, received_at_ms = ?, changed_at_ms = ?"
                " WHERE number = ? AND state = 'quarantined'",
                (
                    *(item.document, item.set or "", item.version, item.action.value),
                    *(now_ms, now_ms, number),
                ),
            )
            if cursor.rowcount != 1:
                raise NoSuchDocument("no document of this number is in quarantine")
            self._database.set_payload(run, number, item.to_bytes())
            run("DELETE FROM deliveries WHERE number = ?", (number,))
            self._send(run, number, item, named, "release")
            note.write(run, number, now_ms)

    def _tell_again(self, run: Run, known: Added, header: bytes) -> None:
        """What is contradictory was refused to its sender, who is told nothing else."""
        if header and known.reason is not Reason.CONTRADICTORY:
            self._database.add_header(run, known.number, header)
            answers.tell(run, known.number, self._database.clock.now_ms())

    def _insert(self, run: Run, item: Item, act: str, digest: bytes, way: str) -> int:
        now_ms = self._database.clock.now_ms()
        values = [act, digest, item.document, item.set or "", item.version, item.action.value]
        cursor = run(_INSERT, [*values, way, "item", State.READY.value, "", now_ms, now_ms])
        number = int(cursor.lastrowid or 0)
        self._database.set_payload(run, number, item.to_bytes())
        return number

    def _send(self, run: Run, number: int, item: Item, named: Sequence[Named], way: str) -> None:
        """Who gets it, and what becomes of what was before."""
        now_ms = self._database.clock.now_ms()
        readers = {self._database.reader_of(one.rpps): one for one in named}
        former = versions.supersede(run, number, item, now_ms)
        if item.action is Action.WITHDRAW and former.is_known:
            readers = {
                reader: self._database.open_named(who) for reader, who in former.readers.items()
            }
        self._insert_deliveries(run, number, readers)
        if item.action is not Action.WITHDRAW:
            self._tell_dropped(run, number, item, former, frozenset(readers), way)
        versions.finish(run, number, now_ms)

    def _insert_deliveries(self, run: Run, number: int, readers: dict[str, Named]) -> None:
        now_ms = self._database.clock.now_ms()
        for place, (reader, named) in enumerate(readers.items()):
            run(
                "INSERT INTO deliveries (number, place, reader, who, state, attempts, next_at_ms,"
                " error, changed_at_ms) VALUES (?, ?, ?, ?, 'pending', 0, ?, '', ?)",
                (number, place, reader, self._database.seal_named(named), now_ms, now_ms),
            )

    def _insert_unusable(
        self, run: Run, number: int, unusable: Sequence[tuple[Named, Reason]]
    ) -> None:
        """Settled as they come: who counts and answers finds them beside the others."""
        now_ms = self._database.clock.now_ms()
        for named, reason in unusable:
            known = named.rpps or RppsNumber(f"{named.name}\0{named.address}")
            run(
                "INSERT INTO deliveries (number, place, reader, who, state, attempts, next_at_ms,"
                " error, changed_at_ms) SELECT ?, coalesce(max(place), 0) + 1, ?, ?, ?, 0, 0, ?, ?"
                " FROM deliveries WHERE number = ?",
                (
                    *(number, self._database.reader_of(known), self._database.seal_named(named)),
                    *(DeliveryState.UNUSABLE.value, reason.value, now_ms, number),
                ),
            )
        answers.tell(run, number, now_ms)

    def _tell_dropped(
        self, run: Run, number: int, item: Item, former: Former, kept: frozenset[str], way: str
    ) -> None:
        for document, readers in former.documents.items():
            dropped = {
                reader: self._database.open_named(former.readers[reader])
                for reader in sorted(readers - kept)
            }
            if not dropped:
                continue
            inbound = replace(
                item.inbound, intent=Intent.WITHDRAW, body=None, attachments=(), replaces=()
            )
            gone = Item(inbound, DocumentId(document), item.set, 0, Action.WITHDRAW, ())
            follow_up = self._insert(run, gone, f"{number}:dropped:{document}", b"", way)
            self._insert_deliveries(run, follow_up, dropped)
