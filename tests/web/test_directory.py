"""The directory through the door: signed-in callers only, at a human pace."""

from collections.abc import AsyncIterator

import httpx
import pytest

from lien import demo
from lien.accounts import Accounts, Guests
from lien.accounts.store import AccountStore
from lien.crypto.attestor import AttestorKey
from lien.crypto.signing import SigningKey
from lien.directory import Directory, Territory
from lien.directory.store import DirectoryStore
from lien.ids import AccountId, RppsNumber, new_id
from lien.storage.buckets import Buckets
from lien.storage.valkey import Store
from lien.web import directory as door
from tests.fakes import FakeClock
from tests.trails import a_trail
from tests.web.doors import SignedIn, a_client, an_app

HOARAU = RppsNumber("99000000002")  # the first of the cast
ELSEWHERE = RppsNumber("99000000606")  # works in Mayotte


@pytest.fixture
def caller(clock: FakeClock) -> SignedIn:
    return SignedIn(clock)


@pytest.fixture
async def client(
    store: Store, clock: FakeClock, caller: SignedIn
) -> AsyncIterator[httpx.AsyncClient]:
    people = Directory(DirectoryStore(store), clock)
    with demo.open_extract() as file:
        await people.import_extract(
            file, territory=Territory.parse("974"), extract_date=demo.EXTRACT_DATE
        )
    accounts = Accounts(
        AccountStore.of(store),
        people,
        AttestorKey.first(SigningKey.generate()),
        clock,
        a_trail(store, clock),
    )
    guests = Guests(AccountStore.of(store), accounts, clock, 365)
    routes = door.routes(caller.authentication, people, accounts, guests, Buckets(store))
    async with a_client(an_app(*routes)) as client:
        yield client


async def join(store: Store, rpps: RppsNumber) -> AccountId:
    account = AccountId(new_id())
    await AccountStore.of(store).chains.claim_rpps(rpps, None, account)
    return account


async def test_search_shows_people_with_their_account(
    client: httpx.AsyncClient, caller: SignedIn, store: Store
) -> None:
    account = await join(store, HOARAU)

    answer = await caller.ask(client, "GET", "/api/directory?q=hoarau%20denis")

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json() == {
        "guests": [],
        "professionals": [
            {
                "rpps": HOARAU,
                "family_name": "FICTIF-HOARAU",
                "given_name": "Marie",
                "civility": "Dr",
                "profession_code": "10",
                "profession": "Médecin",
                "specialities": ["Médecine générale"],
                "category": "C",
                "activities": [
                    {
                        "structure": "CABINET FICTIF DU JARDIN",
                        "commune": "Saint-Denis",
                        "postcode": "97400",
                        "mode": "L",
                    },
                    {
                        "structure": "CHU FICTIF DU NORD",
                        "commune": "Saint Denis",
                        "postcode": "97405",
                        "mode": "S",
                    },
                ],
                "account": account,
            }
        ],
        "next": None,
        "extract_date": demo.EXTRACT_DATE,
    }


async def test_pages_follow_each_other(client: httpx.AsyncClient, caller: SignedIn) -> None:
    first = (await caller.ask(client, "GET", "/api/directory?q=fictif")).json()
    path = str(httpx.URL("/api/directory", params={"q": "fictif", "after": first["next"]}))
    second = (await caller.ask(client, "GET", path)).json()

    assert len(first["professionals"]) == len(second["professionals"]) == 20
    numbers = {one["rpps"] for page in (first, second) for one in page["professionals"]}
    assert len(numbers) == 40
    assert all(one["account"] is None for one in second["professionals"])


@pytest.mark.parametrize(
    "query", ["", "?q=", "?q=a", "?q=%2d%2d", "?q=" + "x" * 101, "?q=aa&after=9x", "?q=aa&q=bb"]
)
async def test_unreadable_searches_are_refused(
    client: httpx.AsyncClient, caller: SignedIn, query: str
) -> None:
    answer = await caller.ask(client, "GET", f"/api/directory{query}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "malformed")


async def test_one_person_is_looked_up_by_number(
    client: httpx.AsyncClient, caller: SignedIn, store: Store
) -> None:
    account = await join(store, HOARAU)
    answer = await caller.ask(client, "GET", f"/api/directory/{HOARAU}")
    assert answer.json()["account"] == account


async def test_who_works_elsewhere_is_shown_only_once_they_have_joined(
    client: httpx.AsyncClient, caller: SignedIn, store: Store
) -> None:
    unknown = await caller.ask(client, "GET", "/api/directory/99000000994")
    before = await caller.ask(client, "GET", f"/api/directory/{ELSEWHERE}")
    await join(store, ELSEWHERE)
    after = await caller.ask(client, "GET", f"/api/directory/{ELSEWHERE}")

    assert (before.status_code, before.content) == (404, unknown.content)
    assert after.json()["family_name"] == "FICTIF-MADI"
    assert after.json()["activities"] == []


@pytest.mark.parametrize("number", ["123", "9900000000X", "899000000002"])
async def test_number_has_eleven_digits(
    client: httpx.AsyncClient, caller: SignedIn, number: str
) -> None:
    assert (await caller.ask(client, "GET", f"/api/directory/{number}")).status_code == 400


async def test_nobody_reads_the_directory_without_signing_in(client: httpx.AsyncClient) -> None:
    for path in ("/api/directory?q=hoarau", f"/api/directory/{HOARAU}"):
        answer = await client.get(path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "not_signed_in")


async def test_copying_the_directory_is_slow(client: httpx.AsyncClient, caller: SignedIn) -> None:
    answers = [await caller.ask(client, "GET", "/api/directory?q=ho") for _ in range(32)]

    refused = [answer for answer in answers if answer.status_code == 429]
    assert answers[29].status_code == 200
    assert refused
    assert refused[0].json()["error"]["code"] == "too_many"
    assert 0 < refused[0].json()["error"]["retry_after_ms"] <= 2_000
    assert refused[0].headers["retry-after"] in ("1", "2")
