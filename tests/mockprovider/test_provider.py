"""The demonstration's provider is as strict as the real one where a client could be wrong."""

import base64
import hashlib
import re
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from starlette.applications import Starlette

from lien.config import BadConfig
from lien.directory import Directory
from lien.directory.store import DirectoryStore
from lien.ids import b64encode
from lien.mockprovider import CLIENT_ID, MockProvider, create_missing, load_key
from lien.storage.valkey import Store
from tests.directory.loading import load, load_demo
from tests.directory.rows import FAMILY, NUMBERS, a_row, an_extract
from tests.fakes import FakeClock

ORIGIN = "http://localhost:8000"
BACK = f"{ORIGIN}/auth/mock/callback"
REALM = "/mock/auth/realms/esante-wallet"
PROTOCOL = f"{REALM}/protocol/openid-connect"
VERIFIER = "v" * 43
ASKED = {
    "response_type": "code",
    "client_id": CLIENT_ID,
    "redirect_uri": BACK,
    "scope": "openid scope_all",
    "acr_values": "eidas1",
    "state": "a state",
    "nonce": "a nonce",
    "code_challenge": b64encode(hashlib.sha256(VERIFIER.encode()).digest()),
    "code_challenge_method": "S256",
}


@pytest.fixture
def directory(store: Store, clock: FakeClock) -> Directory:
    return Directory(DirectoryStore(store), clock)


@pytest.fixture
def mock(directory: Directory, clock: FakeClock, tmp_path: Path) -> MockProvider:
    create_missing(tmp_path)
    used: set[str] = set()

    async def use_once(name: str, seconds: int) -> bool:
        is_first = name not in used
        used.add(name)
        return is_first

    return MockProvider(directory, ORIGIN, load_key(tmp_path), clock, use_once)


@pytest.fixture
async def http(mock: MockProvider) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(Starlette(routes=mock.routes()))
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        yield client


async def a_code(http: httpx.AsyncClient, directory: Directory) -> str:
    await load(directory, an_extract(a_row(0)), may_shrink=True)
    chosen = await http.post(f"{PROTOCOL}/auth", data={**ASKED, "rpps": NUMBERS[0]})
    query = parse_qs(urlsplit(chosen.headers["location"]).query)
    assert query["state"] == ["a state"]
    assert query["iss"] == [ORIGIN + REALM]
    return query["code"][0]


def a_grant(mock: MockProvider, code: str) -> dict[str, str]:
    return {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": BACK,
        "code_verifier": VERIFIER,
        "client_id": CLIENT_ID,
        "client_secret": mock.settings.client_secret,
    }


async def test_the_page_shows_the_demonstration(
    http: httpx.AsyncClient, directory: Directory
) -> None:
    await load_demo(directory)
    page = await http.get(f"{PROTOCOL}/auth?{urlencode(ASKED)}")
    more = re.search(r'<a class="more" href="([^"]*)"', page.text)
    assert more is not None
    following = await http.get(unescape(more[1]))
    found = await http.get(f"{PROTOCOL}/auth?{urlencode(ASKED | {'q': 'payet sage-femme'})}")

    first = set(re.findall(r'name="rpps" value="(\d{11})"', page.text))
    second = set(re.findall(r'name="rpps" value="(\d{11})"', following.text))
    assert len(first) == 20
    assert len(second) == 20
    assert not first & second
    assert 'lang="fr"' in page.text
    assert "<script" not in page.text
    assert "FICTIF-PAYET" in found.text or "Personne ne correspond" in found.text


async def test_the_page_allows_its_own_style_and_nothing_else(http: httpx.AsyncClient) -> None:
    page = await http.get(f"{PROTOCOL}/auth?{urlencode(ASKED)}")
    policy = page.headers["content-security-policy"]
    style = re.search(r"<style>(.*?)</style>", page.text, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "form-action 'self'" in policy
    assert "frame-ancestors 'none'" in policy


async def test_a_query_is_shown_as_text(http: httpx.AsyncClient, directory: Directory) -> None:
    await load(directory, an_extract(a_row(0, **{FAMILY: 'FICTIF-<b>"x'})), may_shrink=True)
    asked = ASKED | {"q": '<script>"fictif', "state": '"><script>'}
    page = await http.get(f"{PROTOCOL}/auth?{urlencode(asked)}")
    shown = await http.get(f"{PROTOCOL}/auth?{urlencode(ASKED)}")
    assert "<script" not in page.text
    assert "FICTIF-&lt;b&gt;" in shown.text


async def test_too_short_a_query_is_said(http: httpx.AsyncClient) -> None:
    page = await http.get(f"{PROTOCOL}/auth?{urlencode(ASKED | {'q': 'x'})}")
    assert page.status_code == 200
    assert "au moins deux lettres" in page.text


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": BACK + "/more"},
        {"client_id": "another"},
        {"response_type": "token"},
        {"scope": "profile"},
        {"state": ""},
        {"nonce": ""},
        {"code_challenge": ""},
        {"code_challenge_method": "plain"},
        {"state": "x" * 2049},
    ],
)
async def test_a_request_wrong_in_one_point_is_refused(
    http: httpx.AsyncClient, changes: dict[str, str]
) -> None:
    shown = await http.get(f"{PROTOCOL}/auth?{urlencode(ASKED | changes)}")
    chosen = await http.post(f"{PROTOCOL}/auth", data=ASKED | changes | {"rpps": NUMBERS[0]})

    # Never sent back to an address that was not checked.
    assert (shown.status_code, chosen.status_code) == (400, 400)
    assert "location" not in chosen.headers


async def test_choosing_is_for_its_own_page_and_a_known_person(
    http: httpx.AsyncClient, directory: Directory
) -> None:
    await a_code(http, directory)
    form = {**ASKED, "rpps": NUMBERS[0]}
    foreign = await http.post(
        f"{PROTOCOL}/auth", data=form, headers={"Sec-Fetch-Site": "cross-site"}
    )
    unknown = await http.post(f"{PROTOCOL}/auth", data=form | {"rpps": NUMBERS[5]})
    nobody = await http.post(f"{PROTOCOL}/auth", data=form | {"rpps": "x"})
    not_a_form = await http.post(f"{PROTOCOL}/auth", content=b"\xff" * 10)
    many = await http.post(f"{PROTOCOL}/auth", content=b"a=1&" * 100)
    for answer in (foreign, unknown, nobody, not_a_form, many):
        assert answer.status_code == 400


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_secret": "another"}, "invalid_client"),
        ({"client_id": "another"}, "invalid_client"),
        ({"grant_type": "password"}, "invalid_grant"),
        ({"code": "another"}, "invalid_grant"),
        ({"code": ""}, "invalid_grant"),
        ({"redirect_uri": "https://evil.example/"}, "invalid_grant"),
        ({"code_verifier": "w" * 43}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_grant"),
    ],
)
async def test_a_grant_wrong_in_one_point_is_refused(
    http: httpx.AsyncClient,
    mock: MockProvider,
    directory: Directory,
    changes: dict[str, str],
    error: str,
) -> None:
    grant = a_grant(mock, await a_code(http, directory))
    refused = await http.post(f"{PROTOCOL}/token", data=grant | changes)
    right = await http.post(f"{PROTOCOL}/token", data=grant)

    assert refused.json() == {"error": error}
    assert right.status_code == 200


async def test_a_code_is_used_once_within_its_minute(
    http: httpx.AsyncClient, mock: MockProvider, directory: Directory, clock: FakeClock
) -> None:
    grant = a_grant(mock, await a_code(http, directory))
    first = await http.post(f"{PROTOCOL}/token", data=grant)
    second = await http.post(f"{PROTOCOL}/token", data=grant)
    late_grant = a_grant(mock, await a_code(http, directory))
    clock.advance(seconds=60)
    late = await http.post(f"{PROTOCOL}/token", data=late_grant)

    assert first.status_code == 200
    assert second.json() == late.json() == {"error": "invalid_grant"}


async def test_the_userinfo_has_the_shape_of_the_real_one(
    http: httpx.AsyncClient, mock: MockProvider, directory: Directory, clock: FakeClock
) -> None:
    grant = a_grant(mock, await a_code(http, directory))
    tokens = (await http.post(f"{PROTOCOL}/token", data=grant)).json()

    async def ask(token: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return await http.get(f"{PROTOCOL}/userinfo", headers=headers)

    claims: dict[str, Any] = (await ask(tokens["access_token"])).json()
    assert claims["SubjectNameID"] == f"8{NUMBERS[0]}"
    assert claims["sub"].endswith(f":8{NUMBERS[0]}")
    assert claims["otherIds"][0]["origine"] == "RPPS"
    assert claims["SubjectRefPro"]["exercices"][0]["codeProfession"] == "60"
    assert claims["SubjectRefPro"]["exercices"][0]["activities"][0]["codePostal"] == "97400"
    for other in (tokens["id_token"], grant["code"], "x", ""):
        assert (await ask(other)).status_code == 401
    clock.advance(seconds=120)
    assert (await ask(tokens["access_token"])).status_code == 401


async def test_basic_authentication_of_the_client(
    http: httpx.AsyncClient, mock: MockProvider, directory: Directory
) -> None:
    grant = a_grant(mock, await a_code(http, directory))
    secret = grant.pop("client_secret")
    broken = await http.post(f"{PROTOCOL}/token", data=grant, headers={"Authorization": "Basic !"})
    right = await http.post(
        f"{PROTOCOL}/token", data=grant, auth=httpx.BasicAuth(CLIENT_ID, secret)
    )
    assert broken.status_code == 401
    assert right.status_code == 200


async def test_signing_out_leads_home(http: httpx.AsyncClient) -> None:
    answer = await http.get(f"{PROTOCOL}/logout?post_logout_redirect_uri=https://evil.example")
    assert answer.headers["location"] == f"{ORIGIN}/"


def test_it_is_for_this_machine_only(
    directory: Directory, clock: FakeClock, tmp_path: Path
) -> None:
    create_missing(tmp_path)

    async def use_once(name: str, seconds: int) -> bool:
        return True

    with pytest.raises(BadConfig):
        MockProvider(directory, "https://lien.example", load_key(tmp_path), clock, use_once)


def test_a_broken_key_is_said_with_the_remedy(tmp_path: Path) -> None:
    create_missing(tmp_path)
    (tmp_path / "keys/mock-provider.json").write_text("{}")
    with pytest.raises(BadConfig, match="lien init"):
        load_key(tmp_path)
