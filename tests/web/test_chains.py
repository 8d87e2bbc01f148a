"""An account's chain through the door: devices revoked, secrets rotated, and one winner."""

import asyncio
from typing import Any

from lien.accounts import Earlier
from lien.crypto.account import AccountSecret, seal_earlier
from lien.crypto.chain import (
    AddDevice,
    Create,
    Link,
    RevokeDevice,
    RotateSecret,
    Signer,
    apply,
    create_chain,
    make_link,
)
from lien.crypto.signing import SigningKey
from lien.ids import DeviceId, b64decode, b64encode, new_id
from tests.directory.rows import NUMBERS
from tests.web.signing_in import Deployment, Phone, as_json, error_of


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
