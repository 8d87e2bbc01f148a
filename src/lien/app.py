"""
The composition root: the only place where the parts of one worker meet.

Everything is built when the worker starts, from a `Config`, in the order of the layers; what was
started is stopped in the opposite order. A worker that cannot be built whole does not start.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from lien.accounts.keyfiles import load_keys
from lien.clock import Clock, SystemClock
from lien.config import Config
from lien.directory import Directory
from lien.directory.store import DirectoryStore
from lien.fanout.audiences import Audiences
from lien.fanout.delivery import Delivery
from lien.fanout.hub import Hub
from lien.fanout.relay import Relay
from lien.fanout.wheel import Wheel
from lien.features import Features, build_features
from lien.housekeeping import Duty, start_housekeeping
from lien.mockprovider import SHAPES, MockProvider, load_key
from lien.storage.buckets import Buckets
from lien.storage.embedded import url_of
from lien.storage.feeds import Control
from lien.storage.valkey import Store, open_store
from lien.telemetry import Telemetry
from lien.web import (
    accounts,
    administration,
    assets,
    audit,
    blobs,
    conversations,
    directory,
    documents,
    health,
    leaving,
    openapi,
    own_devices,
    own_sessions,
    passkeys,
    pins,
    providers,
    push,
    recovery,
    releasing,
    sessions,
    situations,
    socket,
    sponsorships,
    status,
    transfers,
)
from lien.web.authentication import Authentication
from lien.web.dispatch import Dispatcher
from lien.web.errors import exception_handlers
from lien.web.gateway_caller import GatewayCallers, Uploaders
from lien.web.middleware import middleware

_MINUTE_MS: Final = 60_000
_DAY_MS: Final = 24 * 60 * _MINUTE_MS
_MIB: Final = 1024 * 1024


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

    keys = load_keys(config.data_dir, config.attestor_file)
    mocks = _mocks(config, store, clock)
    features = build_features(config, store, keys, mocks, clock, telemetry)
    stack.push_async_callback(features.enrolments.close)
    await features.blobs.require_usable()

    revocations = features.sessions.revocations
    authentication = Authentication(
        keys.tokens, revocations, config.origin, clock, features.sessions.use_once
    )
    hub = Hub(telemetry)
    wheel = Wheel(clock)
    audiences = Audiences(features.conversations.audience)
    delivery = Delivery(hub, audiences)
    dispatcher = Dispatcher(features.conversations, audiences, delivery, telemetry)
    stack.push_async_callback(dispatcher.stop)

    pushes = features.pushes
    await pushes.start()
    stack.push_async_callback(pushes.stop)

    def on_control(control: Control) -> None:
        revocations.note(
            control.account, control.device or "", control.session or "", clock.now_ms()
        )
        pushes.note_control(control.account, control.device, control.close_code)

    relay = Relay(store, hub, audiences, delivery, on_control, telemetry, pushes)
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
        *(route for mock in mocks for route in mock.routes()),
        *assets.routes(config.origin),
    ]


def _mocks(config: Config, store: Store, clock: Clock) -> list[MockProvider]:
    if not config.mock_provider:
        return []
    buckets = Buckets(store)

    async def use_once(name: str, seconds: int) -> bool:
        return await buckets.take(f"mock:{name}", 1, 1 / seconds) == 0

    people = Directory(DirectoryStore(store), clock)
    key = load_key(config.data_dir)
    return [MockProvider(people, config.origin, key, clock, use_once, shape) for shape in SHAPES]


def _http_routes(
    config: Config,
    features: Features,
    authentication: Authentication,
    buckets: Buckets,
    clock: Clock,
    store: Store,
) -> list[BaseRoute]:
    callers = GatewayCallers(features.documents, clock, features.sessions.use_once)
    return [
        *health.routes(lambda: store.pipe.call("PING")),
        *openapi.routes(),
        *status.routes(
            features.accounts,
            features.enrolments,
            clock,
            status.Terms(
                is_mock=config.mock_provider,
                retention_days=config.retention_days,
                retention_least_days=config.retention_least_days,
                blob_bytes=config.blob_mib * _MIB,
                pin_offline_hours=config.pin_offline_hours,
                lock_seconds=config.lock_seconds,
            ),
        ),
        *providers.routes(features.enrolments, features.sessions),
        *sessions.routes(
            authentication,
            features.accounts,
            features.sessions,
            features.enrolments,
            features.conversations,
            features.directory,
            clock,
        ),
        *situations.routes(
            authentication, features.situations, features.directory, features.conversations
        ),
        *administration.routes(authentication, features.administrations, clock),
        *sponsorships.routes(
            authentication,
            features.sponsorships,
            features.guests,
            features.sessions,
            features.enrolments,
            clock,
        ),
        *recovery.routes(authentication, features.enrolments, features.recoveries),
        *passkeys.routes(
            authentication, features.passkeys, features.sessions, features.enrolments, clock
        ),
        *pins.routes(authentication, features.pins, features.sessions, clock),
        *own_devices.routes(authentication, features.devices, features.conversations),
        *transfers.routes(authentication, features.transfers, features.sessions, clock),
        *own_sessions.routes(authentication, features.sessions),
        *accounts.routes(authentication, features.accounts, features.conversations),
        *leaving.routes(authentication, features.standings, clock),
        *audit.routes(authentication, features.trail),
        *releasing.routes(authentication, features.trail, clock),
        *directory.routes(
            authentication, features.directory, features.accounts, features.guests, buckets
        ),
        *conversations.routes(authentication, features.conversations),
        *blobs.routes(
            authentication, features.blobs, Uploaders(authentication, callers).uploader_of
        ),
        *push.routes(authentication, features.pushes, features.conversations),
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
        features.sponsorships.sweep,
        features.standings.resume,
        features.conversations.sweep,
        features.blobs.sweep,
        features.trail.sweep,
    ]
