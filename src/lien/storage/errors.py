"""What can go wrong between Lien and its store."""

from lien.config import BadConfig
from lien.errors import Overloaded


class StoreUnavailable(Overloaded):
    """
    The store does not answer, or refuses to write.

    The outcome is *unknown*: the call may have been carried out. Whoever repeats it must use
    the same id. Nothing in this package repeats a call by itself.
    """

    code = "store_unavailable"


class StoreIsReplica(StoreUnavailable):
    """The address leads to a replica; after a failover that is so for a moment."""


class StoreElsewhere(StoreUnavailable):
    """Another server of a Cluster has the key: nothing was done here."""


class StoreFull(Overloaded):
    """The disk under the store is nearly full: nothing new is taken while reads go on."""


class UnusableStore(BadConfig):
    """The server cannot be used; the text says why and what to do. Only at start."""


class ReplyRefused(RuntimeError):
    """
    The store answered a command with an error that only a bug of ours explains.

    `code` is the first word of its text; the rest may quote a key, and keys hold identifiers.
    """

    def __init__(self, code: str) -> None:
        super().__init__(f"the store answers {code}")
        self.code = code


class ScriptMissing(ReplyRefused):
    """The server does not know this script yet (NOSCRIPT): it was not run."""
