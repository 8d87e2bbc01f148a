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


class StoreFull(Overloaded):
    """The disk under the store is nearly full: nothing new is taken while reads go on."""


class UnusableStore(BadConfig):
    """The server cannot be used; the text says why and what to do. Only at start."""


class ReplyRefused(RuntimeError):
    """The store answered a command with an error that only a bug of ours explains."""


class ScriptMissing(ReplyRefused):
    """The server does not know this script yet (NOSCRIPT): it was not run."""
