"""
Who receives a channel and where it ends: a bounded cache, fed by the relay.

Memory grows with the channels that are active now, not with memberships. Two questions are
answered from it:

* who gets an entry: checked against the membership version of each feed entry. An older entry
  than the cached version goes to today's members: who has left gets nothing more, and who has
  come ignores what is not theirs.
* what a device lacks: nothing, when its cursor is at the end; when it is a little behind, what was
  delivered here a moment ago (`lien.fanout.tails`). So a reconnect storm asks the store for each
  channel once.

Law: an end is never older than what was delivered here. The relay notes each entry before it
delivers it, also while the channel is being loaded; what it may have missed is forgotten.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from typing import Final, Protocol

from lien.fanout.tails import Tails
from lien.ids import AccountId, ChannelId, inbox_owner
from lien.protocol.positions import ChannelState, Cursor

# About 1 KiB each for a conversation of ten, 40 KiB for one of 500.
CAPACITY: Final = 50_000
# Resumes that ask the store at the same moment: a worker that has just started knows no end, and
# thousands come back to it at once.
_LOADS_AT_ONCE: Final = 8
# Of one answer, from memory; what is behind by more is read from the log, in pages.
_FRAMES_BYTES: Final = 64 * 1024


class Audience(Protocol):
    """The members as of `version`, and the position of the last entry."""

    @property
    def version(self) -> int: ...
    @property
    def accounts(self) -> frozenset[AccountId]: ...
    @property
    def incarnation(self) -> int: ...
    @property
    def head(self) -> int: ...


class _Known:
    __slots__ = ("accounts", "end", "told", "version")

    def __init__(self, version: int, accounts: frozenset[AccountId], end: tuple[int, int]) -> None:
        self.version = version
        self.accounts = accounts
        self.end = end  # incarnation, offset
        self.told = (0, 0)  # the same of the last entry that was delivered here, if known


Load = Callable[[Collection[ChannelId]], Awaitable[Mapping[ChannelId, Audience]]]


class Audiences:
    """One per worker, shared by its relay and its connections."""

    def __init__(self, load: Load, capacity: int = CAPACITY) -> None:
        self._load = load
        self._capacity = capacity
        self._known: OrderedDict[ChannelId, _Known] = OrderedDict()
        # Channels that are being loaded, each with how often at once and the last entry noted.
        self._loading: dict[ChannelId, tuple[int, tuple[int, int]]] = {}
        self._age = 0
        self.tails = Tails()
        self._turns = asyncio.Semaphore(_LOADS_AT_ONCE)

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
            accounts = self.peek(channel, version)
            if accounts is None:
                missing.append(channel)
            else:
                found[channel] = accounts
        for channel, known in (await self._load_all(missing)).items():
            found[channel] = known.accounts
            self._keep(channel, known)
        return found

    def peek(self, channel: ChannelId, version: int) -> frozenset[AccountId] | None:
        """The same for one channel, None when it must be loaded first."""
        known = self._known.get(channel)
        if known is not None and known.version >= version:
            self._known.move_to_end(channel)
            return known.accounts
        owner = inbox_owner(channel)
        return frozenset((owner,)) if owner is not None else None

    def note(self, channel: ChannelId, incarnation: int, offset: int) -> None:
        """An entry was appended; called before it is delivered."""
        end = (incarnation, offset)
        known = self._known.get(channel)
        if known is not None and known.end < end:
            known.end = end
        loading = self._loading.get(channel)
        if loading is not None:
            self._loading[channel] = (loading[0], max(loading[1], end))

    def tell(self, channel: ChannelId, incarnation: int, offset: int) -> bool:
        """An entry is about to be delivered; False when it was before."""
        known = self._known.get(channel)
        if known is not None:
            if (incarnation, offset) <= known.told:
                return False
            known.told = (incarnation, offset)
        return True

    def follow_on(
        self, channel: ChannelId, version: int, incarnation: int, offset: int
    ) -> frozenset[AccountId] | None:
        """
        Who gets an entry that is about to be delivered before the feed brings it.

        None when it must wait for the feed: the entry before it was not delivered here, or who
        receives it is not known.
        """
        known = self._known.get(channel)
        if (
            known is None
            or not 0 < version <= known.version
            or known.told != (incarnation, offset - 1)
        ):
            return None
        self.note(channel, incarnation, offset)
        known.told = (incarnation, offset)
        return known.accounts

    def forget(self) -> None:
        """Entries were missed, or may have been: no end is sure any more."""
        self._known.clear()
        self.tails.forget()
        self._age += 1

    async def load(self, account: AccountId, cursors: Iterable[Cursor]) -> None:
        """
        Learn the channels of these cursors that are not known and that the account may read.

        Raises what the loader raises.
        """
        if not self._missing(account, cursors):
            return
        async with self._turns:
            # Whoever came before may have asked for the same: a group comes back together.
            missing = self._missing(account, cursors)
            age = self._age
            for channel, known in (await self._load_all(missing)).items():
                # What nobody here may read is not worth the place, and a way to fill it.
                if account in known.accounts and age == self._age:
                    self._keep(channel, known)

    def _missing(self, account: AccountId, cursors: Iterable[Cursor]) -> set[ChannelId]:
        return {
            channel
            for channel, *_ in cursors
            if channel not in self._known and inbox_owner(channel) in (None, account)
        }

    def settle(
        self, account: AccountId, cursors: Iterable[Cursor]
    ) -> tuple[list[bytes], list[ChannelState], list[Cursor]]:
        """
        Frames that bring cursors to the end, where their channels stand, and the other cursors.

        A cursor that is at the end needs no frame.
        """
        frames: list[bytes] = []
        left = _FRAMES_BYTES
        states: list[ChannelState] = []
        others: list[Cursor] = []
        find, touch = self._known.get, self._known.move_to_end
        for channel, cursor in {each[0]: each for each in cursors}.items():
            known = find(channel)
            if known is not None and account in known.accounts:
                incarnation, head = end = known.end
                # Also for who never read a channel that has nothing.
                if (cursor[1], cursor[2]) == end or cursor[1] == 0 == head:
                    touch(channel)
                    states.append(ChannelState(channel, incarnation, head, head))
                    continue
                found = self.tails.find(channel, known.version, end, cursor[1:])
                if found is not None and (size := sum(map(len, found))) <= left:
                    left -= size
                    touch(channel)
                    frames += found
                    states.append(ChannelState(channel, incarnation, head, head))
                    continue
            others.append(cursor)
        return frames, states, others

    async def _load_all(self, channels: Collection[ChannelId]) -> Mapping[ChannelId, _Known]:
        if not channels:
            return {}
        for channel in channels:
            count, noted = self._loading.get(channel, (0, (0, 0)))
            self._loading[channel] = (count + 1, noted)
        found: dict[ChannelId, _Known] = {}
        try:
            for channel, each in (await self._load(channels)).items():
                end = max((each.incarnation, each.head), self._loading[channel][1])
                found[channel] = _Known(each.version, each.accounts, end)
        finally:
            for channel in channels:
                count, noted = self._loading.pop(channel)
                if count > 1:
                    self._loading[channel] = (count - 1, noted)
        return found

    def _keep(self, channel: ChannelId, known: _Known) -> None:
        before = self._known.get(channel)
        if before is not None:
            newest = max(before, known, key=lambda each: each.version)
            known = _Known(newest.version, newest.accounts, max(before.end, known.end))
            known.told = before.told
        self._known[channel] = known
        self._known.move_to_end(channel)
        if len(self._known) > self._capacity:
            self._known.popitem(last=False)
