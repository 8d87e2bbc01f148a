"""Every service that signing in touches, behind its HTTP door."""

from pathlib import Path

from starlette.applications import Starlette

from lien.accounts import (
    Accounts,
    Administrations,
    AttemptLimits,
    Devices,
    Enrolments,
    Guests,
    Herald,
    Passkeys,
    Pins,
    Recoveries,
    RelyingParty,
    Sessions,
    SessionTimes,
    Situations,
    Sponsorships,
    Standings,
    Transfers,
)
from lien.accounts.keyfiles import create_missing, load_keys
from lien.accounts.store import AccountStore
from lien.audit import Trail
from lien.audit.store import AuditStore
from lien.conversations import Conversations
from lien.conversations.store import ConversationStore
from lien.directory import Directory
from lien.directory.store import DirectoryStore
from lien.documents import Documents
from lien.documents.store import DocumentStore
from lien.mockprovider import OIIS_PRO, MockProvider, load_key
from lien.mockprovider import create_missing as create_mock_key
from lien.storage.buckets import Buckets
from lien.storage.valkey import Store
from lien.telemetry import Telemetry
from lien.web import (
    accounts,
    administration,
    audit,
    conversations,
    directory,
    documents,
    leaving,
    own_devices,
    own_sessions,
    passkeys,
    pins,
    providers,
    recovery,
    releasing,
    sessions,
    situations,
    sponsorships,
    status,
    transfers,
)
from lien.web.authentication import Authentication
from lien.web.errors import exception_handlers
from lien.web.gateway_caller import GatewayCallers
from tests.fakes import FakeClock

# https, because a Python cookie jar sends a Secure cookie nowhere else.
ORIGIN = "https://localhost"


class Services:
    """Every service that signing in touches, on a real store, with its routes."""

    def __init__(self, store: Store, folder: Path, clock: FakeClock) -> None:
        create_missing(folder)
        create_mock_key(folder)
        keys = load_keys(folder)
        self.clock = clock
        self.tokens = keys.tokens
        self.attestor = keys.attestor
        self.directory = Directory(DirectoryStore(store), clock)
        stored = AccountStore.of(store)
        self.stored = stored
        self.trail = Trail(AuditStore(store), clock, 365)
        self.accounts = Accounts(stored, self.directory, keys.attestor, clock, self.trail)
        self.conversations = Conversations(
            ConversationStore(store, 30 * 86_400_000), self.accounts, clock, Telemetry()
        )
        self.standings = Standings(
            stored, self.accounts, self.directory, self.conversations.mark_stale
        )
        self.trail.on_recorded = Herald(self.conversations.notify, Telemetry()).tell
        limits = AttemptLimits(address_capacity=1000, account_capacity=200)
        self.sessions = Sessions(
            stored, self.accounts, keys.tokens, clock, SessionTimes(), limits, self.standings
        )
        party = RelyingParty("localhost", ORIGIN)
        self.sponsorships = Sponsorships(stored, self.accounts, self.standings, clock, 365)
        self.guests = Guests(stored, self.accounts, clock, 365)
        self.administrations = Administrations(
            stored,
            self.accounts,
            self.standings,
            self.sessions,
            self.sponsorships,
            self.guests,
        )
        self.passkeys = Passkeys(stored, self.accounts, self.sessions, party, clock)
        self.devices = Devices(stored, self.accounts)
        self.transfers = Transfers(stored, self.accounts, self.sessions, clock)
        self.pins = Pins(stored, self.accounts, self.sessions, clock)
        self.recoveries = Recoveries(stored, self.accounts, self.sessions, self.standings)
        buckets = Buckets(store)
        self.telemetry = Telemetry()
        self.documents = Documents(
            DocumentStore(store, 30 * 86_400_000),
            self.accounts,
            self.directory,
            keys.attestor,
            clock,
            self.trail,
            self.telemetry,
            365,
        )

        async def use_once(name: str, seconds: int) -> bool:
            return await buckets.take(f"mock:{name}", 1, 1 / seconds) == 0

        self.mock = MockProvider(self.directory, ORIGIN, load_key(folder), clock, use_once)
        self.provider = self.mock.relying_party()
        self.oiis = MockProvider(
            self.directory, ORIGIN, load_key(folder), clock, use_once, OIIS_PRO
        )
        self.situations = Situations(stored, self.accounts, clock)
        self.enrolments = Enrolments(
            stored,
            self.accounts,
            self.directory,
            keys.tokens,
            [self.provider, self.oiis.relying_party()],
            clock,
        )
        self.authentication = Authentication(
            keys.tokens, self.sessions.revocations, ORIGIN, clock, self.sessions.use_once
        )
        self.app = Starlette(
            routes=[
                *status.routes(
                    self.accounts,
                    self.enrolments,
                    clock,
                    status.Terms(
                        is_mock=True,
                        retention_days=30,
                        retention_least_days=1,
                        blob_bytes=10_000_000,
                        pin_offline_hours=0,
                        lock_seconds=300,
                    ),
                ),
                *providers.routes(self.enrolments, self.sessions),
                *sessions.routes(
                    self.authentication,
                    self.accounts,
                    self.sessions,
                    self.enrolments,
                    self.conversations,
                    self.directory,
                    clock,
                ),
                *situations.routes(
                    self.authentication, self.situations, self.directory, self.conversations
                ),
                *administration.routes(self.authentication, self.administrations, clock),
                *sponsorships.routes(
                    self.authentication,
                    self.sponsorships,
                    self.guests,
                    self.sessions,
                    self.enrolments,
                    clock,
                ),
                *recovery.routes(self.authentication, self.enrolments, self.recoveries),
                *passkeys.routes(
                    self.authentication, self.passkeys, self.sessions, self.enrolments, clock
                ),
                *pins.routes(self.authentication, self.pins, self.sessions, clock),
                *own_devices.routes(self.authentication, self.devices, self.conversations),
                *transfers.routes(self.authentication, self.transfers, self.sessions, clock),
                *own_sessions.routes(self.authentication, self.sessions),
                *accounts.routes(self.authentication, self.accounts, self.conversations),
                *leaving.routes(self.authentication, self.standings, clock),
                *audit.routes(self.authentication, self.trail),
                *releasing.routes(self.authentication, self.trail, clock),
                *directory.routes(
                    self.authentication, self.directory, self.accounts, self.guests, buckets
                ),
                *conversations.routes(self.authentication, self.conversations),
                *documents.routes(
                    self.authentication,
                    GatewayCallers(self.documents, clock, self.sessions.use_once),
                    self.documents,
                    self.accounts,
                    clock,
                ),
                *self.mock.routes(),
                *self.oiis.routes(),
            ],
            exception_handlers=exception_handlers(),
        )
