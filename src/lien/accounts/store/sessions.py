"""Sessions, what ended, what may be used once, and how often: to Valkey and back."""

import asyncio
from collections.abc import Sequence

from lien.accounts.models import Ended, SessionSummary
from lien.accounts.store.places import ENDED_KEPT_MS, shard_of_account
from lien.ids import AccountId, DeviceId, SessionId
from lien.protocol.codes import CloseCode
from lien.storage import keys
from lien.storage.buckets import Buckets
from lien.storage.valkey import Store


class SessionStore:
    """What signing in leaves behind."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._call = store.pipe.call
        self._buckets = Buckets(store)

    def _shard(self, account: AccountId) -> int:
        return shard_of_account(account, self._store.shards)

    async def open_session(self, account: AccountId, session: SessionSummary) -> None:
        """Remember a session of a device, which is seen by that."""
        shard = self._shard(account)
        packed = f"{session.device}:{session.started_at_ms}:{session.ends_at_ms}"
        await self._call("HSET", keys.sessions(shard, account), session.session, packed)
        await self.touch_device(account, session.device, session.started_at_ms)

    async def touch_device(self, account: AccountId, device: DeviceId, now_ms: int) -> None:
        """Note that a device was seen."""
        key = keys.account(self._shard(account), account)
        await self._call("HSET", key, f"seen:{device}", now_ms)

    async def list_sessions(self, account: AccountId) -> list[SessionSummary]:
        """Every session that was opened and not ended, over or not, oldest first."""
        value = await self._call("HGETALL", keys.sessions(self._shard(account), account))
        found = []
        for session, packed in zip(value[::2], value[1::2], strict=True):
            device, started, ends = packed.decode().split(":")
            summary = SessionSummary(
                SessionId(session.decode()), DeviceId(device), int(started), int(ends)
            )
            found.append(summary)
        return sorted(found, key=lambda one: one.started_at_ms)

    async def forget_sessions(self, account: AccountId, sessions: Sequence[SessionId]) -> None:
        """Drop sessions, which can then not be renewed."""
        if sessions:
            await self._call("HDEL", keys.sessions(self._shard(account), account), *sessions)

    async def end_session(
        self, account: AccountId, device: DeviceId, session: SessionId, now_ms: int
    ) -> None:
        """End a session everywhere."""
        shard = self._shard(account)
        await self._store.scripts.run(
            "end_session",
            [
                keys.sessions(shard, account),
                keys.ended(shard),
                keys.shard(shard),
                keys.feed(shard),
            ],
            [
                account,
                device,
                session,
                now_ms,
                now_ms - ENDED_KEPT_MS,
                int(CloseCode.SESSION_ENDED),
            ],
        )

    async def list_ended(self, after_ms: int) -> list[Ended]:
        """What ended since then, of every account."""
        found = await asyncio.gather(
            *(
                self._call("ZRANGEBYSCORE", keys.ended(shard), after_ms, "+inf", "WITHSCORES")
                for shard in range(self._store.shards)
            )
        )
        flat = [part for one in found for part in one]
        ended = []
        for member, at_ms in zip(flat[::2], flat[1::2], strict=True):
            account, device, session = member.decode().split(":")
            ended.append(Ended(AccountId(account), DeviceId(device), session, int(at_ms)))
        return ended

    async def put_once(self, name: str, value: bytes, ttl_seconds: int) -> None:
        """Keep a value until it is taken or its time is over."""
        await self._call("SET", keys.once(name), value, "EX", ttl_seconds)

    async def has_once(self, name: str) -> bool:
        """True while there is a value, which stays."""
        return bool(await self._call("EXISTS", keys.once(name)))

    async def peek_once(self, name: str) -> bytes | None:
        """The value, which stays."""
        value: bytes | None = await self._call("GET", keys.once(name))
        return value

    async def take_once(self, name: str) -> bytes | None:
        """Take a value; of many callers one gets it."""
        value: bytes | None = await self._call("GETDEL", keys.once(name))
        return value

    async def claim_once(self, name: str, value: bytes, ttl_seconds: int) -> bool:
        """True for the first value given under a name, and again for the same value."""
        key = keys.once(name)
        if await self._call("SET", key, value, "EX", ttl_seconds, "NX"):
            return True
        return bool(await self._call("GET", key) == value)

    async def take_attempt(self, name: str, capacity: int, window_seconds: int) -> int:
        """One of `capacity` attempts in a window: 0, or how long to wait, in milliseconds."""
        return await self._buckets.take(name, capacity, capacity / window_seconds)
