"""The spool's file: transactions, and the encryption of what is health data in it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import msgpack

from lien.clock import Clock
from lien.crypto.suite import decrypt, derive, encrypt
from lien.errors import NotFound, Overloaded
from lien.gateway.acknowledgements import control_id_of
from lien.gateway.spool.models import Named, Run
from lien.gateway.spool.schema import open_database
from lien.ids import RppsNumber, b64encode

_MIB: Final = 1024 * 1024
_MAX_SENDERS: Final = 16  # messages that are answered about one document
_USED: Final = """
    SELECT (page_count.page_count - freelist_count.freelist_count) * page_size.page_size
    FROM pragma_page_count AS page_count, pragma_freelist_count AS freelist_count,
         pragma_page_size AS page_size
"""


class SpoolFull(Overloaded):
    """The spool has reached its bound: nothing more is taken until something is delivered."""

    code = "spool_full"


class NoSuchDocument(NotFound):
    """No document of this number waits here."""


class Database:
    """One open file, used by several threads one after the other."""

    def __init__(self, path: Path, key: bytes, clock: Clock, max_mib: int) -> None:
        self.clock = clock
        self._payload_key = derive(key, "lien/v1/spool/payload")
        self._reader_key = derive(key, "lien/v1/spool/reader")
        self._most_bytes = max_mib * _MIB
        self._lock = threading.RLock()
        self._connection = open_database(path)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[Run]:
        """All of it on the disk at the end, or nothing."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection.execute
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows of a question."""
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    def require_room(self) -> None:
        """Raises: SpoolFull."""
        ((used,),) = self.ask(_USED)
        if used > self._most_bytes:
            raise SpoolFull("the spool is full", retry_after_ms=60_000)

    def set_payload(self, run: Run, number: int, payload: bytes) -> None:
        """Keep a content, bound to its number."""
        sealed = encrypt(self._payload_key, payload, _payload_of(number))
        run("UPDATE documents SET payload = ? WHERE number = ?", (sealed, number))

    def open_payload(self, number: int, sealed: bytes) -> bytes:
        """Raises: BadSeal for a spool that was tampered with, or another key."""
        return decrypt(self._payload_key, sealed, _payload_of(number))

    def seal_named(self, named: Named) -> bytes:
        """A recipient, for the column `who`."""
        packed: bytes = msgpack.packb([named.rpps, named.name, named.address], use_bin_type=True)
        return encrypt(self._payload_key, packed, b"who")

    def open_named(self, sealed: bytes) -> Named:
        """Raises: BadSeal."""
        # Spools of before the business acknowledgements have no address.
        rpps, name, *address = msgpack.unpackb(decrypt(self._payload_key, sealed, b"who"))
        return Named(RppsNumber(rpps), name, *address)

    def add_header(self, run: Run, number: int, header: bytes) -> None:
        """
        Keep the header of a message that brought a document; nothing for an empty one, or for a
        message that is known. The first few are answered: who repeats for ever is not.
        """
        if header:
            sealed = encrypt(self._payload_key, header, _header_of(number))
            control_id = control_id_of(header).encode()
            message = b64encode(derive(self._reader_key, "message", control_id, 16))
            run(
                "INSERT OR IGNORE INTO senders (number, message, header) SELECT ?, ?, ?"
                " WHERE (SELECT count(*) FROM senders WHERE number = ?) < ?",
                (number, message, sealed, number, _MAX_SENDERS),
            )

    def open_header(self, number: int, sealed: bytes) -> bytes:
        """Raises: BadSeal."""
        return decrypt(self._payload_key, sealed, _header_of(number))

    def reader_of(self, rpps: RppsNumber) -> str:
        """The name under which a person's earlier deliveries are found."""
        return b64encode(derive(self._reader_key, "reader", rpps.encode(), 16))


def _payload_of(number: int) -> bytes:
    return b"payload" + number.to_bytes(8, "big")


def _header_of(number: int) -> bytes:
    return b"header" + number.to_bytes(8, "big")
