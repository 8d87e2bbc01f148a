"""
Telling the other devices of an account what happened to it, at once.

The trail is the truth and is written first; the notice says to look at it. A notice that cannot be
written is no reason to refuse what was done: the trail shows it the next time anyone looks.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from lien.audit import Event, EventKind
from lien.errors import LienError
from lien.ids import AccountId
from lien.telemetry import Telemetry

TOLD: Final = frozenset(
    {
        EventKind.SIGNED_IN,
        EventKind.SESSION_ENDED,
        EventKind.DEVICE_ADDED,
        EventKind.DEVICE_REVOKED,
        EventKind.PASSKEY_ADDED,
        EventKind.PASSKEY_REMOVED,
        EventKind.PIN_SET,
        EventKind.PIN_REMOVED,
        EventKind.PIN_DESTROYED,
        EventKind.VAULT_CHANGED,
    }
)

Notify = Callable[[AccountId, Sequence[str]], Awaitable[object]]


class Herald:
    """Follows the trail."""

    def __init__(self, notify: Notify, telemetry: Telemetry) -> None:
        self._notify = notify
        self._telemetry = telemetry

    async def tell(self, events: Sequence[Event]) -> None:
        """One notice for each account that these events concern."""
        concerned = {one.account for one in events if one.kind in TOLD and one.account}
        for account in sorted(concerned):
            try:
                await self._notify(account, ["activity", account])
            except LienError as error:
                self._telemetry.log("notice_failed", code=error.code)
