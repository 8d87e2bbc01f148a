"""Subscriptions in Valkey: the only part of this package that knows keys and scripts."""

import json
from asyncio import gather
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from lien.crypto.webpush import PushKeys
from lien.ids import AccountId, ChannelId, DeviceId, b64decode, b64encode
from lien.push.models import Preferences, Subscription
from lien.storage import keys
from lien.storage.pipeline import ask_each
from lien.storage.shards import shard_of
from lien.storage.valkey import Store


class PushStore:
    """One hash for each account: device to its subscription."""

    def __init__(self, store: Store) -> None:
        self._pipe = store.pipe
        self._call = store.pipe.call
        self._run = store.scripts.run
        self._shards = store.shards

    async def put(self, subscription: Subscription) -> None:
        """Store or replace the subscription of a device."""
        key = keys.push(subscription.account)
        await self._call("HSET", key, subscription.device, _encode(subscription))

    async def remove(self, account: AccountId, device: DeviceId) -> bool:
        """Forget a device's subscription; whether there was one."""
        return bool(await self._call("HDEL", keys.push(account), device))

    async def find(self, account: AccountId, device: DeviceId) -> Subscription | None:
        """The subscription of a device."""
        found = await self._call("HGET", keys.push(account), device)
        return None if found is None else _decode(account, device, found)

    async def find_all(self, accounts: Collection[AccountId]) -> list[Subscription]:
        """Every subscription of these accounts."""
        replies = await gather(*(self._call("HGETALL", keys.push(each)) for each in accounts))
        return [
            _decode(account, DeviceId(device.decode()), value)
            for account, flat in zip(accounts, replies, strict=True)
            for device, value in zip(flat[::2], flat[1::2], strict=True)
        ]

    async def find_subscribed(self, accounts: Collection[AccountId]) -> set[AccountId]:
        """Those of the accounts with any subscription."""
        names = [keys.push(each) for each in accounts]
        found = await ask_each(self._pipe, "EXISTS", names)
        return {account for account, exists in zip(accounts, found, strict=True) if exists}

    async def note(self, subscription: Subscription) -> None:
        """Store what became of a push, unless the device subscribed anew meanwhile."""
        current = await self.find(subscription.account, subscription.device)
        if current is not None and current.endpoint == subscription.endpoint:
            preferences = current.preferences
            await self.put(replace(subscription, preferences=preferences))

    async def read_cursors(
        self, channel: ChannelId, devices: Sequence[DeviceId]
    ) -> dict[DeviceId, tuple[int, int]]:
        """What each device has stored of a channel: incarnation and offset."""
        key = keys.cursors(shard_of(channel, self._shards), channel)
        found = await self._call("HMGET", key, *devices)
        cursors: dict[DeviceId, tuple[int, int]] = {}
        for device, value in zip(devices, found, strict=True):
            if value is not None:
                incarnation, _, offset = value.decode().partition(":")
                cursors[device] = (int(incarnation), int(offset))
        return cursors

    async def lead(self, worker: str, milliseconds: int) -> bool:
        """Whether this worker pushes for all of them for the next so many milliseconds."""
        return bool(await self._run("hold_lease", [keys.PUSH_LEADER], [worker, milliseconds]))


def _encode(subscription: Subscription) -> bytes:
    preferences = subscription.preferences
    return json.dumps(
        {
            "endpoint": subscription.endpoint,
            "public": b64encode(subscription.keys.public),
            "auth": b64encode(subscription.keys.auth),
            "muted": sorted(preferences.muted),
            "quiet": [preferences.quiet_from, preferences.quiet_until],
            "urgent": preferences.urgent_passes,
            "waiting": subscription.waiting,
            "pushed": subscription.pushed_at_ms,
            "failed": subscription.failed_at_ms,
        }
    ).encode()


def _decode(account: AccountId, device: DeviceId, data: bytes) -> Subscription:
    value: dict[str, Any] = json.loads(data)
    return Subscription(
        account,
        device,
        value["endpoint"],
        PushKeys(b64decode(value["public"]), b64decode(value["auth"])),
        Preferences(
            frozenset(ChannelId(each) for each in value["muted"]),
            value["quiet"][0],
            value["quiet"][1],
            value["urgent"],
        ),
        value["waiting"],
        value["pushed"],
        value["failed"],
    )
