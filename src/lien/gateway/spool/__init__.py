"""
The spool: every document that came in, until it is delivered or given up, on disk.

One SQLite file; each method is one transaction that is on the disk when it returns, so that a
process may be killed between any two steps. What is health data in it is encrypted with a key
beside the gateway's: a stolen disk or backup without that key tells counts and times.

    Spool.arrivals   documents in, once each
    Spool.turns      what may be tried now, and what became of it
    Spool.answers    what HL7v2 senders are still to be told
    Spool.upkeep     status, quarantine, forgetting
"""

from pathlib import Path

from lien.clock import Clock
from lien.gateway.spool.answers import QUARANTINED, Answer, Answers, AnswerState
from lien.gateway.spool.arrivals import Arrivals
from lien.gateway.spool.database import Database, NoSuchDocument, SpoolFull
from lien.gateway.spool.models import (
    Added,
    Delivery,
    DeliveryState,
    Due,
    Item,
    Named,
    Note,
    Outcome,
    Quarantined,
    Raw,
    State,
)
from lien.gateway.spool.turns import Turns, first_of_each
from lien.gateway.spool.upkeep import Upkeep

__all__ = [
    "QUARANTINED",
    "Added",
    "Answer",
    "AnswerState",
    "Delivery",
    "DeliveryState",
    "Due",
    "Item",
    "Named",
    "NoSuchDocument",
    "Note",
    "Outcome",
    "Quarantined",
    "Raw",
    "Spool",
    "SpoolFull",
    "State",
    "first_of_each",
]

FILE = "spool.sqlite"


class Spool:
    """One open file. Its methods block, and may be called from several threads and processes."""

    def __init__(self, state: Path, key: bytes, clock: Clock, max_mib: int = 10_240) -> None:
        self._database = Database(state / FILE, key, clock, max_mib)
        self.arrivals = Arrivals(self._database)
        self.turns = Turns(self._database)
        self.answers = Answers(self._database)
        self.upkeep = Upkeep(self._database)

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()
