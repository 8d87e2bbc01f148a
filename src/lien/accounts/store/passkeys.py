"""Passkeys to Valkey and back."""

import msgpack

from lien.accounts.models import Passkey
from lien.accounts.store.places import shard_of_account
from lien.ids import AccountId, PasskeyId
from lien.storage import keys
from lien.storage.valkey import Store


class PasskeyStore:
    """A passkey belongs to one account, whoever tries to register it again."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._call = store.pipe.call

    def _shard(self, account: AccountId) -> int:
        return shard_of_account(account, self._store.shards)

    async def add_passkey(self, passkey: Passkey) -> bool:
        """Store a new passkey; False when its id is registered already, to anyone."""
        owner = passkey.account
        if not await self._call("SET", keys.passkey(passkey.passkey), owner, "NX"):
            return False
        key = keys.passkeys(self._shard(owner), owner)
        await self._call("HSET", key, passkey.passkey, _pack_passkey(passkey))
        return True

    async def find_passkey(self, passkey: PasskeyId) -> Passkey | None:
        """A passkey by its id, whoever has it."""
        owner = await self._call("GET", keys.passkey(passkey))
        if owner is None:
            return None
        account = AccountId(owner.decode())
        packed = await self._call("HGET", keys.passkeys(self._shard(account), account), passkey)
        return _unpack_passkey(passkey, account, packed) if packed else None

    async def list_passkeys(self, account: AccountId) -> list[Passkey]:
        """The passkeys of an account, in the order they were made."""
        value = await self._call("HGETALL", keys.passkeys(self._shard(account), account))
        found = [
            _unpack_passkey(PasskeyId(one.decode()), account, packed)
            for one, packed in zip(value[::2], value[1::2], strict=True)
        ]
        return sorted(found, key=lambda one: one.created_at_ms)

    async def replace_passkey(self, passkey: Passkey) -> bool:
        """Store a used passkey's counter; False when it was removed meanwhile."""
        key = keys.passkeys(self._shard(passkey.account), passkey.account)
        replaced: int = await self._store.scripts.run(
            "replace_field", [key], [passkey.passkey, _pack_passkey(passkey)]
        )
        return bool(replaced)

    async def remove_passkey(self, account: AccountId, passkey: PasskeyId) -> bool:
        """Remove a passkey and what it opens; False when the account has no such passkey."""
        shard = self._shard(account)
        # First what makes it usable: cut off in between, the rest is dead weight.
        if not await self._call("HDEL", keys.passkeys(shard, account), passkey):
            return False
        await self._call("HDEL", keys.vault(shard, account), f"passkey:{passkey}")
        await self._call("DEL", keys.passkey(passkey))
        return True


def _pack_passkey(passkey: Passkey) -> bytes:
    return bytes(
        msgpack.packb(
            [
                passkey.public_key,
                passkey.sign_count,
                passkey.is_backup_eligible,
                passkey.is_backed_up,
                passkey.label,
                passkey.created_at_ms,
                passkey.used_at_ms,
            ]
        )
    )


def _unpack_passkey(passkey: PasskeyId, account: AccountId, packed: bytes) -> Passkey:
    return Passkey(passkey, account, *msgpack.unpackb(packed))
