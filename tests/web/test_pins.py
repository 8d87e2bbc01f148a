"""PINs through the door: right, wrong, too often, at once, on a copied profile, replaced."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import httpx

from lien.accounts.service.pins import PAUSES_MS
from lien.crypto import pin as pins
from lien.crypto.proofs import prove_enrol
from lien.crypto.signing import SigningKey
from lien.ids import PinId, b64decode, b64encode, new_id
from tests.directory.rows import NUMBERS
from tests.web.signing_in import Deployment, Phone, error_of

RIGHT, WRONG = b"\1" * 32, b"\2" * 32  # what the digits and the profile's key give together


@dataclass
class Door:
    """What a phone keeps of its PIN, and what it asks with it."""

    phone: Phone
    pin: PinId = field(default_factory=lambda: PinId(new_id()))
    share: bytes = b"\3" * 32

    def key(self, mixed: bytes = RIGHT) -> SigningKey:
        return pins.proof_key(mixed, self.pin)

    async def put(self, replaces: PinId | None = None) -> httpx.Response:
        body = {
            "public": b64encode(self.key().public),
            "share": b64encode(self.share),
            "replaces": replaces,
        }
        return await self.phone.call("PUT", f"/api/pins/{self.pin}", body)

    async def try_with(self, mixed: bytes) -> dict[str, Any]:
        """One try as a locked phone makes it: without a session."""
        answer = await self.ask(mixed)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def ask(self, mixed: bytes = RIGHT) -> httpx.Response:
        nonce = b64decode((await self.phone.http.post("/api/pins/begin")).json()["nonce"])
        message = pins.proof_message(nonce, self.pin)
        proof = self.key(mixed).sign(pins.PROOF_LABEL, message)
        body = {"nonce": b64encode(nonce), "pin": self.pin, "proof": b64encode(proof)}
        return await self.phone.http.post("/api/pins/open", json=body)

    async def sign_in(self, nonce: str) -> httpx.Response:
        body = {
            "nonce": nonce,
            "account": self.phone.account,
            "device": self.phone.device,
            "proof": b64encode(prove_enrol(self.phone.key, b64decode(nonce), self.phone.device)),
        }
        return self.phone.remember(await self.phone.http.post("/api/session/pin", json=body))


async def a_door(phone: Phone) -> Door:
    door = Door(phone)
    assert (await door.put()).status_code == 200
    return door


async def test_the_right_pin_gets_the_share_and_a_session(phone: Phone) -> None:
    door = await a_door(phone)
    before = phone.session

    opened = await door.try_with(RIGHT)
    assert b64decode(opened["share"]) == door.share

    assert (await door.sign_in(opened["nonce"])).status_code == 200
    assert phone.session != before
    assert (await phone.call("GET", "/api/devices")).status_code == 200
    events = (await phone.call("GET", "/api/audit")).json()["events"]
    assert [(one["kind"], one["note"]) for one in events[:2]] == [
        ("signed_in", "pin"),
        ("pin_set", ""),
    ]


async def test_a_proved_pin_is_for_one_session_of_its_own_device(
    deployment: Deployment, phone: Phone
) -> None:
    door = await a_door(phone)
    stranger = deployment.phone()
    await stranger.create_account(NUMBERS[1])

    opened = await door.try_with(RIGHT)
    stolen = await Door(stranger).sign_in(opened["nonce"])
    again = await door.sign_in(opened["nonce"])

    assert error_of(stolen) == error_of(again) == "not_signed_in"


async def test_a_session_needs_the_device_key_besides_the_pin(phone: Phone) -> None:
    door = await a_door(phone)
    opened = await door.try_with(RIGHT)
    phone.key = SigningKey.generate()
    assert error_of(await door.sign_in(opened["nonce"])) == "not_signed_in"


async def test_a_proof_serves_once(phone: Phone) -> None:
    door = await a_door(phone)
    nonce = b64decode((await phone.http.post("/api/pins/begin")).json()["nonce"])
    proof = door.key().sign(pins.PROOF_LABEL, pins.proof_message(nonce, door.pin))
    body = {"nonce": b64encode(nonce), "pin": door.pin, "proof": b64encode(proof)}

    first = await phone.http.post("/api/pins/open", json=body)
    again = await phone.http.post("/api/pins/open", json=body)

    assert first.json()["share"] is not None
    assert error_of(again) == "not_signed_in"


async def test_ten_wrong_tries_end_the_pin_and_each_pause_is_kept(
    deployment: Deployment, phone: Phone
) -> None:
    door = await a_door(phone)
    for number, pause_ms in enumerate(PAUSES_MS[:-1], 1):
        outcome = await door.try_with(WRONG)
        assert outcome == {"share": None, "nonce": None, "left": 10 - number, "wait_ms": pause_ms}
        if pause_ms:
            deployment.clock.advance(ms=pause_ms - 1)
            early = await door.try_with(RIGHT)
            assert (early["share"], early["left"], early["wait_ms"]) == (None, 10 - number, 1)
            deployment.clock.advance(ms=1)

    assert (await door.try_with(WRONG))["left"] == 0
    assert await door.try_with(RIGHT) == {"share": None, "nonce": None, "left": 0, "wait_ms": 0}
    # Waiting took longer than the session.
    await phone.reenter(NUMBERS[0])
    events = (await phone.call("GET", "/api/audit")).json()["events"]
    assert [one["kind"] for one in events[1:3]] == ["pin_destroyed", "sign_in_refused"]


async def test_guesses_made_at_once_are_not_more_guesses(phone: Phone) -> None:
    door = await a_door(phone)

    outcomes = await asyncio.gather(*(door.try_with(WRONG) for _ in range(40)))

    assert sorted({one["left"] for one in outcomes}) == [5, 6, 7, 8, 9]
    assert len([one for one in outcomes if one["left"] > 5]) == 4
    assert (await door.try_with(RIGHT))["share"] is None  # not even the right one, now


async def test_the_right_pin_gives_all_tries_back(phone: Phone) -> None:
    door = await a_door(phone)
    for _ in range(4):
        await door.try_with(WRONG)
    assert (await door.try_with(RIGHT))["share"] is not None
    assert (await door.try_with(WRONG))["left"] == 9


async def test_the_last_try_may_be_the_right_one(deployment: Deployment, phone: Phone) -> None:
    door = await a_door(phone)
    for pause_ms in PAUSES_MS[:-1]:
        await door.try_with(WRONG)
        deployment.clock.advance(ms=pause_ms)
    assert (await door.try_with(RIGHT))["share"] is not None
    assert (await door.try_with(WRONG))["left"] == 9


async def test_a_new_pin_has_a_new_share_and_the_old_one_works_until_it_is_removed(
    phone: Phone,
) -> None:
    """The answer may be lost before the phone stored what the new PIN opens."""
    first = await a_door(phone)
    second = Door(phone, share=b"\4" * 32)
    assert (await second.put(replaces=first.pin)).status_code == 200
    assert (await first.try_with(RIGHT))["share"] == b64encode(first.share)

    assert (await phone.call("DELETE", f"/api/pins/{first.pin}")).status_code == 200

    assert error_of(await first.ask()) == "not_found"
    assert (await second.try_with(RIGHT))["share"] == b64encode(second.share)
    third = Door(phone)
    await third.put(replaces=None)
    assert error_of(await second.ask()) == "not_found"  # nobody said it was still needed


async def test_an_id_is_never_used_again_and_nobody_takes_anothers(
    deployment: Deployment, phone: Phone
) -> None:
    door = await a_door(phone)
    stranger = deployment.phone()
    await stranger.create_account(NUMBERS[1])

    taken = await Door(stranger, pin=door.pin).put()
    removed = await stranger.call("DELETE", f"/api/pins/{door.pin}")

    assert (error_of(taken), error_of(removed)) == ("malformed", "not_found")
    assert error_of(await door.put()) == "malformed"
    assert (await door.try_with(RIGHT))["share"] is not None


async def test_a_pin_is_chosen_only_just_after_signing_in(
    deployment: Deployment, phone: Phone
) -> None:
    deployment.clock.advance(ms=11 * 60_000)
    assert error_of(await Door(phone).put()) == "fresh_sign_in_needed"


async def test_a_closed_account_keeps_no_share(deployment: Deployment, phone: Phone) -> None:
    door = await a_door(phone)
    assert (await phone.call("POST", "/api/account/close", {})).status_code == 200
    assert error_of(await door.ask()) == "not_found"
