"""Sign-ins at providers to Valkey and back."""

from typing import Final

from lien.accounts.store.places import ENDED_KEPT_MS
from lien.ids import AccountId, DeviceId, SessionId
from lien.storage import keys
from lien.storage.valkey import Store

# A flow that began before its sign-in ended lives ten minutes.
_END_KEPT_SECONDS: Final = 15 * 60


class LoginStore:
    """Loads and saves; decides nothing."""

    def __init__(self, store: Store) -> None:
        self._call = store.pipe.call

    async def add(
        self, name: str, account: AccountId, device: DeviceId, session: SessionId
    ) -> None:
        """Remember a session, as long as it may last."""
        key = keys.login(name)
        await self._call("SADD", key, f"{account}:{device}:{session}")
        await self._call("PEXPIRE", key, ENDED_KEPT_MS)

    async def list_sessions(self, name: str) -> list[tuple[AccountId, DeviceId, SessionId]]:
        """The sessions of a sign-in."""
        members = await self._call("SMEMBERS", keys.login(name))
        parts = [member.decode().split(":") for member in members]
        return [(AccountId(a), DeviceId(d), SessionId(s)) for a, d, s in parts]

    async def end(self, name: str, at_ms: int) -> None:
        """Write down that a sign-in is over."""
        await self._call("SET", keys.logout(name), at_ms, "EX", _END_KEPT_SECONDS)

    async def find_end(self, name: str) -> int | None:
        """When a sign-in was over, None while it is not."""
        value = await self._call("GET", keys.logout(name))
        return None if value is None else int(value)
