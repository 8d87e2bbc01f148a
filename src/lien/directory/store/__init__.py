"""
Professionals to Valkey and back.

An import writes a whole new *generation* of keys that nobody reads, then publishes its number
in one step: a search sees all of an extract or none of it. Three parts: which generation is read
(`Generations`), the people of one (`People`), and the words that find them (`Words`); beside
them, what people wish for themselves (`Wishes`), which no import touches.

Raises StoreUnavailable throughout.
"""

from lien.directory.store.generations import LOCK_MS, Current, Generations
from lien.directory.store.people import People
from lien.directory.store.wishes import Wishes
from lien.directory.store.words import Hit, Kind, Words
from lien.storage.valkey import Store

__all__ = [
    "LOCK_MS",
    "Current",
    "DirectoryStore",
    "Generations",
    "Hit",
    "Kind",
    "People",
    "Wishes",
    "Words",
]


class DirectoryStore:
    """The only one who knows the keys of the directory."""

    def __init__(self, store: Store) -> None:
        self.generations = Generations(store)
        self.people = People(store)
        self.words = Words(store)
        self.wishes = Wishes(store)
