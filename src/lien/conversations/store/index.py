"""The channels of an account: a hint of where to look. Membership decides."""

from asyncio import gather
from collections.abc import Iterable, Sequence

from lien.ids import AccountId, ChannelId
from lien.storage import keys
from lien.storage.valkey import Store


class Index:
    """One hash per account, in a slot of its own: so it cannot change with the channel."""

    def __init__(self, store: Store) -> None:
        self._call = store.pipe.call

    async def add(self, accounts: Iterable[AccountId], channel: ChannelId, now_ms: int) -> None:
        """Note the channel for accounts that are about to become members."""
        await gather(
            *(self._call("HSETNX", keys.channels(each), channel, now_ms) for each in accounts)
        )

    async def remove(self, account: AccountId, channels: Sequence[ChannelId]) -> None:
        """Forget channels of an account that is no member."""
        if channels:
            await self._call("HDEL", keys.channels(account), *channels)

    async def read(self, account: AccountId) -> dict[ChannelId, int]:
        """The channels the account may be in, each with the instant it was noted."""
        found = await self._call("HGETALL", keys.channels(account))
        names = (ChannelId(name.decode()) for name in found[::2])
        return dict(zip(names, map(int, found[1::2]), strict=True))
