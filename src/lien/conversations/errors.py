"""
What a conversation answers instead of doing it.

* `Refused`
    * `NotAnAdmin`        refused
* `NotFound`
    * `NotAMember`        not_a_member
* `Conflict`
    * `EpochTaken`        epoch_taken
    * `StaleEpoch`        stale_epoch
    * `OldGeneration`     old_generation
    * `EnvelopeIdReused`  envelope_id_reused
* `TooManyAttempts`
    * `TooManyConversations`  too_many
* `Overloaded`
    * `TooManySends`      too_many_sends
"""

from lien.accounts import TooManyAttempts
from lien.errors import Conflict, NotFound, Overloaded, Refused


class NotAnAdmin(Refused):
    """Only an admin of the conversation may do this."""


class NotAMember(NotFound):
    """No such conversation for this caller; also when there is none, so as not to reveal it."""

    code = "not_a_member"


class EpochTaken(Conflict):
    """Another statement has this number, or this one does not follow the last."""

    code = "epoch_taken"


class StaleEpoch(Conflict):
    """A newer epoch exists, or one is needed before anything may be sent."""

    code = "stale_epoch"


class OldGeneration(Conflict):
    """The key was sealed to a secret that a member has replaced since."""

    code = "old_generation"


class EnvelopeIdReused(Conflict):
    """The device used this envelope id before, for other bytes."""

    code = "envelope_id_reused"


class TooManyConversations(TooManyAttempts):
    """The account began too many conversations in a short time."""


class TooManySends(Overloaded):
    """
    The account, or everyone in the conversation, sent too many messages in a short time; the same
    may be sent a moment later.
    """

    code = "too_many_sends"
