"""Express login through the door: fresh sign-in to register, one answer to one challenge."""

import asyncio
from typing import Any

import pytest

from lien.accounts import PrfLeaked
from lien.ids import b64encode
from lien.storage.valkey import Store
from tests.directory.rows import NUMBERS
from tests.web.services import ORIGIN
from tests.web.signing_in import Deployment, Phone, error_of


async def test_a_passkey_signs_its_device_in(deployment: Deployment, phone: Phone) -> None:
    added = await phone.add_passkey()
    await phone.call("POST", "/api/session/end")

    answer = await phone.sign_in_with_passkey()

    assert answer.status_code == 200, answer.text
    assert (await phone.call("GET", "/api/session")).json()["account"] == phone.account
    listed = (await phone.call("GET", "/api/passkeys")).json()["passkeys"]
    assert [(one["passkey"], one["label"]) for one in listed] == [
        (added.json()["passkey"], "Visage")
    ]


async def test_a_session_by_passkey_registers_no_further_passkey(
    deployment: Deployment, phone: Phone
) -> None:
    await phone.add_passkey()
    await phone.sign_in_with_passkey()

    begun = await phone.call("POST", "/api/passkeys/begin")

    assert (begun.status_code, error_of(begun)) == (401, "fresh_sign_in_needed")


async def test_registering_needs_the_provider_within_ten_minutes(
    deployment: Deployment, phone: Phone
) -> None:
    options = (await phone.call("POST", "/api/passkeys/begin")).json()["options"]
    credential = phone.authenticator.create(options, ORIGIN)
    deployment.clock.advance(seconds=601)

    begun = await phone.call("POST", "/api/passkeys/begin")
    finished = await phone.call(
        "POST", "/api/passkeys", {"credential": credential, "label": "Visage"}
    )

    assert error_of(begun) == error_of(finished) == "fresh_sign_in_needed"


async def test_one_answer_counts_of_a_hundred(deployment: Deployment, phone: Phone) -> None:
    """The challenge is gone before an answer is looked at: a replay race has one winner."""
    await phone.add_passkey()
    body = await phone.passkey_body()

    answers = await asyncio.gather(
        *(phone.http.post("/api/session/passkey", json=body) for _ in range(100))
    )

    assert [answer.status_code for answer in answers].count(200) == 1
    refused = {error_of(answer) for answer in answers if answer.status_code != 200}
    assert refused == {"bad_passkey"}


async def test_one_registration_counts_of_twenty(deployment: Deployment, phone: Phone) -> None:
    options = (await phone.call("POST", "/api/passkeys/begin")).json()["options"]
    body = {"credential": phone.authenticator.create(options, ORIGIN), "label": "Visage"}

    answers = await asyncio.gather(*(phone.call("POST", "/api/passkeys", body) for _ in range(20)))

    assert [answer.status_code for answer in answers].count(200) == 1
    assert len(await deployment.passkeys.list_passkeys(phone.account)) == 1


async def test_a_wrong_answer_uses_the_challenge_up(deployment: Deployment, phone: Phone) -> None:
    await phone.add_passkey()
    right = await phone.passkey_body()
    wrong = right | {"credential": right["credential"] | {"id": "AAAA", "rawId": "AAAA"}}

    first = await phone.http.post("/api/session/passkey", json=wrong)
    second = await phone.http.post("/api/session/passkey", json=right)

    assert error_of(first) == error_of(second) == "bad_passkey"


async def test_a_challenge_serves_one_purpose(deployment: Deployment, phone: Phone) -> None:
    """An answer to a sign-in challenge is none to a registration, and the other way round."""
    await phone.add_passkey()
    begun = (await phone.http.post("/api/session/passkey/begin")).json()
    created = (await phone.call("POST", "/api/passkeys/begin")).json()["options"]
    crossed = {
        "rp": created["rp"],
        "user": created["user"],
        "challenge": begun["options"]["challenge"],
    }
    credential = phone.authenticator.create(crossed, ORIGIN)

    registered = await phone.call(
        "POST", "/api/passkeys", {"credential": credential, "label": "Visage"}
    )

    assert error_of(registered) == "bad_passkey"


async def test_a_registration_belongs_to_its_session(deployment: Deployment, phone: Phone) -> None:
    other = deployment.phone()
    await other.create_account(NUMBERS[1])
    options = (await phone.call("POST", "/api/passkeys/begin")).json()["options"]
    body = {"credential": phone.authenticator.create(options, ORIGIN), "label": "Visage"}

    stolen = await other.call("POST", "/api/passkeys", body)
    own = await phone.call("POST", "/api/passkeys", body)

    assert error_of(stolen) == "bad_passkey"
    assert own.status_code == 200


async def test_a_passkey_is_registered_once(deployment: Deployment, phone: Phone) -> None:
    await phone.add_passkey()
    [known] = await deployment.passkeys.list_passkeys(phone.account)
    assert not await deployment.stored.passkeys.add_passkey(known)


@pytest.mark.parametrize("path", ["/api/passkeys", "/api/session/passkey"])
async def test_a_prf_output_is_refused_and_not_kept(
    deployment: Deployment, phone: Phone, path: str
) -> None:
    await phone.add_passkey()
    body = await phone.passkey_body()
    body["credential"]["clientExtensionResults"] = {
        "prf": {"enabled": True, "results": {"first": b64encode(bytes(32))}}
    }
    if path == "/api/passkeys":
        body = {"credential": body["credential"], "label": "Visage"}

    answer = await phone.call("POST", path, body)

    assert (answer.status_code, error_of(answer)) == (400, PrfLeaked.code)


@pytest.mark.parametrize(
    "changes", [{"proof": None}, {"device": None}, {"more": 1}, {"nonce": "AA"}]
)
async def test_a_sign_in_of_another_shape_is_malformed(
    deployment: Deployment, phone: Phone, changes: dict[str, Any]
) -> None:
    await phone.add_passkey()
    body = await phone.passkey_body()
    answer = await phone.http.post("/api/session/passkey", json=body | changes)
    assert error_of(answer) == "malformed"


async def test_the_passkey_alone_is_not_the_device(deployment: Deployment, phone: Phone) -> None:
    """Whoever has the synced passkey, but not the device's key, gets no session of the device."""
    await phone.add_passkey()
    thief = deployment.phone()
    thief.authenticator, thief.device = phone.authenticator, phone.device

    answer = await thief.sign_in_with_passkey()

    assert (answer.status_code, error_of(answer)) == (401, "not_signed_in")


async def test_a_removed_passkey_opens_nothing(deployment: Deployment, phone: Phone) -> None:
    passkey = (await phone.add_passkey()).json()["passkey"]
    body = await phone.passkey_body()

    removed = await phone.call("DELETE", f"/api/passkeys/{passkey}")
    answer = await phone.http.post("/api/session/passkey", json=body)
    again = await phone.call("DELETE", f"/api/passkeys/{passkey}")

    assert removed.status_code == 200
    assert error_of(answer) == "bad_passkey"
    assert error_of(again) == "not_found"


async def test_nobody_removes_the_passkey_of_another(deployment: Deployment, phone: Phone) -> None:
    passkey = (await phone.add_passkey()).json()["passkey"]
    other = deployment.phone()
    await other.create_account(NUMBERS[1])

    answer = await other.call("DELETE", f"/api/passkeys/{passkey}")

    assert error_of(answer) == "not_found"
    assert (await phone.sign_in_with_passkey()).status_code == 200


async def test_the_last_way_to_the_secret_stays(deployment: Deployment, phone: Phone) -> None:
    passkey = (await phone.add_passkey()).json()["passkey"]
    entry = {"generation": 1, "wrapped": b64encode(bytes(72))}
    await phone.call("PUT", f"/api/vault/passkey:{passkey}", entry)

    refused = await phone.call("DELETE", f"/api/passkeys/{passkey}")
    await phone.call("PUT", "/api/vault/recovery", entry)
    done = await phone.call("DELETE", f"/api/passkeys/{passkey}")

    assert error_of(refused) == "conflict"
    assert done.status_code == 200


@pytest.mark.parametrize(
    ("wrapper", "changes", "code"),
    [
        ("recovery", {"generation": 2}, "conflict"),
        ("recovery", {"wrapped": b64encode(bytes(71))}, "malformed"),
        ("passkey:AAAA", {}, "malformed"),
        ("another", {}, "malformed"),
    ],
)
async def test_a_vault_entry_wrong_in_one_point_is_refused(
    phone: Phone, wrapper: str, changes: dict[str, Any], code: str
) -> None:
    entry = {"generation": 1, "wrapped": b64encode(bytes(72))}
    right = await phone.call("PUT", "/api/vault/recovery", entry)
    wrong = await phone.call("PUT", f"/api/vault/{wrapper}", entry | changes)

    assert right.status_code == 200
    assert error_of(wrong) == code


async def test_an_account_has_so_many_wrong_answers(deployment: Deployment, phone: Phone) -> None:
    await phone.add_passkey()
    deployment.sessions._limits = type(deployment.sessions._limits)(
        address_capacity=1000, account_capacity=2
    )

    async def wrong() -> str:
        body = await phone.passkey_body()
        body["credential"]["response"]["signature"] = b64encode(bytes(70))
        return error_of(await phone.http.post("/api/session/passkey", json=body))

    right = [(await phone.sign_in_with_passkey()).status_code for _ in range(5)]
    answers = [await wrong() for _ in range(4)]
    blocked = await phone.sign_in_with_passkey()

    assert right == [200] * 5
    assert answers == ["bad_passkey"] * 3 + ["too_many"]
    assert (blocked.status_code, error_of(blocked)) == (429, "too_many")


async def test_without_the_store_nobody_signs_in(
    deployment: Deployment, phone: Phone, store: Store
) -> None:
    """Limits of signing in are closed when they cannot be counted."""
    await phone.add_passkey()
    body = await phone.passkey_body()
    await store.pipe.close()

    begun = await phone.http.post("/api/session/passkey/begin")
    answer = await phone.http.post("/api/session/passkey", json=body)
    left = await phone.http.get("/auth/mock/start")
    known = await phone.call("GET", "/api/session")

    assert error_of(begun) == error_of(answer) == "store_unavailable"
    assert left.headers["location"] == "/?error=store_unavailable"
    assert known.status_code == 200, "who is signed in stays so, without asking the store"
