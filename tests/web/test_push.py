"""Push through the door: subscribing, a test, who of a conversation can be woken."""

import json
from typing import Any

import httpx
import pytest

from lien.ids import b64encode
from lien.push import Pushes
from lien.push.store import PushStore
from lien.storage.valkey import Store
from lien.web import push as door
from tests.blobs.conftest import Ward, ward
from tests.conversations.people import Person
from tests.fakes import FakeClock
from tests.push.conftest import browser, pushes, sender, telemetry, vendor
from tests.push.vendor import HOST, Browser, Vendor
from tests.web.doors import SignedIn, a_client, an_app

__all__ = ["browser", "pushes", "sender", "telemetry", "vendor", "ward"]

JSON = [("content-type", "application/json")]


class Phone:
    def __init__(self, person: Person, ward: Ward, pushes: Pushes, clock: FakeClock) -> None:
        self.person = person
        self._signed = SignedIn(clock, person.account, person.device, person.device_key)
        self._app = an_app(*door.routes(self._signed.authentication, pushes, ward.conversations))

    async def ask(self, method: str, path: str, body: object = None) -> httpx.Response:
        content = b"" if body is None else json.dumps(body).encode()
        async with a_client(self._app) as client:
            return await self._signed.ask(client, method, path, content, JSON)


@pytest.fixture
def nurse(ward: Ward, pushes: Pushes, clock: FakeClock) -> Phone:
    return Phone(ward.nurse, ward, pushes, clock)


def a_body(browser: Browser, **changes: object) -> dict[str, Any]:
    return {
        "endpoint": f"https://{HOST}/send/abc",
        "public": b64encode(browser.keys.public),
        "auth": b64encode(browser.keys.auth),
        "muted": [],
        "quiet_from": 0,
        "quiet_until": 0,
        "urgent_passes": True,
        **changes,
    }


async def test_subscribed_tested_and_no_more(
    nurse: Phone, browser: Browser, vendor: Vendor, pushes: Pushes, store: Store
) -> None:
    key = (await nurse.ask("GET", "/api/push")).json()
    assert key == {"public": b64encode(pushes.public_key)}
    assert (await nurse.ask("POST", "/api/push/test")).status_code == 404

    assert (await nurse.ask("PUT", "/api/push", a_body(browser))).json() == {}
    assert (await nurse.ask("POST", "/api/push/test")).json() == {"outcome": "taken"}
    assert browser.read(vendor.got[0][2])["v"] == 1
    assert (await nurse.ask("DELETE", "/api/push")).json() == {}
    assert await PushStore(store).find_all([nurse.person.account]) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"endpoint": "https://example.org/x"},
        {"endpoint": "http://127.0.0.1/x"},
        {"public": b64encode(bytes(65))},
        {"public": b64encode(bytes(64))},
        {"auth": b64encode(bytes(15))},
        {"quiet_from": 1440},
        {"muted": ["x"]},
        {"urgent_passes": 1},
        {"more": 1},
    ],
)
async def test_refused(nurse: Phone, browser: Browser, changes: dict[str, object]) -> None:
    assert (await nurse.ask("PUT", "/api/push", a_body(browser, **changes))).status_code == 400


async def test_reach_is_told_to_members_only(
    nurse: Phone, ward: Ward, pushes: Pushes, clock: FakeClock, browser: Browser
) -> None:
    path = f"/api/conversations/{ward.channel}/reach"
    doctor = Phone(ward.doctor, ward, pushes, clock)
    stranger = Phone(ward.stranger, ward, pushes, clock)
    account = ward.doctor.account

    assert (await nurse.ask("GET", path)).json() == {"reach": [[account, False, 0]]}
    await doctor.ask("PUT", "/api/push", a_body(browser))
    assert (await nurse.ask("GET", path)).json() == {"reach": [[account, True, 0]]}
    assert (await stranger.ask("GET", path)).status_code == 404
