"""Pushes on a real store, with a push service on this machine."""

from collections.abc import AsyncIterator

import pytest

from lien.crypto.webpush import VapidKey
from lien.ids import AccountId, ChannelId, DeviceId, new_channel, new_id
from lien.push import Preferences, Pushes, Sender, Subscription
from lien.push.store import PushStore
from lien.storage.valkey import Store
from lien.telemetry import Telemetry
from tests.fakes import FakeClock
from tests.push.vendor import HOST, Browser, Vendor


async def public_address(host: str) -> list[str]:
    """The vendors are not asked for in tests."""
    return ["142.250.75.10"]


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    made = Vendor()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
def telemetry() -> Telemetry:
    return Telemetry(lambda line: None)


@pytest.fixture
async def sender(vendor: Vendor, clock: FakeClock) -> AsyncIterator[Sender]:
    key = VapidKey(VapidKey.new_scalar())
    made = Sender(
        key, "https://lien.example", [HOST], clock, vendor.client(), resolve=public_address
    )
    yield made
    await made.close()


@pytest.fixture
async def pushes(store: Store, sender: Sender, clock: FakeClock, telemetry: Telemetry) -> Pushes:
    made = Pushes(PushStore(store), sender, clock, telemetry)
    await made.lead()
    return made


@pytest.fixture
def browser() -> Browser:
    return Browser()


@pytest.fixture
def channel() -> ChannelId:
    return new_channel()


def a_subscription(
    browser: Browser, preferences: Preferences | None = None, account: AccountId | None = None
) -> Subscription:
    return Subscription(
        account or AccountId(new_id()),
        DeviceId(new_id()),
        f"https://{HOST}/send/abc",
        browser.keys,
        preferences or Preferences(),
    )
