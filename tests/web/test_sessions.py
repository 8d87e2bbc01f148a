"""Accounts are created once, re-entered by known devices, and joined by the owner's new ones."""

import asyncio
from typing import Any

import pytest

from lien.accounts import Earlier
from lien.crypto.account import AccountSecret, seal_earlier
from lien.crypto.chain import (
    AddDevice,
    Create,
    Identity,
    Link,
    RevokeDevice,
    RotateSecret,
    Signer,
    Situation,
    apply,
    create_chain,
    make_link,
)
from lien.crypto.proofs import prove_enrol
from lien.crypto.signing import SigningKey
from lien.crypto.vault import wrap
from lien.errors import NotFound
from lien.ids import DeviceId, b64decode, b64encode, new_id
from lien.web.authentication import FLOW_COOKIE
from tests.directory.rows import NUMBERS
from tests.web.signing_in import Deployment, Phone, error_of


def as_json(link: Link) -> dict[str, str]:
    return {"link": b64encode(link.data), "signature": b64encode(link.signature)}


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


# The chain


def revoke_and_rotate(
    phone: Phone, state: Any, revoked: DeviceId, secret: AccountSecret
) -> dict[str, Any]:
    """What a client sends after "remove this device"."""
    signer = Signer.device(phone.device, phone.key)
    revoke = make_link(state, RevokeDevice(revoked), signer, 1)
    after = apply(state, revoke, phone.deployment.attestor.attestors)
    rotate = make_link(
        after,
        RotateSecret(state.generation + 1, secret.signing.public, secret.sealing.public),
        signer,
        1,
    )
    earlier = seal_earlier(secret, phone.secret, phone.account, state.generation)
    return {
        "links": [as_json(revoke), as_json(rotate)],
        "earlier": [{"generation": state.generation, "wrapped": b64encode(earlier)}],
        "vault": [],
    }


async def second_phone(deployment: Deployment, phone: Phone) -> Phone:
    """A second device, added by the first one."""
    second = deployment.phone()
    second.account, second.secret = phone.account, phone.secret
    signer = Signer.device(phone.device, phone.key)
    link = make_link(await phone.chain(), AddDevice(second.device, second.key.public), signer, 1)
    body = {"links": [as_json(link)], "earlier": [], "vault": []}
    assert (await phone.call("POST", "/api/chain", body)).status_code == 200
    assert (await second.reenter(NUMBERS[0])).status_code == 200
    return second


async def test_a_revoked_device_is_out_everywhere(deployment: Deployment, phone: Phone) -> None:
    second = await second_phone(deployment, phone)
    assert (await second.call("GET", "/api/session")).status_code == 200

    body = revoke_and_rotate(phone, await phone.chain(), second.device, AccountSecret.generate())
    answer = await phone.call("POST", "/api/chain", body)
    deployment.sessions.revocations.clear()
    await deployment.sessions.load_revocations()  # what the feed tells, or a start
    told = await second.call("GET", "/api/session")
    deployment.sessions.revocations.clear()
    missed = await second.call("POST", "/api/session/renew")

    assert answer.json() == {"number": 4}
    assert (told.status_code, error_of(told)) == (403, "device_revoked")
    assert error_of(missed) == "device_revoked"
    assert error_of(await second.reenter(NUMBERS[0])) == "device_revoked"
    assert (await phone.call("GET", "/api/session")).status_code == 200
    assert await deployment.accounts.list_unsettled() == []
    shown = (await phone.call("GET", "/api/devices")).json()["devices"]
    assert [(one["device"], one["revoked"]) for one in shown] == [
        (phone.device, False),
        (second.device, True),
    ]


async def test_an_account_stays_unsettled_until_its_conversations_know(
    deployment: Deployment, phone: Phone
) -> None:
    """A process that ends right after the append leaves work that the next one finds."""
    second = await second_phone(deployment, phone)
    body = revoke_and_rotate(phone, await phone.chain(), second.device, AccountSecret.generate())
    links = [Link(b64decode(one["link"]), b64decode(one["signature"])) for one in body["links"]]
    earlier = [Earlier(1, b64decode(body["earlier"][0]["wrapped"]))]

    changes = await deployment.accounts.append_links(phone.account, links, earlier, [])

    assert changes.unsettles
    assert await deployment.accounts.list_unsettled() == [(phone.account, changes.number)]
    await deployment.accounts.settle(phone.account, changes.number - 1)
    assert await deployment.accounts.list_unsettled() == [(phone.account, changes.number)]
    await deployment.accounts.settle(phone.account, changes.number)
    assert await deployment.accounts.list_unsettled() == []


async def test_a_rotation_brings_the_secret_before_it(deployment: Deployment, phone: Phone) -> None:
    secret = AccountSecret.generate()
    state = await phone.chain()
    body = RotateSecret(2, secret.signing.public, secret.sealing.public)
    link = make_link(state, body, Signer.account(phone.secret.signing), 1)
    box = b64encode(seal_earlier(secret, phone.secret, phone.account, 1))
    right = {"generation": 1, "wrapped": box}
    good = {"links": [as_json(link)], "earlier": [right], "vault": []}
    vault = {"wrapper": "recovery", "generation": 1, "wrapped": b64encode(bytes(72))}

    for earlier in ([], [right, right], [{"generation": 2, "wrapped": box}]):
        refused = await phone.call("POST", "/api/chain", good | {"earlier": earlier})
        assert error_of(refused) == "malformed"
    stale = await phone.call("POST", "/api/chain", good | {"vault": [vault]})
    foreign = await phone.call(
        "POST", "/api/chain", good | {"vault": [vault | {"wrapper": "passkey:AAAA"}]}
    )
    assert (error_of(stale), error_of(foreign)) == ("conflict", "malformed")
    done = await phone.call("POST", "/api/chain", good | {"vault": [vault | {"generation": 2}]})

    assert done.json() == {"number": 2}
    assert (await phone.call("GET", "/api/chain/earlier")).json() == {"earlier": [right]}
    generations = await deployment.accounts.current_generations([phone.account])
    assert generations == {phone.account: 2}


async def test_of_links_on_the_same_chain_one_wins(deployment: Deployment, phone: Phone) -> None:
    state = await phone.chain()
    signer = Signer.device(phone.device, phone.key)
    bodies = []
    for _ in range(8):
        device = AddDevice(DeviceId(new_id()), SigningKey.generate().public)
        link = make_link(state, device, signer, 1)
        bodies.append({"links": [as_json(link)], "earlier": [], "vault": []})

    answers = await asyncio.gather(*(phone.call("POST", "/api/chain", body) for body in bodies))

    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    assert {error_of(one) for one in answers if one.status_code == 409} == {"chain_moved"}
    assert len(await deployment.accounts.list_links(phone.account, -1)) == 3


async def test_links_are_appended_together_or_not_at_all(
    deployment: Deployment, phone: Phone
) -> None:
    state = await phone.chain()
    signer = Signer.device(phone.device, phone.key)
    good = make_link(state, AddDevice(DeviceId(new_id()), SigningKey.generate().public), signer, 1)
    bad = make_link(state, RevokeDevice(phone.device), signer, 1)  # does not follow the first
    body = {"links": [as_json(good), as_json(bad)], "earlier": [], "vault": []}

    answer = await phone.call("POST", "/api/chain", body)

    assert error_of(answer) == "bad_link"
    assert len(await deployment.accounts.list_links(phone.account, -1)) == 2


async def test_nobody_writes_their_own_identity(deployment: Deployment, phone: Phone) -> None:
    identity = (await phone.chain()).identity
    assert identity is not None
    own = make_link(await phone.chain(), identity, Signer.device(phone.device, phone.key), 1)
    again = create_chain(
        phone.account,
        Create(
            DeviceId(new_id()),
            phone.key.public,
            phone.secret.signing.public,
            phone.secret.sealing.public,
        ),
        phone.key,
        1,
    )
    for link in (own, again):
        body = {"links": [as_json(link)], "earlier": [], "vault": []}
        assert error_of(await phone.call("POST", "/api/chain", body)) == "bad_link"


async def test_who_revoked_every_device_may_begin_again(
    deployment: Deployment, phone: Phone
) -> None:
    state = await phone.chain()
    link = make_link(state, RevokeDevice(phone.device), Signer.device(phone.device, phone.key), 1)
    body = {"links": [as_json(link)], "earlier": [], "vault": []}
    assert (await phone.call("POST", "/api/chain", body)).status_code == 200
    generations = await deployment.accounts.current_generations([phone.account])
    assert generations == {phone.account: 0}

    again = deployment.phone()
    answer = await again.create_account(NUMBERS[0])

    assert answer.status_code == 200
    assert answer.json()["account"] != phone.account


async def test_a_chain_is_read_page_by_page(deployment: Deployment, phone: Phone) -> None:
    path = f"/api/accounts/{phone.account}/chain"
    whole = (await phone.call("GET", f"{path}?after=-1")).json()
    rest = (await phone.call("GET", f"{path}?after=0")).json()
    end = (await phone.call("GET", f"{path}?after=1")).json()

    assert len(whole["links"]) == 2
    assert rest["links"] == whole["links"][1:]
    assert end["links"] == []
    assert whole["professional"]["rpps"] == NUMBERS[0]
    unknown = await phone.call("GET", f"/api/accounts/{new_id()}/chain?after=-1")
    assert error_of(unknown) == "not_found"
    for after in ("-2", "4097", "x", "1&after=2"):
        assert error_of(await phone.call("GET", f"{path}?after={after}")) == "malformed"
