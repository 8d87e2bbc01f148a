"""Accounts: chains, devices, passkeys, sessions, identity providers. This is its public face."""

from lien.accounts.discovery import ProviderSettings
from lien.accounts.errors import (
    AccountExists,
    BadPasskey,
    ChainMoved,
    DeviceRevoked,
    FreshSignInNeeded,
    NotInDirectory,
    NotSignedIn,
    PrfLeaked,
    ProviderFailed,
    ProviderUnreachable,
    TooManyAttempts,
)
from lien.accounts.models import (
    Account,
    AttemptLimits,
    Changes,
    Created,
    Device,
    Earlier,
    Enrolment,
    Flow,
    Passkey,
    Session,
    VaultEntry,
)
from lien.accounts.passkeys import MAX_CREDENTIAL_ID_CHARS, RelyingParty
from lien.accounts.providers import OpenIdProvider
from lien.accounts.revocations import Revocations
from lien.accounts.rules import FLOW_TTL_MS, MAX_APPENDED, MAX_LABEL, network_of
from lien.accounts.service import (
    Accounts,
    Enrolments,
    Passkeys,
    Sessions,
    SessionTimes,
    SignIn,
)
from lien.accounts.tokens import Tokens

__all__ = [
    "FLOW_TTL_MS",
    "MAX_APPENDED",
    "MAX_CREDENTIAL_ID_CHARS",
    "MAX_LABEL",
    "Account",
    "AccountExists",
    "Accounts",
    "AttemptLimits",
    "BadPasskey",
    "ChainMoved",
    "Changes",
    "Created",
    "Device",
    "DeviceRevoked",
    "Earlier",
    "Enrolment",
    "Enrolments",
    "Flow",
    "FreshSignInNeeded",
    "NotInDirectory",
    "NotSignedIn",
    "OpenIdProvider",
    "Passkey",
    "Passkeys",
    "PrfLeaked",
    "ProviderFailed",
    "ProviderSettings",
    "ProviderUnreachable",
    "RelyingParty",
    "Revocations",
    "Session",
    "SessionTimes",
    "Sessions",
    "SignIn",
    "Tokens",
    "TooManyAttempts",
    "VaultEntry",
    "network_of",
]
