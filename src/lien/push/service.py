"""
Waking devices that are away.

One worker at a time pushes for all of them, by a lease. It hears of every entry from the feed,
waits a moment, and wakes the subscribed devices that have not stored the entry by then: who is
connected has. So nobody keeps a table of who is where, and nothing about a conversation leaves
the server: the vendor learns that a device was woken, and when.

A push is a hint. Those of the last seconds are lost when the leading worker dies.
"""

import asyncio
from collections import deque
from collections.abc import Collection
from dataclasses import replace
from typing import Final

from lien.clock import Clock
from lien.errors import LienError
from lien.ids import AccountId, ChannelId, DeviceId, new_id
from lien.protocol.codes import CloseCode
from lien.push import rules
from lien.push.errors import NoSubscription
from lien.push.models import Appended, Noted, Reach, Subscription
from lien.push.sender import Outcome, Sender
from lien.push.store import PushStore
from lien.telemetry import Metric, Telemetry

_LEASE_MS: Final = 15_000
_RENEW_SECONDS: Final = 5.0
_TURN_SECONDS: Final = 0.5
# Older ones are left out: a storm is over before the vendors would have taken it.
_MOST_WAITING: Final = 100_000
_AT_ONCE: Final = 32
_ASKED_AT_ONCE: Final = 500  # accounts, or the members of one conversation more


class Pushes:
    """Subscriptions, and who is woken when."""

    def __init__(
        self, store: PushStore, sender: Sender, clock: Clock, telemetry: Telemetry
    ) -> None:
        self._store = store
        self._sender = sender
        self._clock = clock
        self._telemetry = telemetry
        self._worker = new_id()
        self._leads = False
        self._left: deque[tuple[AccountId, DeviceId | None]] = deque(maxlen=_MOST_WAITING)
        self._due: deque[Noted] = deque(maxlen=_MOST_WAITING)
        self._tasks: tuple[asyncio.Task[None], ...] = ()

    @property
    def leads(self) -> bool:
        """Whether this worker wakes devices for all of them."""
        return self._leads

    @property
    def public_key(self) -> bytes:
        """What browsers subscribe with."""
        return self._sender.public

    async def subscribe(self, subscription: Subscription) -> None:
        """
        Store a device's subscription and preferences; it is here now, so nothing waits.

        Raises: BadSubscription.
        """
        self._sender.check(subscription.endpoint)
        known = await self._store.find(subscription.account, subscription.device)
        if known is not None and known.endpoint == subscription.endpoint:
            subscription = replace(
                subscription, pushed_at_ms=known.pushed_at_ms, failed_at_ms=known.failed_at_ms
            )
        await self._store.put(subscription)

    async def unsubscribe(self, account: AccountId, device: DeviceId) -> None:
        """Wake this device no more; again is harmless."""
        await self._store.remove(account, device)

    async def test(self, account: AccountId, device: DeviceId) -> Outcome:
        """
        Push to one device now, whatever its preferences.

        Raises: NoSubscription.
        """
        found = await self._store.find(account, device)
        if found is None:
            raise NoSubscription("this device is not subscribed")
        return await self._push(found, is_urgent=True)

    async def reach(self, accounts: Collection[AccountId]) -> list[Reach]:
        """For each account, whether any of its devices can be woken."""
        found = await self._store.find_all(accounts)
        reaches = []
        for account in accounts:
            own = [each for each in found if each.account == account]
            working = [each for each in own if not each.failed_at_ms]
            failed_at_ms = min((each.failed_at_ms for each in own), default=0)
            reaches.append(Reach(account, bool(working), 0 if working else failed_at_ms))
        return reaches

    # What happens by itself

    async def start(self) -> None:
        """Begin; the lease decides which worker does the work."""
        self._tasks = (
            asyncio.create_task(self._keep_lease(), name="push-lease"),
            asyncio.create_task(self._keep_waking(), name="push"),
        )

    async def stop(self) -> None:
        """What is due now is left out."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._sender.close()

    def note_entry(
        self,
        channel: ChannelId,
        incarnation: int,
        offset: int,
        header: bytes,
        accounts: frozenset[AccountId],
    ) -> None:
        """An entry was appended; called for each, so it does next to nothing."""
        if self._leads:
            due_at_ms = self._clock.now_ms() + rules.DELAY_MS
            self._due.append(Noted(due_at_ms, channel, incarnation, offset, header, accounts))

    def note_control(self, account: AccountId, device: DeviceId | None, close_code: int) -> None:
        """A device was revoked, or an account left: nothing of theirs is woken any more."""
        if self._leads and (device is None or close_code == CloseCode.REVOKED):
            self._left.append((account, device))

    async def lead(self) -> None:
        """Take or keep the lease, if nobody else has it."""
        self._leads = await self._store.lead(self._worker, _LEASE_MS)

    async def wake_due(self) -> int:
        """Wake whoever has not taken what is due by now; how many devices."""
        await self._forget_left()
        now_ms = self._clock.now_ms()
        woken = 0
        # An account is asked about once a turn, whatever came for it: a group that writes names
        # the same hundreds again and again.
        asked: set[AccountId] = set()
        subscribed: set[AccountId] = set()
        while due := self._take_due(now_ms):
            accounts = set[AccountId]().union(*(each.accounts for each in due)) - asked
            asked |= accounts
            subscribed |= await self._store.find_subscribed(accounts)
            for each in due:
                appended = rules.appended(each, subscribed)
                if appended is not None:
                    woken += await self._wake(appended)
        return woken

    def _take_due(self, now_ms: int) -> list[Noted]:
        """Some entries that are due by now, none when there are no more."""
        due: list[Noted] = []
        count = 0
        while self._due and self._due[0].due_at_ms <= now_ms and count < _ASKED_AT_ONCE:
            due.append(self._due.popleft())
            count += len(due[-1].accounts)
        return due

    async def _forget_left(self) -> None:
        while self._left:
            account, device = self._left.popleft()
            for each in await self._store.find_all([account]):
                if device is None or each.device == device:
                    await self._store.remove(account, each.device)

    async def _wake(self, appended: Appended) -> int:
        subscriptions = await self._store.find_all(sorted(appended.accounts))
        if not subscriptions:
            return 0
        devices = [each.device for each in subscriptions]
        cursors = await self._store.read_cursors(appended.channel, devices)
        position = (appended.incarnation, appended.offset)
        away = [
            replace(each, waiting=each.waiting + 1)
            for each in subscriptions
            if cursors.get(each.device, (0, 0)) < position
        ]
        now_ms, is_urgent = self._clock.now_ms(), appended.is_urgent
        wanted = [
            each
            for each in away
            if rules.should_wake(each, appended.channel, is_urgent=is_urgent, now_ms=now_ms)
        ]
        for start in range(0, len(wanted), _AT_ONCE):
            batch = wanted[start : start + _AT_ONCE]
            await asyncio.gather(*(self._push(each, is_urgent=is_urgent) for each in batch))
        for each in away:
            if each not in wanted:
                await self._store.note(each)
        return len(wanted)

    async def _push(self, subscription: Subscription, *, is_urgent: bool) -> Outcome:
        count = max(1, subscription.waiting)
        outcome = await self._sender.send(subscription, count, is_urgent=is_urgent)
        now_ms = self._clock.now_ms()
        match outcome:
            case Outcome.TAKEN:
                self._telemetry.count(Metric.PUSHES_TAKEN)
                await self._store.note(replace(subscription, pushed_at_ms=now_ms, failed_at_ms=0))
            case Outcome.GONE:
                self._telemetry.count(Metric.PUSHES_GONE)
                await self._store.remove(subscription.account, subscription.device)
            case Outcome.FAILED:
                self._telemetry.count(Metric.PUSHES_FAILED)
                since_ms = subscription.failed_at_ms or now_ms
                await self._store.note(replace(subscription, failed_at_ms=since_ms))
        return outcome

    async def _keep_lease(self) -> None:
        while True:
            try:
                await self.lead()
            except LienError:  # the store is away: nobody leads
                self._leads = False
            await asyncio.sleep(_RENEW_SECONDS)

    async def _keep_waking(self) -> None:
        while True:
            try:
                await self.wake_due()
            except LienError as error:
                self._telemetry.log("push_failed", code=error.code)
            # The outer edge of a background task: one entry that fails must not end the others.
            except Exception as error:
                self._telemetry.log("push_failed", error=type(error).__name__)
            await asyncio.sleep(_TURN_SECONDS)
