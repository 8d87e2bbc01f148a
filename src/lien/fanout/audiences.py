"""
Who receives a channel: a bounded cache, checked against the membership version of each feed entry.

Memory grows with the channels that are active now, not with memberships. An older entry than
the cached version goes to today's members: who has left gets nothing more, and who has come
ignores what is not theirs.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Final, Protocol

from lien.ids import AccountId, ChannelId, inbox_owner

# About 1 KiB each for a conversation of ten, 40 KiB for one of 500.
CAPACITY: Final = 10_000


class Audience(Protocol):
    """The members as of `version`."""

    @property
    def version(self) -> int: ...
    @property
    def accounts(self) -> frozenset[AccountId]: ...


Load = Callable[[Collection[ChannelId]], Awaitable[Mapping[ChannelId, Audience]]]


class Audiences:
    """One per worker, shared by its relays."""

    def __init__(self, load: Load, capacity: int = CAPACITY) -> None:
        self._load = load
        self._capacity = capacity
        self._known: OrderedDict[ChannelId, Audience] = OrderedDict()

    async def find(
        self, versions: Mapping[ChannelId, int]
    ) -> Mapping[ChannelId, frozenset[AccountId]]:
        """
        The accounts of each channel, at least as new as the version asked for.

        Everything that is missing is loaded in one call. Raises what the loader raises.
        """
        found: dict[ChannelId, frozenset[AccountId]] = {}
        missing: list[ChannelId] = []
        for channel, version in versions.items():
            owner = inbox_owner(channel)
            if owner is not None:
                found[channel] = frozenset((owner,))
                continue
            audience = self._known.get(channel)
            if audience is None or audience.version < version:
                missing.append(channel)
            else:
                self._known.move_to_end(channel)
                found[channel] = audience.accounts
        if missing:
            for channel, audience in (await self._load(missing)).items():
                found[channel] = audience.accounts
                self._remember(channel, audience)
        return found

    def _remember(self, channel: ChannelId, audience: Audience) -> None:
        self._known[channel] = audience
        self._known.move_to_end(channel)
        if len(self._known) > self._capacity:
            self._known.popitem(last=False)
