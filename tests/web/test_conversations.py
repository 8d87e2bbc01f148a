"""Conversations through the door: what a member may read, and how a new epoch is brought."""

import json

import httpx
import pytest

from lien.conversations import Conversations
from lien.conversations.store import ConversationStore
from lien.ids import b64encode, new_channel
from lien.storage.valkey import Store
from lien.telemetry import Telemetry
from lien.web import conversations as door
from tests.conversations.people import Made, Person, Town, a_statement
from tests.fakes import FakeClock
from tests.web.doors import ORIGIN, SignedIn, a_client, an_app

DAY_MS = 86_400_000
JSON = [("content-type", "application/json")]


class Phone:
    """One person's device and the door it knocks at."""

    def __init__(self, person: Person, conversations: Conversations, clock: FakeClock) -> None:
        self.person = person
        self._signed = SignedIn(clock, person.account, person.device, person.device_key)
        self._app = an_app(*door.routes(self._signed.authentication, conversations))

    async def get(self, path: str) -> httpx.Response:
        async with a_client(self._app) as client:
            return await self._signed.ask(client, "GET", path)

    async def post(self, path: str, body: object) -> httpx.Response:
        content = json.dumps(body).encode()
        async with a_client(self._app) as client:
            return await self._signed.ask(client, "POST", path, content, JSON)

    async def begin(self, made: Made, **changes: object) -> httpx.Response:
        return await self.post(path_of(made), {**body_of(made), **changes})


def path_of(made: Made) -> str:
    return f"/api/conversations/{made.channel}/epochs"


def body_of(made: Made) -> dict[str, object]:
    return {
        "statement": b64encode(made.signed.data),
        "signature": b64encode(made.signed.signature),
        "sealed_keys": {account: b64encode(key) for account, key in made.sealed_keys.items()},
    }


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def service(store: Store, town: Town, clock: FakeClock) -> Conversations:
    kept = ConversationStore(store, 30 * DAY_MS)
    return Conversations(kept, town, clock, Telemetry(lambda line: None))


async def test_begun_conversation_is_listed_and_read_by_its_members(
    service: Conversations, town: Town, clock: FakeClock
) -> None:
    nurse, doctor, stranger = (Phone(town.person(), service, clock) for _ in range(3))
    made = a_statement(nurse.person, doctor.person)

    begun = await nurse.begin(made)

    assert begun.json() == {"incarnation": 1, "offset": 1}
    listed = await doctor.get("/api/conversations")
    assert listed.json() == {"channels": [made.channel]}
    read = (await doctor.get(path_of(made))).json()
    assert read == {
        "epochs": [
            {
                "statement": b64encode(made.signed.data),
                "signature": b64encode(made.signed.signature),
                "offset": 1,
                "sealed_key": b64encode(made.sealed_keys[doctor.person.account]),
            }
        ],
        "epoch": 1,
        "stale": False,
    }
    later = (await doctor.get(f"{path_of(made)}?after=1")).json()
    assert later == {"epochs": [], "epoch": 1, "stale": False}
    for path in (path_of(made), f"/api/conversations/{new_channel()}/epochs"):
        answer = await stranger.get(path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_a_member")


async def test_statement_for_another_conversation_is_refused(
    service: Conversations, town: Town, clock: FakeClock
) -> None:
    nurse = Phone(town.person(), service, clock)
    made = a_statement(nurse.person)

    answer = await nurse.post(f"/api/conversations/{new_channel()}/epochs", body_of(made))

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_statement")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("statement", ""),
        ("statement", "A" * 65_540),
        ("statement", None),
        ("signature", b64encode(bytes(63))),
        ("sealed_keys", []),
        ("sealed_keys", {"short": b64encode(bytes(1_168))}),
        ("extra", 1),
    ],
)
async def test_body_that_breaks_a_bound_is_refused(
    service: Conversations, town: Town, clock: FakeClock, name: str, value: object
) -> None:
    nurse = Phone(town.person(), service, clock)

    answer = await nurse.begin(a_statement(nurse.person), **{name: value})

    assert answer.status_code == 400


async def test_address_that_is_no_channel_is_refused(
    service: Conversations, town: Town, clock: FakeClock
) -> None:
    nurse = Phone(town.person(), service, clock)
    assert (await nurse.get("/api/conversations/nothing/epochs")).status_code == 400
    made = a_statement(nurse.person)
    assert (await nurse.get(f"{path_of(made)}?after=-1")).status_code == 400


async def test_other_sites_and_strangers_begin_nothing(
    service: Conversations, town: Town, clock: FakeClock
) -> None:
    person = town.person()
    signed = SignedIn(clock, person.account, person.device, person.device_key)
    app = an_app(*door.routes(signed.authentication, service))
    made = a_statement(person)
    content = json.dumps(body_of(made)).encode()

    async with a_client(app) as client:
        foreign = [*JSON, ("origin", "https://evil.example")]
        other_site = await signed.ask(client, "POST", path_of(made), content, foreign)
        headers = {"content-type": "application/json", "origin": ORIGIN}
        unsigned = await client.post(path_of(made), content=content, headers=headers)

    assert (other_site.status_code, other_site.json()["error"]["code"]) == (403, "bad_origin")
    assert unsigned.status_code == 401
    assert await service.list_channels(person.account) == []
