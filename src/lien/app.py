"""
The composition root: the only place where the parts of one worker meet.

Everything is built when the worker starts, from a `Config`, in the order of the layers; what was
started is stopped in the opposite order. A worker that cannot be built whole does not start.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from lien.accounts import (
    Accounts,
    AttemptLimits,
    Enrolments,
    OpenIdProvider,
    Passkeys,
    Recoveries,
    RelyingParty,
    Sessions,
    SessionTimes,
    Standings,
)
from lien.accounts.keyfiles import DeploymentKeys, load_keys
from lien.accounts.pro_sante_connect import pro_sante_connect
from lien.accounts.store import AccountStore
from lien.audit import Trail
from lien.audit.store import AuditStore
from lien.blobs import Blobs, Limits
from lien.blobs.store import BlobStore
from lien.clock import Clock, SystemClock
from lien.config import Config
from lien.conversations import Conversations
from lien.conversations.store import ConversationStore
from lien.directory import Directory
from lien.directory.store import DirectoryStore
from lien.documents import Documents
from lien.documents.store import DocumentStore
from lien.fanout.audiences import Audiences
from lien.fanout.hub import Hub
from lien.fanout.relay import Relay
from lien.fanout.wheel import Wheel
from lien.housekeeping import Duty, start_housekeeping
from lien.mockprovider import MockProvider, load_key
from lien.storage.blobs import open_blob_files
from lien.storage.buckets import Buckets
from lien.storage.embedded import url_of
from lien.storage.feeds import Control
from lien.storage.valkey import Store, open_store
from lien.telemetry import Telemetry
from lien.web import (
    accounts,
    assets,
    audit,
    blobs,
    conversations,
    directory,
    documents,
    health,
    leaving,
    openapi,
    passkeys,
    providers,
    recovery,
    sessions,
    socket,
    status,
)
from lien.web.authentication import Authentication
from lien.web.dispatch import Dispatcher
from lien.web.errors import exception_handlers
from lien.web.gateway_caller import GatewayCallers, Uploaders
from lien.web.middleware import middleware

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
    recoveries: Recoveries
    enrolments: Enrolments
    conversations: Conversations
    blobs: Blobs
    documents: Documents


def create_app(config: Config) -> Starlette:
    """One worker. Its services exist once Starlette's lifespan has begun."""
    telemetry = Telemetry()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            app.router.routes.extend(await _build(config, telemetry, stack))
            yield

    return Starlette(
        lifespan=lifespan,
        middleware=middleware(config, telemetry),
        exception_handlers=exception_handlers(),
    )


async def _build(config: Config, telemetry: Telemetry, stack: AsyncExitStack) -> list[BaseRoute]:
    clock = SystemClock()
    url = config.valkey_url or url_of(config.data_dir)
    store = await open_store(url, config.shards, free_bytes=config.min_free_mib * _MIB)
    stack.push_async_callback(store.close)

    keys = load_keys(config.data_dir)
    mock = _mock(config, store, clock)
    features = build_features(config, store, keys, mock, clock, telemetry)
    stack.push_async_callback(features.enrolments.close)

    revocations = features.sessions.revocations
    authentication = Authentication(keys.tokens, revocations, config.origin, clock)
    hub = Hub(telemetry)
    wheel = Wheel(clock)
    audiences = Audiences(features.conversations.audience)
    dispatcher = Dispatcher(features.conversations, audiences, telemetry)
    stack.push_async_callback(dispatcher.stop)

    def on_control(control: Control) -> None:
        revocations.note(
            control.account, control.device or "", control.session or "", clock.now_ms()
        )

    relay = Relay(store, hub, audiences, on_control, telemetry)
    await relay.start()
    stack.push_async_callback(relay.stop)
    # After the relay: what ends from now on arrives by the feed.
    await features.sessions.load_revocations()
    wheel.start()
    stack.callback(wheel.stop)
    stack.push_async_callback(start_housekeeping(_duties(features), telemetry))

    services = socket.Services(
        authentication, dispatcher, hub, wheel, clock, telemetry, config.origin
    )
    return [
        *socket.routes(services),
        *_http_routes(config, features, authentication, Buckets(store), clock, store),
        *(mock.routes() if mock else ()),
        *assets.routes(config.origin),
    ]


def build_features(
    config: Config,
    store: Store,
    keys: DeploymentKeys,
    mock: MockProvider | None,
    clock: Clock,
    telemetry: Telemetry,
) -> Features:
    """The services, each from those below it; a command of the operator builds them too."""
    people = Directory(DirectoryStore(store), clock)
    account_store = AccountStore.of(store)
    trail = Trail(AuditStore(store), clock, config.audit_days)
    owners = Accounts(account_store, people, keys.attestor, clock, trail)
    kept = ConversationStore(store, config.retention_days * _DAY_MS)
    talks = Conversations(kept, owners, clock, telemetry)
    standings = Standings(account_store, owners, people, talks.mark_stale)
    times = SessionTimes(
        config.session_idle_minutes * _MINUTE_MS, config.session_max_minutes * _MINUTE_MS
    )
    limits = AttemptLimits(address_capacity=config.sign_ins_per_address)
    open_sessions = Sessions(account_store, owners, keys.tokens, clock, times, limits, standings)
    party = RelyingParty(config.rp_id, config.origin)
    psc = pro_sante_connect(config)
    adapters = [OpenIdProvider(psc, clock)] if psc else []
    if mock:
        adapters.append(mock.relying_party())
    return Features(
        trail=trail,
        directory=people,
        accounts=owners,
        standings=standings,
        sessions=open_sessions,
        passkeys=Passkeys(account_store, owners, open_sessions, party, clock),
        recoveries=Recoveries(account_store, owners, open_sessions, standings),
        enrolments=Enrolments(account_store, owners, people, keys.tokens, adapters, clock),
        conversations=talks,
        blobs=_blobs(config, store, talks, clock, telemetry),
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


def _blobs(
    config: Config, store: Store, talks: Conversations, clock: Clock, telemetry: Telemetry
) -> Blobs:
    free_bytes = config.min_free_mib * _MIB
    files = open_blob_files(config.blobs_url, config.data_dir, free_bytes=free_bytes)
    limits = Limits(
        config.blob_mib * _MIB, config.blob_mib_per_day * _MIB, config.gateway_mib_per_day * _MIB
    )
    retention_ms = config.retention_days * _DAY_MS
    kept = BlobStore(store, files)
    return Blobs(kept, talks.require_member, clock, telemetry, limits, retention_ms)


def _mock(config: Config, store: Store, clock: Clock) -> MockProvider | None:
    if not config.mock_provider:
        return None
    buckets = Buckets(store)

    async def use_once(name: str, seconds: int) -> bool:
        return await buckets.take(f"mock:{name}", 1, 1 / seconds) == 0

    people = Directory(DirectoryStore(store), clock)
    return MockProvider(people, config.origin, load_key(config.data_dir), clock, use_once)


def _http_routes(
    config: Config,
    features: Features,
    authentication: Authentication,
    buckets: Buckets,
    clock: Clock,
    store: Store,
) -> list[BaseRoute]:
    callers = GatewayCallers(features.documents, clock)
    return [
        *health.routes(lambda: store.pipe.call("PING")),
        *openapi.routes(),
        *status.routes(
            features.accounts,
            features.enrolments,
            clock,
            is_mock=config.mock_provider,
            retention_days=config.retention_days,
            blob_bytes=config.blob_mib * _MIB,
        ),
        *providers.routes(features.enrolments, features.sessions),
        *sessions.routes(
            authentication,
            features.accounts,
            features.sessions,
            features.enrolments,
            features.conversations,
            clock,
        ),
        *recovery.routes(authentication, features.enrolments, features.recoveries),
        *passkeys.routes(
            authentication, features.passkeys, features.sessions, features.enrolments, clock
        ),
        *accounts.routes(authentication, features.accounts, features.conversations),
        *leaving.routes(authentication, features.standings, clock),
        *audit.routes(authentication, features.trail),
        *directory.routes(authentication, features.directory, features.accounts, buckets),
        *conversations.routes(authentication, features.conversations),
        *blobs.routes(
            authentication, features.blobs, Uploaders(authentication, callers).uploader_of
        ),
        *documents.routes(
            authentication,
            callers,
            features.documents,
            features.accounts,
            clock,
        ),
    ]


def _duties(features: Features) -> list[Duty]:
    async def settle() -> None:
        for account, number in await features.accounts.list_unsettled():
            await features.conversations.mark_stale(account)
            await features.accounts.settle(account, number)

    return [
        settle,
        features.sessions.load_revocations,
        features.conversations.sweep,
        features.blobs.sweep,
        features.trail.sweep,
    ]
