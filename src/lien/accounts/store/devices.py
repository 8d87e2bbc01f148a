"""What devices of one account leave for each other, to Valkey and back."""

from collections.abc import Sequence

from lien.accounts.models import DeviceBox, DeviceKey
from lien.accounts.store.places import shard_of_account
from lien.crypto.sealing import PUBLIC_BYTES
from lien.ids import AccountId, DeviceId
from lien.storage import keys
from lien.storage.valkey import Store


class DeviceStore:
    """Loads and saves; decides nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._call = store.pipe.call

    def _key(self, account: AccountId) -> str:
        return keys.devices(shard_of_account(account, self._store.shards), account)

    async def rename(self, account: AccountId, device: DeviceId, label: str) -> None:
        """Give a device another name."""
        key = keys.account(shard_of_account(account, self._store.shards), account)
        await self._call("HSET", key, f"label:{device}", label)

    async def save_key(self, account: AccountId, device: DeviceId, key: DeviceKey) -> None:
        """Store a device's sealing key."""
        packed = key.sealing_public + key.signature
        await self._call("HSET", self._key(account), f"key:{device}", packed)

    async def list_keys(self, account: AccountId, devices: Sequence[DeviceId]) -> list[DeviceKey]:
        """The sealing keys of those of these devices that have one."""
        if not devices:
            return []
        names = [f"{kind}:{one}" for one in devices for kind in ("key", "box")]
        values = await self._call("HMGET", self._key(account), *names)
        return [
            DeviceKey(
                device, key[:PUBLIC_BYTES], key[PUBLIC_BYTES:], int((box or b"0:").split(b":")[0])
            )
            for device, key, box in zip(devices, values[::2], values[1::2], strict=True)
            if key is not None
        ]

    async def save_box(self, account: AccountId, box: DeviceBox) -> None:
        """Store what was sealed to a device in place of what was before."""
        packed = b"%d:%b" % (box.generation, box.sealed)
        await self._call("HSET", self._key(account), f"box:{box.device}", packed)

    async def find_box(self, account: AccountId, device: DeviceId) -> DeviceBox | None:
        """What is sealed to a device."""
        packed = await self._call("HGET", self._key(account), f"box:{device}")
        if packed is None:
            return None
        generation, _, sealed = packed.partition(b":")
        return DeviceBox(device, int(generation), sealed)

    async def forget(self, account: AccountId, device: DeviceId) -> None:
        """A revoked device is sealed to no more."""
        await self._call("HDEL", self._key(account), f"key:{device}", f"box:{device}")
