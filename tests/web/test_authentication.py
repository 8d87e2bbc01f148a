"""Who a request is from: what a stolen cookie, an old proof or another site's page gets."""

import json
from typing import Any

import pytest
from starlette.requests import Request

from lien.accounts import NotSignedIn
from lien.crypto.signing import SigningKey
from lien.ids import AccountId, DeviceId, SessionId, new_id
from lien.web.authentication import SESSION_COOKIE, BadOrigin
from tests.directory.rows import NUMBERS
from tests.web.services import ORIGIN
from tests.web.signing_in import Deployment, Phone, error_of

ANY = "A" * 22  # an identifier that nothing has

# Every route here that needs a session, with a body that would be read; the journey of tests/e2e
# asks every route of the whole server.
SESSION_ROUTES = [
    ("POST", "/api/account/close"),
    ("GET", "/api/audit"),
    ("GET", "/api/session"),
    ("POST", "/api/session/renew"),
    ("POST", "/api/session/end"),
    ("POST", "/api/passkeys/begin"),
    ("POST", "/api/passkeys"),
    ("GET", "/api/passkeys"),
    ("DELETE", "/api/passkeys/AAAA"),
    ("PUT", "/api/vault/recovery"),
    ("GET", "/api/devices"),
    ("GET", "/api/administration"),
    ("POST", "/api/administration/accounts/{account}/suspend"),
    ("DELETE", "/api/administration/accounts/{account}/sessions"),
    ("DELETE", f"/api/administration/sponsorships/{ANY}"),
    ("PUT", f"/api/administration/sponsorships/{ANY}"),
    ("POST", "/api/sponsorships"),
    ("GET", "/api/sponsorships"),
    ("DELETE", f"/api/sponsorships/{ANY}"),
    ("PUT", f"/api/sponsorships/{ANY}"),
    ("GET", "/api/account/situation"),
    ("PUT", "/api/account/situation"),
    ("GET", "/api/accounts/{account}"),
    ("GET", "/api/accounts/{account}/chain?after=-1"),
    ("PUT", f"/api/pins/{ANY}"),
    ("DELETE", f"/api/pins/{ANY}"),
    ("PUT", f"/api/devices/{ANY}"),
    ("GET", "/api/devices/keys"),
    ("PUT", "/api/devices/keys"),
    ("GET", "/api/devices/box"),
    ("POST", "/api/devices/boxes"),
    ("GET", f"/api/transfers/{ANY}/hello"),
    ("POST", f"/api/transfers/{ANY}/answer"),
    ("GET", "/api/sessions"),
    ("POST", "/api/sessions/end-others"),
    ("DELETE", f"/api/sessions/{ANY}"),
    ("POST", "/api/chain"),
    ("GET", "/api/chain/earlier"),
    ("GET", "/api/vault"),
    ("GET", "/api/directory?q=fictif"),
    ("GET", "/api/directory/visibility"),
    ("PUT", "/api/directory/visibility"),
    ("GET", f"/api/directory/{NUMBERS[0]}"),
    ("GET", "/api/conversations"),
    ("GET", "/api/conversations/{channel}/epochs?after=0"),
    ("GET", "/api/conversations/{channel}/receipts"),
    ("POST", "/api/conversations/{channel}/epochs"),
    ("PUT", "/api/conversations/{channel}/retention"),
    ("POST", "/api/account/release"),
    ("GET", f"/api/gateways/{ANY}"),
    ("POST", f"/api/documents/{ANY}/traces"),
    ("GET", "/api/documents/traces"),
    ("GET", "/api/documents/audit-key"),
]


def address(phone: Phone, path: str) -> str:
    return path.format(account=phone.account, channel="i" + phone.account)


def test_every_session_route_is_in_the_list(deployment: Deployment) -> None:
    """A new route must be added above, so that the tests below look at it."""
    open_routes = {
        "/api/status",
        "/api/enrolment",
        "/api/enrolment/recovery",
        "/api/enrolment/fresh-start",
        "/api/accounts",
        "/api/session/provider",
        "/api/session/passkey/begin",
        "/api/session/passkey",
        "/api/pins/begin",
        "/api/pins/open",
        "/api/session/pin",
        "/api/invitation",
        "/api/invitation/account",
        "/api/transfers/{transfer}",
        "/api/transfers/{transfer}/session",
        # A hospital's gateway proves itself by its own key: test_documents.
        "/api/gateways/registration",
        "/api/gateway",
        "/api/gateway/recipients",
        "/api/gateway/accounts/{account}/chain",
        "/api/gateway/deliveries",
    }
    listed = {(method, path.partition("?")[0]) for method, path in SESSION_ROUTES}
    for route in deployment.app.routes:
        path: str = route.path  # type: ignore[attr-defined]
        for method in route.methods - {"HEAD"}:  # type: ignore[attr-defined]
            if not path.startswith("/api/") or path in open_routes:
                continue
            if (method, path) == ("POST", "/api/devices"):  # a flow, not a session
                continue
            shown = path.replace("{passkey}", "AAAA").replace("{wrapper}", "recovery")
            shown = shown.replace("{rpps}", NUMBERS[0])
            for name in ("pin", "session", "device", "invitation", "transfer", "gateway"):
                shown = shown.replace(f"{{{name}}}", ANY)
            shown = shown.replace("{document}", ANY)
            assert (method, shown) in listed, path


@pytest.mark.parametrize(("method", "path"), SESSION_ROUTES)
async def test_a_stolen_cookie_gets_nothing(phone: Phone, method: str, path: str) -> None:
    path = address(phone, path)
    body: Any = None if method == "GET" else {}

    with_key = await phone.call(method, path, body)
    phone.key = SigningKey.generate()
    thief = await phone.call(method, path, body)
    without = await phone.http.request(method, path, json=body)

    assert with_key.status_code not in (401, 500), with_key.text
    assert (thief.status_code, error_of(thief)) == (401, "not_signed_in")
    assert (without.status_code, error_of(without)) == (401, "not_signed_in")


async def test_a_proof_without_the_cookie_gets_nothing(phone: Phone) -> None:
    phone.http.cookies.clear()

    answer = await phone.call("GET", "/api/session")

    assert (answer.status_code, error_of(answer)) == (401, "not_signed_in")


@pytest.mark.parametrize("seconds", [-61, 61])
async def test_a_proof_is_for_this_minute(
    deployment: Deployment, phone: Phone, seconds: int
) -> None:
    early = phone.proof("GET", "/api/devices")
    deployment.clock.advance(seconds=seconds)
    late = await phone.http.get("/api/devices", headers={"Lien-Proof": early})
    deployment.clock.advance(seconds=-seconds + (59 if seconds > 0 else -59))
    in_time = await phone.http.get("/api/devices", headers={"Lien-Proof": early})

    assert error_of(late) == "not_signed_in"
    assert in_time.status_code == 200


async def test_a_request_that_changes_something_is_taken_once(phone: Phone) -> None:
    """Whoever saw it on its way cannot have it done again, however soon."""
    body = json.dumps({"hidden": True}).encode()
    headers = {
        "Content-Type": "application/json",
        "Lien-Proof": phone.proof("PUT", "/api/directory/visibility", body),
    }

    first = await phone.http.put("/api/directory/visibility", content=body, headers=headers)
    again = await phone.http.put("/api/directory/visibility", content=body, headers=headers)

    assert first.status_code == 200
    assert (again.status_code, error_of(again)) == (409, "replayed")
    assert (await phone.call("PUT", "/api/directory/visibility", {"hidden": True})).is_success


async def test_a_request_that_reads_may_come_again(phone: Phone) -> None:
    headers = {"Lien-Proof": phone.proof("GET", "/api/devices")}
    answers = [await phone.http.get("/api/devices", headers=headers) for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 200]


async def test_a_proof_is_for_one_method_path_query_and_body(phone: Phone) -> None:
    content = json.dumps({"links": [], "earlier": [], "vault": []}).encode()
    proof = {"Lien-Proof": phone.proof("POST", "/api/chain?a=1", content)}
    kind = {"Content-Type": "application/json"}

    right = await phone.http.post("/api/chain?a=1", content=content, headers=proof | kind)
    others = [
        await phone.http.put("/api/chain?a=1", content=content, headers=proof | kind),
        await phone.http.post("/api/chain?a=2", content=content, headers=proof | kind),
        await phone.http.post("/api/chain", content=content, headers=proof | kind),
        await phone.http.post("/api/chain?a=1", content=content + b" ", headers=proof | kind),
        await phone.http.post("/api/session/renew", content=content, headers=proof | kind),
    ]

    assert error_of(right) == "malformed"  # got in, and an empty list of links was refused
    assert {answer.status_code for answer in others} == {401, 405}


@pytest.mark.parametrize(
    "proof",
    ["", ".", "1", "x.y", "-1.{s}", "01.{s}", "{t}.{s}A", "{t}.short", "{t}.{s}.1", " {t}.{s}"],
)
async def test_a_malformed_proof_is_no_proof(phone: Phone, proof: str) -> None:
    right = phone.proof("GET", "/api/session")
    at_ms, _, signature = right.partition(".")
    headers = {"Lien-Proof": proof.format(t=at_ms, s=signature)}

    answer = await phone.http.get("/api/session", headers=headers)

    assert (answer.status_code, error_of(answer)) == (401, "not_signed_in")


async def test_a_non_canonical_signature_is_no_proof(phone: Phone) -> None:
    """The last of 86 characters holds 2 bits only: another one must not decode to the same."""
    proof = phone.proof("GET", "/api/session")
    other = proof[:-1] + chr(ord(proof[-1]) + 1)

    answer = await phone.http.get("/api/session", headers={"Lien-Proof": other})

    assert answer.status_code == 401


async def test_two_session_cookies_are_refused(phone: Phone) -> None:
    value = phone.token
    headers = {
        "Cookie": f"{SESSION_COOKIE}={value}; {SESSION_COOKIE}={value}",
        "Lien-Proof": phone.proof("GET", "/api/session"),
    }

    answer = await phone.http.get("/api/session", headers=headers)

    assert answer.status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": ORIGIN + ":8443"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
    ],
)
async def test_another_site_changes_nothing(phone: Phone, headers: dict[str, str]) -> None:
    foreign = await phone.call("POST", "/api/session/renew", **headers)
    begin = await phone.http.post("/api/session/passkey/begin", headers=headers)
    own = await phone.call(
        "POST", "/api/session/renew", **{"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}
    )

    assert (foreign.status_code, error_of(foreign)) == (403, "bad_origin")
    assert error_of(begin) == "bad_origin"
    assert own.status_code == 200


async def test_an_ended_session_is_refused_by_every_worker(
    deployment: Deployment, phone: Phone
) -> None:
    token = phone.token
    ended = await phone.call("POST", "/api/session/end")
    assert ended.headers["Clear-Site-Data"] == '"cookies"'
    assert SESSION_COOKIE not in phone.http.cookies
    phone.token = token

    here = await phone.call("GET", "/api/session")
    # A worker that starts now knows it from the store.
    deployment.sessions.revocations.clear()
    await deployment.sessions.load_revocations()
    there = await phone.call("GET", "/api/session")

    assert error_of(here) == error_of(there) == "not_signed_in"


async def test_a_worker_that_missed_the_notice_still_renews_nothing(
    deployment: Deployment, phone: Phone
) -> None:
    await phone.call("POST", "/api/session/renew")
    token = phone.token
    await phone.call("POST", "/api/session/end")
    phone.token = token
    deployment.sessions.revocations.clear()

    answer = await phone.call("POST", "/api/session/renew")

    assert error_of(answer) == "not_signed_in"


async def test_a_session_ends_after_thirty_idle_minutes(
    deployment: Deployment, phone: Phone
) -> None:
    deployment.clock.advance(seconds=29 * 60)
    assert (await phone.call("GET", "/api/session")).status_code == 200
    deployment.clock.advance(seconds=60)
    assert error_of(await phone.call("GET", "/api/session")) == "not_signed_in"


async def test_renewing_never_passes_four_hours(deployment: Deployment, phone: Phone) -> None:
    session: dict[str, int] = {}
    for _ in range(11):
        deployment.clock.advance(seconds=20 * 60)
        answer = await phone.call("POST", "/api/session/renew")
        assert answer.status_code == 200
        session = answer.json()
    assert session["idle_ends_at_ms"] == session["ends_at_ms"]
    deployment.clock.advance(seconds=20 * 60)
    assert error_of(await phone.call("POST", "/api/session/renew")) == "not_signed_in"


def test_the_socket_knows_its_caller_by_the_cookie(deployment: Deployment, clock: Any) -> None:
    authentication = deployment.authentication
    with pytest.raises(NotSignedIn):
        authentication.socket_caller({})
    with pytest.raises(NotSignedIn):
        authentication.socket_caller({SESSION_COOKIE: "AAAA"})
    with pytest.raises(BadOrigin):
        authentication.check_origin({"origin": "https://evil.example"})
    authentication.check_origin({})


async def test_the_socket_refuses_an_ended_session(deployment: Deployment, phone: Phone) -> None:
    cookies = {SESSION_COOKIE: phone.token}
    caller = deployment.authentication.socket_caller(cookies)
    assert (caller.account, caller.device) == (phone.account, phone.device)
    assert not deployment.authentication.is_ended(caller)

    deployment.sessions.revocations.note(
        AccountId(phone.account), DeviceId(""), SessionId(phone.session), 1
    )

    assert deployment.authentication.is_ended(caller)
    with pytest.raises(NotSignedIn):
        deployment.authentication.socket_caller(cookies)


async def test_an_address_outside_ascii_is_no_error_of_ours(
    deployment: Deployment, phone: Phone
) -> None:
    """The proof is over what the network gave, never over what it decodes to."""
    path = "/api/accounts/%C3%A9"
    assert error_of(await phone.call("GET", path)) == "malformed"
    request = Request(
        {"type": "http", "method": "GET", "path": "/é", "headers": [], "query_string": b"\xff"}
    )
    with pytest.raises(NotSignedIn):
        await deployment.authentication.caller_of(request)


async def test_a_session_of_another_deployment_is_refused(phone: Phone) -> None:
    value = phone.token
    phone.token = value  # the same cookie set by hand is taken
    assert (await phone.call("GET", "/api/session")).status_code == 200
    flipped = value[:-4] + ("AAAA" if value[-4:] != "AAAA" else "BBBB")
    phone.token = flipped
    assert error_of(await phone.call("GET", "/api/session")) == "not_signed_in"


async def test_nobody_is_told_whether_an_account_is_there(phone: Phone) -> None:
    """For who is signed in: an unknown account is simply not found."""
    answer = await phone.call("GET", f"/api/accounts/{new_id()}")
    assert (answer.status_code, error_of(answer)) == (404, "not_found")
