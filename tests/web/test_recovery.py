"""The recovery code opens an account on a new device; the provider's word alone opens nothing."""

from typing import Any

import httpx

from lien.audit import Actor
from lien.crypto.account import AccountSecret
from lien.crypto.chain import AddDevice, Signer, make_link
from lien.crypto.recovery import new_recovery_code
from lien.crypto.vault import RECOVERY, unwrap, wrap
from lien.ids import b64decode, b64encode
from lien.storage.errors import StoreUnavailable
from tests.directory.rows import NUMBERS
from tests.web.signing_in import Deployment, Phone, error_of


async def keep_code(phone: Phone, code: bytes) -> None:
    wrapped = b64encode(wrap(phone.secret, code, phone.account, RECOVERY, 1))
    kept = await phone.call("PUT", "/api/vault/recovery", {"generation": 1, "wrapped": wrapped})
    assert kept.status_code == 200, kept.text


async def ask(phone: Phone) -> httpx.Response:
    return await phone.http.post("/api/enrolment/recovery")


async def join_with(fresh: Phone, secret: AccountSecret) -> httpx.Response:
    link = make_link(
        await fresh.chain(),
        AddDevice(fresh.device, fresh.key.public),
        Signer.account(secret.signing),
        fresh.deployment.clock.now_ms(),
    )
    body = fresh.new_device(link, (await fresh.enrolment())["nonce"])
    return fresh.remember(await fresh.http.post("/api/devices", json=body))


async def test_a_new_device_joins_with_the_code(deployment: Deployment, phone: Phone) -> None:
    code = new_recovery_code()
    await keep_code(phone, code)
    fresh = deployment.phone()
    await fresh.identify(NUMBERS[0])
    enrolment: dict[str, Any] = await fresh.enrolment()
    assert enrolment["account"] == phone.account
    assert enrolment["vault"] == enrolment["links"] == []

    opened = (await ask(fresh)).json()
    (entry,) = opened["vault"]
    secret = unwrap(b64decode(entry["wrapped"]), code, phone.account, RECOVERY, 1)
    fresh.account = phone.account
    joined = await join_with(fresh, secret)

    assert joined.status_code == 200, joined.text
    assert set((await phone.chain()).devices) == {phone.device, fresh.device}
    # The provider has just vouched for the person: a passkey may be added at once.
    assert (await fresh.add_passkey()).status_code == 200
    # A flow serves one request.
    assert (await ask(fresh)).status_code == 401


async def test_only_the_recovery_entry_is_handed_over(deployment: Deployment, phone: Phone) -> None:
    await phone.add_passkey()
    passkey = (await phone.call("GET", "/api/passkeys")).json()["passkeys"][0]["passkey"]
    wrapped = b64encode(bytes(72))
    body = {"generation": 1, "wrapped": wrapped}
    assert (await phone.call("PUT", f"/api/vault/passkey:{passkey}", body)).status_code == 200
    fresh = deployment.phone()
    await fresh.identify(NUMBERS[0])
    assert (await ask(fresh)).status_code == 404

    await keep_code(phone, new_recovery_code())

    assert [entry["wrapper"] for entry in (await ask(fresh)).json()["vault"]] == [RECOVERY]


async def test_nobody_else_is_handed_it(deployment: Deployment, phone: Phone) -> None:
    await keep_code(phone, new_recovery_code())
    await phone.add_passkey()
    stranger, other, by_passkey = (deployment.phone() for _ in range(3))
    await other.identify(NUMBERS[1])
    by_passkey.authenticator = phone.authenticator
    begun = await by_passkey.http.post(
        "/api/session/passkey", json=await by_passkey.passkey_body(is_new=True)
    )
    assert begun.status_code == 200

    refused = [await ask(one) for one in (stranger, other, by_passkey)]

    assert [error_of(answer) for answer in refused] == ["not_signed_in"] * 3


async def test_a_wrong_secret_signs_no_device_in(deployment: Deployment, phone: Phone) -> None:
    await keep_code(phone, new_recovery_code())
    fresh = deployment.phone()
    await fresh.identify(NUMBERS[0])
    fresh.account = phone.account

    assert error_of(await join_with(fresh, AccountSecret.generate())) == "bad_link"
    assert set((await phone.chain()).devices) == {phone.device}


async def test_it_is_handed_over_ten_times_in_a_quarter_of_an_hour(
    deployment: Deployment, phone: Phone
) -> None:
    await keep_code(phone, new_recovery_code())
    fresh = deployment.phone()
    await fresh.identify(NUMBERS[0])

    answers = [await ask(fresh) for _ in range(12)]

    assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 2


async def test_a_limit_that_cannot_be_counted_is_closed(
    deployment: Deployment, phone: Phone, monkeypatch: Any
) -> None:
    await keep_code(phone, new_recovery_code())
    fresh = deployment.phone()
    await fresh.identify(NUMBERS[0])

    async def away(*asked: object) -> int:
        raise StoreUnavailable("the store does not answer")

    monkeypatch.setattr(deployment.stored.sessions, "take_attempt", away)

    assert error_of(await ask(fresh)) == "store_unavailable"


async def test_when_nothing_is_left_the_person_begins_again(
    deployment: Deployment, phone: Phone
) -> None:
    await keep_code(phone, new_recovery_code())
    await phone.add_passkey()
    fresh = deployment.phone()
    await fresh.identify(NUMBERS[0])

    ended = await fresh.http.post("/api/enrolment/fresh-start", json={"account": phone.account})

    assert ended.status_code == 200, ended.text
    enrolment = await fresh.enrolment()
    assert enrolment["account"] is None
    body = fresh.new_account(fresh.first_link(), enrolment["nonce"])
    assert fresh.remember(await fresh.http.post("/api/accounts", json=body)).status_code == 200
    assert fresh.account != phone.account
    # The old one is over, visibly and for ever; its device is out.
    old = await phone.chain()
    assert (old.standing.standing, old.standing.reason) == ("closed", "fresh_start")
    await deployment.sessions.load_revocations()  # what the feed tells a running worker
    assert (await phone.call("GET", "/api/session")).status_code in (401, 403)
    assert error_of(await phone.sign_in_with_passkey()) == "bad_passkey"
    assert await deployment.stored.chains.list_vault(phone.account) == []
    # The same person, for whoever reads both chains.
    now = (await fresh.chain()).identity
    assert now is not None
    assert old.identity is not None
    assert now.rpps == old.identity.rpps


async def test_nobody_ends_another_ones_account(deployment: Deployment, phone: Phone) -> None:
    other = deployment.phone()
    await other.identify(NUMBERS[1])
    stranger = deployment.phone()
    ending = {"account": phone.account}

    refused = [
        await one.http.post("/api/enrolment/fresh-start", json=ending) for one in (other, stranger)
    ]

    assert [error_of(answer) for answer in refused] == ["not_signed_in"] * 2
    assert not (await phone.chain()).is_closed


async def test_who_was_suspended_does_not_begin_again(deployment: Deployment, phone: Phone) -> None:
    await deployment.standings.suspend(phone.account, Actor.OPERATOR, "conduct")
    fresh = deployment.phone()
    await fresh.identify(NUMBERS[0])

    refused = await fresh.http.post("/api/enrolment/fresh-start", json={"account": phone.account})

    assert error_of(refused) == "account_suspended"
