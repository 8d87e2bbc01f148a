"""
The values of accounts: who, with which devices, signed in how. Frozen, without behaviour.

Whatever could open something (tokens, nonces, wrapped secrets) is left out of `repr`.
"""

from dataclasses import dataclass, field
from typing import Literal

from lien.crypto.chain import Link, Situation
from lien.directory import Professional
from lien.ids import (
    AccountId,
    DeviceId,
    InvitationId,
    PasskeyId,
    PinId,
    RppsNumber,
    SessionId,
)

Via = Literal["provider", "passkey", "invitation"]


@dataclass(frozen=True, slots=True)
class Account:
    """
    One health professional, by their RPPS number, or one guest, by their invitation.

    There is at most one open account for either.
    """

    account: AccountId
    rpps: RppsNumber | None
    created_at_ms: int
    invitation: InvitationId | None = None


@dataclass(frozen=True, slots=True)
class Created:
    """The account of a professional, whether it was made now or by the same request before."""

    account: Account
    device: DeviceId
    device_public: bytes


@dataclass(frozen=True, slots=True)
class Device:
    """A device of the chain, with what the chain does not hold: its label and when it was seen."""

    device: DeviceId
    label: str
    added_at_ms: int
    seen_at_ms: int
    is_revoked: bool


@dataclass(frozen=True, slots=True)
class VaultEntry:
    """The account secret of one generation, wrapped by something the server does not have."""

    wrapper: str  # "recovery" or "passkey:<passkey id>"
    generation: int
    wrapped: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Earlier:
    """The account secret of `generation`, readable to whoever has the next one (keys.md)."""

    generation: int
    wrapped: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Changes:
    """
    What an append to a chain did.

    After a revocation or a rotation the conversations of the account must be marked stale, and
    then `Accounts.settle(account, number)` be called.
    """

    number: int  # of the last link
    revoked: tuple[DeviceId, ...]
    is_rotated: bool

    @property
    def unsettles(self) -> bool:
        """True when the account's conversations become stale."""
        return bool(self.revoked) or self.is_rotated


@dataclass(frozen=True, slots=True)
class Departure:
    """An account that does not take part any more, and why."""

    account: AccountId
    reason: str


@dataclass(frozen=True, slots=True)
class Session:
    """
    The signed-in period of one device, carried whole by its token.

    Any worker can check a request without the store: the device's public key travels along.
    """

    session: SessionId
    account: AccountId
    device: DeviceId
    device_public: bytes
    started_at_ms: int
    idle_ends_at_ms: int
    ends_at_ms: int
    provider_at_ms: int  # when the provider last vouched for the person; 0: not in this session


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """A session as its owner sees it in a list."""

    session: SessionId
    device: DeviceId
    started_at_ms: int
    ends_at_ms: int


@dataclass(frozen=True, slots=True)
class Flow:
    """
    Ten minutes in which a person who proved who they are may enrol or re-enter a device.

    `provider`: the identity provider vouched for `rpps`; an account may not exist yet.
    `passkey`: a passkey of `account` was used; the device may join that account.
    `invitation`: somebody opened the link of one; an account may be begun with its secret.
    """

    flow: str
    via: Via
    nonce: bytes = field(repr=False)  # signed by the device key, see keys.md "Proofs"
    rpps: RppsNumber | None
    account: AccountId | None
    provider: str
    verified_at_ms: int
    ends_at_ms: int
    login: "Login | None" = None
    invitation: InvitationId | None = None


@dataclass(frozen=True, slots=True)
class Practice:
    """A profession somebody practises, and where: what an identity speaks of. One is chosen."""

    profession_code: str
    category: str  # C civil, M military, E student
    situation: Situation | None


@dataclass(frozen=True, slots=True)
class Login:
    """
    A sign-in at a provider, to be found again when the provider says that it is over.

    Both are hashes: what a provider calls a person holds their number.
    """

    subject: str  # of provider and `sub`
    session: str  # of provider and `sid`, empty for a provider that gives none


@dataclass(frozen=True, slots=True)
class Identified:
    """What an identity provider said: this RPPS number, just now."""

    provider: str
    rpps: RppsNumber
    login: Login
    practices: tuple[Practice, ...] = ()


@dataclass(frozen=True, slots=True)
class Pending:
    """A sign-in that left for the provider; kept in the store until it comes back, once."""

    provider: str
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)  # RFC 7636


@dataclass(frozen=True, slots=True)
class Passkey:
    """A WebAuthn credential of an account, as verified when it was registered."""

    passkey: PasskeyId
    account: AccountId
    public_key: bytes  # COSE
    sign_count: int
    is_backup_eligible: bool  # never changes; a change is refused
    is_backed_up: bool
    label: str
    created_at_ms: int
    used_at_ms: int


@dataclass(frozen=True, slots=True)
class DeviceKey:
    """A device's sealing key, signed by its device key: other own devices seal secrets to it."""

    device: DeviceId
    sealing_public: bytes
    signature: bytes
    generation: int  # of the account secret last sealed to it, 0 for none


@dataclass(frozen=True, slots=True)
class DeviceBox:
    """The account secret of one generation, sealed to one device of the account."""

    device: DeviceId
    generation: int
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Pin:
    """What the server keeps of a PIN: it opens one device, and is itself never here."""

    pin: PinId
    account: AccountId
    device: DeviceId
    public: bytes  # Ed25519, verifies the proof that the PIN gives on its phone
    share: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class PinTry:
    """A try that was counted: the PIN as it was, and how many tries are left after this one."""

    pin: Pin
    left: int


@dataclass(frozen=True, slots=True)
class PinOutcome:
    """What a try of a PIN came to. `share` and `nonce` only when it was right."""

    left: int
    wait_ms: int = 0  # before the next one
    share: bytes | None = field(default=None, repr=False)
    nonce: bytes | None = field(default=None, repr=False)  # the device signs it for a session


@dataclass(frozen=True, slots=True)
class Ended:
    """A session that was ended, or (with `session` empty) a device that was revoked."""

    account: AccountId
    device: DeviceId
    session: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class AttemptLimits:
    """
    Token buckets of everything that signs in. They stay closed when the store does not answer.

    An address is a /24 or a /48: a hospital behind one needs a larger `address_capacity`.
    """

    address_capacity: int = 20
    account_capacity: int = 5
    window_seconds: int = 15 * 60


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a device needs to know to enrol or to re-enter."""

    flow: Flow
    account: AccountId | None
    professional: Professional | None
    practices: tuple[Practice, ...]  # to choose from, only after a provider
    vault: tuple[VaultEntry, ...]
    links: tuple[Link, ...]  # the chain that a new device's link follows, only after a passkey


@dataclass(frozen=True, slots=True)
class Ceremony:
    """A WebAuthn challenge waiting for its answer: for one purpose, bound to one subject."""

    purpose: Literal["enrol", "sign_in"]
    subject: str  # the session for "enrol", empty for "sign_in"
    challenge: bytes = field(repr=False)
