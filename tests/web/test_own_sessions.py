"""The sessions of an account: listed, ended, and the other devices told of what happens."""

import msgpack

from lien.crypto.proofs import prove_enrol
from lien.ids import ChannelId, SessionId, b64decode, b64encode, inbox_channel, new_id
from lien.storage import keys
from lien.storage.shards import shard_of
from lien.storage.valkey import Store
from tests.directory.rows import NUMBERS
from tests.web.signing_in import Deployment, Phone, error_of


async def notices(store: Store, phone: Phone) -> list[str]:
    """What the account's inbox holds, by kind."""
    channel: ChannelId = inbox_channel(phone.account)
    log = keys.log(shard_of(channel, store.shards), channel)
    entries = await store.pipe.call("XRANGE", log, "-", "+")
    found = []
    for _, fields in entries:
        sealed = dict(zip(fields[::2], fields[1::2], strict=True))[b"s"]
        found.append(str(msgpack.unpackb(sealed)[1]))
    return found


async def a_second_session(deployment: Deployment, phone: Phone) -> Phone:
    """The same device in another browser window: its own session."""
    other = deployment.phone()
    other.device, other.key, other.account = phone.device, phone.key, phone.account
    assert (await other.reenter(NUMBERS[0])).status_code == 200
    return other


async def test_sessions_are_listed_and_ended_at_once(deployment: Deployment, phone: Phone) -> None:
    other = await a_second_session(deployment, phone)
    listed = (await phone.call("GET", "/api/sessions")).json()["sessions"]
    assert {one["session"] for one in listed} == {phone.session, other.session}
    assert {one["device"] for one in listed} == {phone.device}

    ended = await phone.call("DELETE", f"/api/sessions/{other.session}")

    assert ended.status_code == 200
    assert error_of(await other.call("GET", "/api/devices")) == "not_signed_in"
    assert (await phone.call("GET", "/api/devices")).status_code == 200


async def test_all_others_are_ended_in_one_gesture(deployment: Deployment, phone: Phone) -> None:
    others = [await a_second_session(deployment, phone) for _ in range(3)]

    answer = await phone.call("POST", "/api/sessions/end-others")

    assert answer.json() == {"ended": 3}
    for one in others:
        assert error_of(await one.call("GET", "/api/devices")) == "not_signed_in"
    assert (await phone.call("GET", "/api/session")).status_code == 200


async def test_nobody_ends_the_session_of_another(deployment: Deployment, phone: Phone) -> None:
    stranger = deployment.phone()
    await stranger.create_account(NUMBERS[1])

    for session in (phone.session, SessionId(new_id())):
        answer = await stranger.call("DELETE", f"/api/sessions/{session}")
        assert error_of(answer) == "not_found"
    assert (await phone.call("GET", "/api/session")).status_code == 200


async def test_what_happens_to_the_account_is_told_to_its_devices(
    deployment: Deployment, phone: Phone, store: Store
) -> None:
    before = len(await notices(store, phone))
    await a_second_session(deployment, phone)
    after_sign_in = await notices(store, phone)
    await phone.add_passkey()
    after_passkey = await notices(store, phone)
    await phone.call("GET", "/api/devices")

    assert after_sign_in[before:] == ["activity"]
    assert after_passkey[len(after_sign_in) :] == ["activity"]
    assert await notices(store, phone) == after_passkey


async def test_a_proof_of_one_sign_in_begins_no_other(deployment: Deployment, phone: Phone) -> None:
    """Stolen on its way, the answer to the provider's flow is of no use a second time."""
    await phone.identify(NUMBERS[0])
    nonce = b64decode((await phone.enrolment())["nonce"])
    thief = deployment.phone()
    body = {
        "account": phone.account,
        "device": phone.device,
        "proof": b64encode(prove_enrol(phone.key, nonce, phone.device)),
    }
    assert error_of(await thief.http.post("/api/session/provider", json=body)) == "not_signed_in"
    assert (await phone.http.post("/api/session/provider", json=body)).status_code == 200
