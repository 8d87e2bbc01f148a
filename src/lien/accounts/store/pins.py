"""PINs to Valkey and back."""

from collections.abc import Sequence

from lien.accounts.models import Pin, PinOutcome, PinTry
from lien.accounts.store.places import shard_of_account
from lien.ids import AccountId, DeviceId, PinId
from lien.storage import keys
from lien.storage.valkey import Store


class PinStore:
    """A PIN is found by its own id: whoever unlocks a phone does not know the account yet."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._call = store.pipe.call

    def _index(self, account: AccountId) -> str:
        return keys.pins(shard_of_account(account, self._store.shards), account)

    async def save_pin(self, pin: Pin) -> None:
        """Store a PIN with all its tries; in the index first, so that it is always found again."""
        await self._call("HSET", self._index(pin.account), pin.pin, pin.device)
        fields = (
            *("account", pin.account, "device", pin.device),
            *("public", pin.public, "share", pin.share, "tries", 0, "until", 0),
        )
        await self._call("HSET", keys.pin(pin.pin), *fields)

    async def list_pins(self, account: AccountId) -> dict[PinId, DeviceId]:
        """The PINs of an account, and the device that each opens."""
        value = await self._call("HGETALL", self._index(account))
        return {
            PinId(pin.decode()): DeviceId(device.decode())
            for pin, device in zip(value[::2], value[1::2], strict=True)
        }

    async def has_pin(self, pin: PinId) -> bool:
        """True unless it was removed or destroyed."""
        return bool(await self._call("EXISTS", keys.pin(pin)))

    async def remove_pin(self, account: AccountId, pin: PinId) -> None:
        """Forget a PIN and its share; first what opens something."""
        await self._call("DEL", keys.pin(pin))
        await self._call("HDEL", self._index(account), pin)

    async def remove_of(self, account: AccountId, device: DeviceId | None = None) -> None:
        """Forget the PINs of a device, or all of the account."""
        for pin, owner in (await self.list_pins(account)).items():
            if device in (None, owner):
                await self.remove_pin(account, pin)

    async def count_try(
        self, pin: PinId, now_ms: int, pauses_ms: Sequence[int]
    ) -> PinTry | PinOutcome | None:
        """A try that counts already; or none: too early, destroyed, or no such PIN."""
        reply = await self._store.scripts.run(
            "count_pin_try", [keys.pin(pin)], [now_ms, *pauses_ms]
        )
        if not reply:
            return None
        if len(reply) == 2:
            return PinOutcome(int(reply[1]), int(reply[0]))
        _, left, account, device, public, share = reply
        known = Pin(pin, AccountId(account.decode()), DeviceId(device.decode()), public, share)
        return PinTry(known, left)
