"""Sponsorships, and the guests that came of them, to Valkey and back."""

import asyncio
from collections.abc import Collection
from typing import cast

import msgpack

from lien.accounts.given import Given
from lien.accounts.store.places import shard_of_account
from lien.crypto.sponsorship import SignedSponsorship
from lien.ids import AccountId, InvitationId
from lien.storage import keys
from lien.storage.valkey import Store

# Under which the deployment's own lie: no account has this id.
DEPLOYMENT = AccountId("deployment")


class SponsorshipStore:
    """Loads and saves; decides nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._call = store.pipe.call

    def _key(self, sponsor: AccountId) -> str:
        return keys.sponsorships(shard_of_account(sponsor, self._store.shards), sponsor)

    async def save(self, given: Given) -> None:
        """Store a sponsorship, a new one or as it is now."""
        sponsor = given.sponsor or DEPLOYMENT
        packed = msgpack.packb(
            [given.signed.data, given.signed.signature, given.open_until_ms, given.ended_at_ms]
        )
        await self._call("HSET", self._key(sponsor), given.invitation, packed)
        await self._call("SET", keys.invitation(given.invitation), sponsor)

    async def find(self, invitation: InvitationId) -> Given | None:
        """A sponsorship by its invitation, with who accepted it."""
        sponsor = await self._call("GET", keys.invitation(invitation))
        if sponsor is None:
            return None
        owner = AccountId(sponsor.decode())
        packed, guest = await asyncio.gather(
            self._call("HGET", self._key(owner), invitation),
            self._call("GET", keys.guest(invitation)),
        )
        return None if packed is None else _given(owner, invitation, packed, guest)

    async def list_given(self, sponsor: AccountId) -> list[Given]:
        """All that an account signed, newest last."""
        flat = await self._call("HGETALL", self._key(sponsor))
        names = [InvitationId(name.decode()) for name in flat[::2]]
        guests = await asyncio.gather(*(self._call("GET", keys.guest(name)) for name in names))
        found = [
            _given(sponsor, name, packed, guest)
            for name, packed, guest in zip(names, flat[1::2], guests, strict=True)
        ]
        return sorted(found, key=lambda one: one.content.at_ms)

    async def claim(self, invitation: InvitationId, account: AccountId) -> AccountId:
        """Make this the account of an invitation if none is; the account after."""
        owner = await self._store.scripts.run("claim", [keys.guest(invitation)], ["", account])
        return AccountId(owner.decode())

    async def move(self, given: Given, sponsor: AccountId | None) -> None:
        """Store a sponsorship that another one than `sponsor` gives from now on."""
        await self.save(given)
        if given.sponsor != sponsor:
            await self._call("HDEL", self._key(sponsor or DEPLOYMENT), given.invitation)

    async def schedule(
        self, account: AccountId, ends_at_ms: int, words: Collection[str] = ()
    ) -> None:
        """Write down when a guest's sponsorship ends, and until then which words find them."""
        shard = shard_of_account(account, self._store.shards)
        await self._call("ZADD", keys.guests(shard), ends_at_ms, account)
        for word in words:
            await self._call("ZADD", keys.guest_words(), 0, _member(word, account))

    async def unschedule(self, account: AccountId, words: Collection[str] = ()) -> None:
        """It has ended, or never began."""
        shard = shard_of_account(account, self._store.shards)
        for word in words:
            await self._call("ZREM", keys.guest_words(), _member(word, account))
        await self._call("SREM", keys.guests_hidden(), account)
        await self._call("ZREM", keys.guests(shard), account)

    async def set_hidden(self, account: AccountId, *, hidden: bool) -> None:
        """Keep or forget that no word finds this guest."""
        await self._call("SADD" if hidden else "SREM", keys.guests_hidden(), account)

    async def is_hidden(self, account: AccountId) -> bool:
        """Whether a guest asked that no word finds them."""
        return bool(await self._call("SISMEMBER", keys.guests_hidden(), account))

    async def list_called(self, word: str, most: int) -> set[AccountId]:
        """Guests that a word which begins so finds, at most as many."""
        start = b"[" + word.encode()
        members = await self._call(
            "ZRANGEBYLEX", keys.guest_words(), start, start + b"\xff", "LIMIT", 0, most
        )
        return {AccountId(member.rpartition(b"\0")[2].decode()) for member in members}

    async def list_guests(self) -> list[tuple[AccountId, int]]:
        """Every guest whose sponsorship has not ended, and when it does."""
        found = await asyncio.gather(
            *(
                self._call("ZRANGE", keys.guests(shard), 0, -1, "WITHSCORES")
                for shard in range(self._store.shards)
            )
        )
        flat = [part for one in found for part in one]
        return [
            (AccountId(account.decode()), int(ends))
            for account, ends in zip(flat[::2], flat[1::2], strict=True)
        ]


def _member(word: str, account: AccountId) -> bytes:
    return word.encode() + b"\0" + account.encode()


def _given(
    sponsor: AccountId, invitation: InvitationId, packed: bytes, guest: bytes | None
) -> Given:
    data, signature, open_until_ms, ended_at_ms = cast(
        tuple[bytes, bytes, int, int], tuple(msgpack.unpackb(packed))
    )
    return Given(
        invitation,
        None if sponsor == DEPLOYMENT else sponsor,
        SignedSponsorship(data, signature),
        open_until_ms,
        ended_at_ms,
        AccountId(guest.decode()) if guest else None,
    )
