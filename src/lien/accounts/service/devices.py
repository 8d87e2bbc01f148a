"""
What the devices of one account do for each other: a name, and the account's secret sealed to each.

A rotation is made by one device; the others learn the new secret from a box that only they open.
The server keeps keys and boxes and believes neither: devices check them against the chain.
"""

from collections.abc import Sequence

from lien.accounts import rules
from lien.accounts.errors import NotSignedIn
from lien.accounts.models import DeviceBox, DeviceKey, Session
from lien.accounts.service.accounts import Accounts
from lien.accounts.store import AccountStore
from lien.crypto.sealing import require_sealing_public
from lien.errors import Conflict, NotFound
from lien.ids import AccountId, DeviceId


class Devices:
    """The one owner of what devices leave for each other."""

    def __init__(self, store: AccountStore, accounts: Accounts) -> None:
        self._store = store.devices
        self._accounts = accounts

    async def rename(self, account: AccountId, device: DeviceId, label: str) -> None:
        """
        Give a device of the account another name.

        Raises: Malformed, NotFound.
        """
        label = rules.require_label(label)
        if device not in (await self._accounts.get_chain(account)).devices:
            raise NotFound("no such device")
        await self._store.rename(account, device, label)

    async def put_key(self, session: Session, sealing_public: bytes, signature: bytes) -> None:
        """
        Keep the session's device's sealing key.

        Raises: Malformed, NotSignedIn when the device was revoked meanwhile.
        """
        require_sealing_public(sealing_public)
        if session.device not in (await self._accounts.get_chain(session.account)).devices:
            raise NotSignedIn("the device is not in the chain any more")
        key = DeviceKey(session.device, sealing_public, signature, 0)
        await self._store.save_key(session.account, session.device, key)

    async def list_keys(self, account: AccountId) -> list[DeviceKey]:
        """The sealing keys of the active devices."""
        state = await self._accounts.get_chain(account)
        return await self._store.list_keys(account, list(state.devices))

    async def put_boxes(self, account: AccountId, boxes: Sequence[DeviceBox]) -> None:
        """
        Keep what was sealed to devices of the account.

        Raises: NotFound for one that is not active, Conflict when the secret was rotated meanwhile.
        """
        state = await self._accounts.get_chain(account)
        if any(box.device not in state.devices for box in boxes):
            raise NotFound("no such device")
        if any(box.generation != state.generation for box in boxes):
            raise Conflict("the account secret has another generation now")
        for box in boxes:
            await self._store.save_box(account, box)

    async def find_box(self, account: AccountId, device: DeviceId) -> DeviceBox | None:
        """What is sealed to this device."""
        return await self._store.find_box(account, device)
