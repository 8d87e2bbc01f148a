"""Accounts are created once, re-entered by known devices, and joined by the owner's new ones."""

import asyncio
from typing import Any

import pytest

from lien.crypto.chain import AddDevice, Identity, RevokeDevice, Signer, Situation, make_link
from lien.crypto.proofs import prove_enrol
from lien.crypto.signing import SigningKey
from lien.crypto.vault import wrap
from lien.errors import NotFound
from lien.ids import DeviceId, b64decode, b64encode
from lien.web.authentication import FLOW_COOKIE
from tests.directory.rows import NUMBERS
from tests.web.signing_in import Deployment, Phone, error_of


async def test_an_account_is_created_and_attested(deployment: Deployment, phone: Phone) -> None:
    state = await phone.chain()

    assert state.account == phone.account
    assert state.devices == {phone.device: phone.key.public}
    assert state.identity == Identity(
        rpps=NUMBERS[0],  # type: ignore[arg-type]
        family_name="FICTIF-HOARAU",
        given_name="Marie",
        profession_code="60",
        category="C",
        provider="mock",
        verified_at_ms=deployment.clock.now_ms(),
        situation=Situation("CABINET FICTIF", "Saint-Denis", "97400", "L"),
    )
    assert FLOW_COOKIE not in phone.http.cookies
    shown = (await phone.call("GET", f"/api/accounts/{phone.account}")).json()
    assert shown["professional"]["account"] == phone.account


async def test_a_lost_answer_is_asked_for_again(deployment: Deployment) -> None:
    phone = deployment.phone()
    await phone.identify(NUMBERS[0])
    flow = phone.http.cookies[FLOW_COOKIE]
    body = phone.new_account(phone.first_link(), (await phone.enrolment())["nonce"])

    first = await phone.http.post("/api/accounts", json=body)
    phone.http.cookies.set(FLOW_COOKIE, flow, domain="localhost.local")
    again = await phone.http.post("/api/accounts", json=body)

    assert first.status_code == again.status_code == 200
    assert first.json()["account"] == again.json()["account"]
    assert first.json()["session"] != again.json()["session"]
    assert len(await deployment.accounts.list_links(phone.account, -1)) == 2


async def test_a_flow_serves_one_request_only(deployment: Deployment) -> None:
    phone = deployment.phone()
    await phone.create_account(NUMBERS[0])
    await phone.identify(NUMBERS[0])
    flow = phone.http.cookies[FLOW_COOKIE]
    nonce = b64decode((await phone.enrolment())["nonce"])

    def entering(device: DeviceId, key: SigningKey) -> dict[str, str]:
        proof = b64encode(prove_enrol(key, nonce, device))
        return {"account": phone.account, "device": device, "proof": proof}

    entered = await phone.http.post("/api/session/provider", json=entering(phone.device, phone.key))
    assert entered.status_code == 200
    other = deployment.phone()
    other.http.cookies.set(FLOW_COOKIE, flow, domain="localhost.local")
    used = await other.http.post(
        "/api/accounts", json=other.new_account(other.first_link(), b64encode(nonce))
    )

    assert error_of(used) == "account_exists"


async def test_of_many_enrolments_of_one_person_one_wins(deployment: Deployment) -> None:
    phones = [deployment.phone() for _ in range(12)]
    for phone in phones:
        await phone.identify(NUMBERS[1])

    async def enrol(phone: Phone) -> Any:
        nonce = (await phone.enrolment())["nonce"]
        return await phone.http.post(
            "/api/accounts", json=phone.new_account(phone.first_link(), nonce)
        )

    answers = await asyncio.gather(*(enrol(phone) for phone in phones))

    winners = [answer for answer in answers if answer.status_code == 200]
    losers = {error_of(answer) for answer in answers if answer.status_code != 200}
    assert len(winners) == 1
    assert losers == {"account_exists"}
    owner = await deployment.accounts.find_account(NUMBERS[1])  # type: ignore[arg-type]
    assert owner == winners[0].json()["account"]
    for phone in phones:
        if phone.account != owner:
            with pytest.raises(NotFound):
                await deployment.accounts.list_links(phone.account, -1)


async def test_an_account_id_in_use_cannot_be_taken(deployment: Deployment, phone: Phone) -> None:
    """The id in link 0 is the device's choice: another person's account is not overwritten."""
    thief = deployment.phone()
    thief.account = phone.account
    answer = await thief.create_account(NUMBERS[2])

    assert error_of(answer) == "chain_moved"
    assert (await phone.chain()).devices == {phone.device: phone.key.public}


async def test_one_account_is_not_two_professionals(deployment: Deployment) -> None:
    """The same link 0 under another number finds no way to the account it made."""
    phone = deployment.phone()
    await phone.create_account(NUMBERS[0])
    answer = await phone.create_account(NUMBERS[1])

    assert error_of(answer) == "chain_moved"


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("proof", b64encode(bytes(64)), "not_signed_in"),
        ("signature", b64encode(bytes(64)), "bad_link"),
        ("link", b64encode(b"\x90"), "bad_link"),
        ("label", "", "malformed"),
        ("label", "x" * 65, "malformed"),
        ("label", "a\u202eb", "malformed"),
        ("label", 5, "malformed"),
    ],
)
async def test_an_enrolment_wrong_in_one_point_is_refused(
    deployment: Deployment, name: str, value: object, code: str
) -> None:
    phone = deployment.phone()
    await phone.identify(NUMBERS[0])
    body = phone.new_account(phone.first_link(), (await phone.enrolment())["nonce"])

    refused = await phone.http.post("/api/accounts", json=body | {name: value})
    right = await phone.http.post("/api/accounts", json=body)

    assert error_of(refused) == code
    assert right.status_code == 200, "a refused request does not use the flow up"


async def test_enrolling_needs_a_flow_of_the_provider(deployment: Deployment, phone: Phone) -> None:
    await phone.add_passkey()
    newcomer = deployment.phone()
    newcomer.authenticator = phone.authenticator
    body = newcomer.new_account(newcomer.first_link(), b64encode(bytes(32)))
    without = await newcomer.http.post("/api/accounts", json=body)

    sign_in = await newcomer.passkey_body(is_new=True)
    await newcomer.http.post("/api/session/passkey", json=sign_in)
    nonce = (await newcomer.enrolment())["nonce"]
    body = newcomer.new_account(newcomer.first_link(), nonce)
    with_passkey = await newcomer.http.post("/api/accounts", json=body)

    assert error_of(without) == error_of(with_passkey) == "not_signed_in"


async def test_a_known_device_comes_back_with_the_provider(
    deployment: Deployment, phone: Phone
) -> None:
    await phone.call("POST", "/api/session/end")
    answer = await phone.reenter(NUMBERS[0])

    assert answer.status_code == 200
    assert (await phone.call("GET", "/api/session")).status_code == 200


async def test_an_unknown_device_does_not_come_back_with_the_provider_alone(
    deployment: Deployment, phone: Phone
) -> None:
    """Proving the professional account again is never enough."""
    newcomer = deployment.phone()
    newcomer.account = phone.account
    answer = await newcomer.reenter(NUMBERS[0])

    assert (answer.status_code, error_of(answer)) == (401, "not_signed_in")
    assert (await newcomer.enrolment())["account"] == phone.account


async def test_nobody_enters_the_account_of_another(deployment: Deployment, phone: Phone) -> None:
    answer = await phone.reenter(NUMBERS[1])
    assert error_of(answer) == "not_signed_in"


async def test_a_new_phone_joins_with_the_passkey(deployment: Deployment, phone: Phone) -> None:
    """Promise 3: the passkey opens the vault, the secret signs the new device in."""
    passkey = (await phone.add_passkey()).json()["passkey"]
    wrapper = f"passkey:{passkey}"
    wrapped = wrap(phone.secret, bytes(32), phone.account, wrapper, 1)
    entry = {"generation": 1, "wrapped": b64encode(wrapped)}
    assert (await phone.call("PUT", f"/api/vault/{wrapper}", entry)).status_code == 200

    newcomer = deployment.phone()
    newcomer.authenticator = phone.authenticator
    begun = await newcomer.http.post(
        "/api/session/passkey", json=await newcomer.passkey_body(is_new=True)
    )
    described = await newcomer.enrolment()
    newcomer.account, newcomer.secret = phone.account, phone.secret
    joined = newcomer.remember(
        await newcomer.http.post("/api/devices", json=await newcomer.joining_body())
    )

    assert begun.json() == {"enrol": True}
    assert described["via"] == "passkey"
    assert described["account"] == phone.account
    assert described["vault"] == [{"wrapper": wrapper, **entry}]
    assert joined.status_code == 200, joined.text
    assert set((await newcomer.chain()).devices) == {phone.device, newcomer.device}
    fresh = await newcomer.call("POST", "/api/passkeys/begin")
    assert error_of(fresh) == "fresh_sign_in_needed"


async def test_joining_takes_the_account_key_and_nothing_less(
    deployment: Deployment, phone: Phone
) -> None:
    await phone.add_passkey()
    newcomer = deployment.phone()
    newcomer.authenticator, newcomer.account = phone.authenticator, phone.account
    await newcomer.http.post("/api/session/passkey", json=await newcomer.passkey_body(is_new=True))
    nonce = (await newcomer.enrolment())["nonce"]
    body = AddDevice(newcomer.device, newcomer.key.public)
    state = await phone.chain()
    other = deployment.phone()
    wrong = {
        "another secret": make_link(state, body, Signer.account(other.secret.signing), 1),
        "a device": make_link(state, body, Signer.device(phone.device, phone.key), 1),
        "a revocation": make_link(
            state, RevokeDevice(phone.device), Signer.account(phone.secret.signing), 1
        ),
    }

    for reason, link in wrong.items():
        answer = await newcomer.http.post("/api/devices", json=newcomer.new_device(link, nonce))
        assert error_of(answer) == "bad_link", reason
    assert set((await phone.chain()).devices) == {phone.device}
