"""Where an account's keys lie, and how long what ended is remembered."""

from typing import Final

from lien.ids import AccountId, inbox_channel
from lien.storage.shards import shard_of

# A token lives four hours at most; one more for clocks and for a worker that starts late.
ENDED_KEPT_MS: Final = 5 * 60 * 60 * 1000


def shard_of_account(account: AccountId, shards: int) -> int:
    """The shard of the account's inbox, whose feed also tells of its revocations."""
    return shard_of(inbox_channel(account), shards)
