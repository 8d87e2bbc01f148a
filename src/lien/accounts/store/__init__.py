"""
Accounts to Valkey and back; the only part of this package that knows keys.

What belongs to one account lies in the shard of its inbox. Two indexes lie elsewhere, RPPS number
to account and passkey to account: an account exists for its professional once the first says
so, and a passkey may be registered only while the second does not know it.

Raises StoreUnavailable throughout: the outcome is then unknown.
"""

from dataclasses import dataclass

from lien.accounts.store.chains import Append, ChainStore
from lien.accounts.store.devices import DeviceStore
from lien.accounts.store.logins import LoginStore
from lien.accounts.store.passkeys import PasskeyStore
from lien.accounts.store.pins import PinStore
from lien.accounts.store.places import ENDED_KEPT_MS
from lien.accounts.store.sessions import SessionStore
from lien.accounts.store.sponsorships import SponsorshipStore
from lien.storage.valkey import Store

__all__ = [
    "ENDED_KEPT_MS",
    "AccountStore",
    "Append",
    "ChainStore",
    "DeviceStore",
    "PasskeyStore",
    "PinStore",
    "SessionStore",
]


@dataclass(frozen=True, slots=True)
class AccountStore:
    """Everything the services of this package load and save."""

    chains: ChainStore
    devices: DeviceStore
    passkeys: PasskeyStore
    pins: PinStore
    sessions: SessionStore
    logins: LoginStore
    sponsorships: SponsorshipStore

    @classmethod
    def of(cls, store: Store) -> "AccountStore":
        return cls(
            ChainStore(store),
            DeviceStore(store),
            PasskeyStore(store),
            PinStore(store),
            SessionStore(store),
            LoginStore(store),
            SponsorshipStore(store),
        )
