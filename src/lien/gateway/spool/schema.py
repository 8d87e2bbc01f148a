"""
The tables, and how the file is opened. Migrations only grow.

`act` is a keyed hash of the document's id, version and wish: the same act comes in once.
`form` says what the payload is: `raw`, as it came in, or `item`, as it was read.
`reader` is a keyed hash of an RPPS number, to find who had an earlier version.
`senders` has the headers of the messages that brought a document, for the answers to each;
`message` is a keyed hash of a message's identifier.
"""

import sqlite3
from pathlib import Path
from typing import Final

_MIGRATIONS: Final = (
    """
    CREATE TABLE documents (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        act TEXT NOT NULL UNIQUE,
        digest BLOB NOT NULL,
        document TEXT NOT NULL,
        set_id TEXT NOT NULL,
        version INTEGER NOT NULL,
        action TEXT NOT NULL,
        way TEXT NOT NULL,
        form TEXT NOT NULL,
        state TEXT NOT NULL,
        reason TEXT NOT NULL,
        received_at_ms INTEGER NOT NULL,
        changed_at_ms INTEGER NOT NULL,
        payload BLOB
    );
    CREATE INDEX by_document ON documents (document) WHERE document <> '';
    CREATE INDEX by_set ON documents (set_id) WHERE set_id <> '';
    CREATE INDEX by_state ON documents (state, number);
    CREATE TABLE deliveries (
        number INTEGER NOT NULL REFERENCES documents (number) ON DELETE CASCADE,
        place INTEGER NOT NULL,
        reader TEXT NOT NULL,
        who BLOB NOT NULL,
        state TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        next_at_ms INTEGER NOT NULL,
        error TEXT NOT NULL,
        changed_at_ms INTEGER NOT NULL,
        PRIMARY KEY (number, place)
    );
    CREATE INDEX by_turn ON deliveries (next_at_ms) WHERE state IN ('pending', 'held');
    CREATE TABLE journal (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        at_ms INTEGER NOT NULL,
        kind TEXT NOT NULL,
        document INTEGER NOT NULL,
        operator TEXT NOT NULL,
        detail TEXT NOT NULL
    );
    CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
    """,
    """
    CREATE TABLE senders (
        number INTEGER PRIMARY KEY REFERENCES documents (number) ON DELETE CASCADE,
        header BLOB NOT NULL
    );
    CREATE TABLE answers (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        number INTEGER NOT NULL REFERENCES documents (number) ON DELETE CASCADE,
        reader TEXT NOT NULL,
        who BLOB,
        outcome TEXT NOT NULL,
        reason TEXT NOT NULL,
        control_id TEXT NOT NULL,
        state TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        next_at_ms INTEGER NOT NULL,
        at_ms INTEGER NOT NULL,
        UNIQUE (number, reader, outcome, reason)
    );
    CREATE INDEX by_answer ON answers (number, sequence) WHERE state = 'pending';
    """,
    """
    ALTER TABLE senders RENAME TO senders_of_before;
    ALTER TABLE answers RENAME TO answers_of_before;
    DROP INDEX by_answer;
    CREATE TABLE senders (
        number INTEGER NOT NULL REFERENCES documents (number) ON DELETE CASCADE,
        message TEXT NOT NULL,
        header BLOB NOT NULL,
        PRIMARY KEY (number, message)
    );
    INSERT INTO senders SELECT number, '', header FROM senders_of_before;
    CREATE TABLE answers (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        number INTEGER NOT NULL REFERENCES documents (number) ON DELETE CASCADE,
        message TEXT NOT NULL,
        reader TEXT NOT NULL,
        who BLOB,
        outcome TEXT NOT NULL,
        reason TEXT NOT NULL,
        control_id TEXT NOT NULL,
        state TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        next_at_ms INTEGER NOT NULL,
        at_ms INTEGER NOT NULL,
        UNIQUE (number, message, reader, outcome, reason)
    );
    INSERT INTO answers SELECT sequence, number, '', reader, who, outcome, reason, control_id,
        state, attempts, next_at_ms, at_ms FROM answers_of_before;
    CREATE INDEX by_answer ON answers (number, sequence) WHERE state = 'pending';
    DROP TABLE answers_of_before;
    DROP TABLE senders_of_before
    """,
)


def open_database(path: Path) -> sqlite3.Connection:
    """
    The file, made or brought up to date. Every commit is on the disk when it returns.

    Raises: sqlite3.Error.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    database = sqlite3.connect(
        path, isolation_level=None, check_same_thread=False, timeout=30.0, cached_statements=64
    )
    for setting in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
        "trusted_schema = OFF",
    ):
        database.execute(f"PRAGMA {setting}").fetchall()
    database.execute("BEGIN IMMEDIATE")
    (version,) = database.execute("PRAGMA user_version").fetchone()
    for number, script in enumerate(_MIGRATIONS[version:], version + 1):
        for statement in script.split(";"):
            database.execute(statement)
        database.execute(f"PRAGMA user_version = {number}")
    database.execute("COMMIT")
    return database
