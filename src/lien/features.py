"""The services of one worker, each built from those below; operators' commands build them too."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from lien.accounts import (
    Accounts,
    Administrations,
    AttemptLimits,
    Devices,
    Enrolments,
    Guests,
    Herald,
    OpenIdProvider,
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
from lien.accounts.keyfiles import DeploymentKeys
from lien.accounts.registrations import registered_providers
from lien.accounts.store import AccountStore
from lien.audit import Trail
from lien.audit.store import AuditStore
from lien.blobs import Blobs, Limits
from lien.blobs.store import BlobStore
from lien.clock import Clock
from lien.config import Config
from lien.conversations import Conversations, Pace
from lien.conversations.store import ConversationStore
from lien.directory import Directory
from lien.directory.store import DirectoryStore
from lien.documents import Documents
from lien.documents.store import DocumentStore
from lien.mockprovider import MockProvider
from lien.push import Pushes, Sender
from lien.push.keyfile import load_or_make_key
from lien.push.store import PushStore
from lien.storage.blobs import open_blob_files
from lien.storage.objects import configured_objects
from lien.storage.valkey import Store
from lien.telemetry import Telemetry

_MINUTE_MS: Final = 60_000
_DAY_MS: Final = 24 * 60 * _MINUTE_MS
_MIB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Features:
    """The services of one worker."""

    trail: Trail
    directory: Directory
    accounts: Accounts
    standings: Standings
    sessions: Sessions
    passkeys: Passkeys
    devices: Devices
    transfers: Transfers
    pins: Pins
    recoveries: Recoveries
    situations: Situations
    sponsorships: Sponsorships
    guests: Guests
    administrations: Administrations
    enrolments: Enrolments
    conversations: Conversations
    blobs: Blobs
    pushes: Pushes
    documents: Documents


def build_features(
    config: Config,
    store: Store,
    keys: DeploymentKeys,
    mocks: Sequence[MockProvider],
    clock: Clock,
    telemetry: Telemetry,
) -> Features:
    """The services, each from those below it; a command of the operator builds them too."""
    people = Directory(DirectoryStore(store), clock)
    account_store = AccountStore.of(store)
    trail = Trail(AuditStore(store), clock, config.audit_days)
    owners = Accounts(account_store, people, keys.attestor, clock, trail)
    least_ms = config.retention_least_days * _DAY_MS
    kept = ConversationStore(store, config.retention_days * _DAY_MS, least_ms)
    talks = Conversations(
        kept,
        owners,
        clock,
        telemetry,
        Pace(config.sends_per_second),
        Pace(config.sends_per_conversation),
    )
    standings = Standings(account_store, owners, people, talks.mark_stale)
    times = SessionTimes(
        config.session_idle_minutes * _MINUTE_MS, config.session_max_minutes * _MINUTE_MS
    )
    trail.on_recorded = Herald(talks.notify, telemetry).tell
    limits = AttemptLimits(address_capacity=config.sign_ins_per_address)
    open_sessions = Sessions(account_store, owners, keys.tokens, clock, times, limits, standings)
    party = RelyingParty(config.rp_id, config.origin)
    adapters = [OpenIdProvider(settings, clock) for settings in registered_providers(config)]
    adapters += [mock.relying_party() for mock in mocks]
    given = Sponsorships(account_store, owners, standings, clock, config.sponsorship_days)
    guests = Guests(account_store, owners, clock, config.sponsorship_days)
    features = Features(
        trail=trail,
        directory=people,
        accounts=owners,
        standings=standings,
        sessions=open_sessions,
        passkeys=Passkeys(account_store, owners, open_sessions, party, clock),
        devices=Devices(account_store, owners),
        transfers=Transfers(account_store, owners, open_sessions, clock),
        pins=Pins(account_store, owners, open_sessions, clock),
        recoveries=Recoveries(account_store, owners, open_sessions, standings),
        situations=Situations(account_store, owners, clock),
        sponsorships=given,
        guests=guests,
        administrations=Administrations(
            account_store, owners, standings, open_sessions, given, guests
        ),
        enrolments=Enrolments(account_store, owners, people, keys.tokens, adapters, clock),
        conversations=talks,
        blobs=_blobs(config, store, talks, clock, telemetry),
        pushes=_pushes(config, store, clock, telemetry),
        documents=Documents(
            DocumentStore(store, config.retention_days * _DAY_MS),
            owners,
            people,
            keys.attestor,
            clock,
            trail,
            telemetry,
            config.audit_days,
        ),
    )
    features.documents.on_traced = lambda account: talks.notify(account, ["traces", account])
    if keys.audit_public:
        features.documents.use_audit_key(keys.audit_public)
    return features


def _blobs(
    config: Config, store: Store, talks: Conversations, clock: Clock, telemetry: Telemetry
) -> Blobs:
    free_bytes = config.min_free_mib * _MIB
    files = open_blob_files(configured_objects(config), config.data_dir, free_bytes=free_bytes)
    limits = Limits(
        config.blob_mib * _MIB, config.blob_mib_per_day * _MIB, config.gateway_mib_per_day * _MIB
    )
    retention_ms = config.retention_days * _DAY_MS
    kept = BlobStore(store, files)
    return Blobs(kept, talks.require_member, clock, telemetry, limits, retention_ms)


def _pushes(config: Config, store: Store, clock: Clock, telemetry: Telemetry) -> Pushes:
    # Where a vendor writes to when something is wrong (RFC 8292, 2.1).
    is_https = config.origin.startswith("https:")
    subject = config.origin if is_https else f"mailto:lien@{urlsplit(config.origin).hostname}"
    hosts = [host for host in config.push_hosts.split(",") if host]
    sender = Sender(load_or_make_key(config.data_dir), subject, hosts, clock)
    return Pushes(PushStore(store), sender, clock, telemetry)
