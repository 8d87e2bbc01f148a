"""Guests: vouched for by a colleague, let in by one link, out when it ends."""

import asyncio
from dataclasses import replace
from typing import Any

import httpx
import pytest

from lien.accounts import Sponsorships
from lien.crypto import sponsorship
from lien.crypto.sponsorship import Sponsorship
from lien.errors import Conflict
from lien.ids import b64encode
from tests.directory.loading import load
from tests.directory.rows import CATEGORY, NUMBERS, a_row, an_extract
from tests.web.signing_in import Deployment, Phone, error_of

DAY_MS = 86_400_000


class Guest(Phone):
    """A phone on which the link was opened."""

    async def open(self, secret: bytes) -> httpx.Response:
        public = sponsorship.invitation_key(secret).public
        body = {"invitation": sponsorship.invitation_of(public)}
        return await self.http.post("/api/invitation", json=body)

    async def body(self, secret: bytes) -> dict[str, Any]:
        nonce = (await self.enrolment())["nonce"]
        acceptance = b64encode(sponsorship.accept(secret, self.account))
        return {**self.new_device(self.first_link(), nonce), "acceptance": acceptance}

    async def accept(self, secret: bytes) -> httpx.Response:
        await self.open(secret)
        answer = await self.http.post("/api/invitation/account", json=await self.body(secret))
        return self.remember(answer)


def a_guest(deployment: Deployment) -> Guest:
    return Guest(deployment, deployment.browser())


def a_sponsorship(phone: Phone, secret: bytes, days: int = 90, **changes: Any) -> Sponsorship:
    now_ms = phone.deployment.clock.now_ms()
    made = Sponsorship(
        phone.account,
        phone.device,
        sponsorship.invitation_key(secret).public,
        "FICTIF-PAYET",
        "Léa",
        "331",
        now_ms + days * DAY_MS,
        now_ms,
    )
    return replace(made, **changes)


async def give(phone: Phone, content: Sponsorship) -> httpx.Response:
    signed = sponsorship.sign_sponsorship(content, phone.key)
    body = {"sponsorship": b64encode(signed.data), "signature": b64encode(signed.signature)}
    return await phone.call("POST", "/api/sponsorships", body)


async def invite(phone: Phone, days: int = 90) -> bytes:
    secret = sponsorship.new_invitation()
    answer = await give(phone, a_sponsorship(phone, secret, days))
    assert answer.status_code == 200, answer.text
    return secret


async def given(phone: Phone) -> list[dict[str, Any]]:
    return list((await phone.call("GET", "/api/sponsorships")).json()["sponsorships"])


async def is_in(phone: Phone) -> bool:
    await phone.deployment.sessions.load_revocations()  # as the feed would tell
    return (await phone.call("GET", "/api/session")).status_code == 200


async def test_a_guest_is_let_in_by_the_link(deployment: Deployment, phone: Phone) -> None:
    secret = await invite(phone)
    guest = a_guest(deployment)
    opened = (await guest.open(secret)).json()
    answer = await guest.accept(secret)

    assert answer.status_code == 200, answer.text
    assert opened["sponsor"]["family_name"] == "FICTIF-HOARAU"
    assert (opened["given_name"], opened["role"]) == ("Léa", "331")
    state = await guest.chain()
    assert state.identity is None
    assert state.sponsored is not None
    assert state.sponsored.content.sponsor == phone.account
    (listed,) = await given(phone)
    assert (listed["state"], listed["account"]) == ("accepted", guest.account)
    # With a passkey they come back without anybody's help.
    assert (await guest.add_passkey()).status_code == 200
    assert (await guest.sign_in_with_passkey()).status_code == 200
    own = (await guest.call("GET", f"/api/accounts/{guest.account}")).json()
    assert own["professional"] is None


async def test_a_link_is_used_once(deployment: Deployment, phone: Phone) -> None:
    secret = await invite(phone)
    late = a_guest(deployment)
    await late.open(secret)  # on the way while the other one accepts
    body = await late.body(secret)
    assert (await a_guest(deployment).accept(secret)).status_code == 200

    refused = await late.http.post("/api/invitation/account", json=body)
    again = await a_guest(deployment).open(secret)

    assert error_of(refused) == error_of(again) == "invitation_over"


async def test_a_lost_answer_is_asked_for_again(deployment: Deployment, phone: Phone) -> None:
    secret = await invite(phone)
    guest = a_guest(deployment)
    await guest.open(secret)
    body, jar = await guest.body(secret), dict(guest.http.cookies)
    first = await guest.http.post("/api/invitation/account", json=body)
    for name, value in jar.items():
        guest.http.cookies.set(name, value, domain="localhost.local")

    again = await guest.http.post("/api/invitation/account", json=body)

    assert first.status_code == again.status_code == 200
    assert first.json()["account"] == again.json()["account"]


async def test_of_many_who_accept_at_once_one_does(deployment: Deployment, phone: Phone) -> None:
    secret = await invite(phone)
    guests = [a_guest(deployment) for _ in range(6)]
    for guest in guests:
        await guest.open(secret)
    bodies = [await guest.body(secret) for guest in guests]

    answers = await asyncio.gather(
        *(
            guest.http.post("/api/invitation/account", json=body)
            for guest, body in zip(guests, bodies, strict=True)
        )
    )

    codes = [answer.status_code for answer in answers]
    assert codes.count(200) == 1
    assert {error_of(one) for one in answers if one.status_code != 200} == {"invitation_over"}
    (listed,) = await given(phone)
    assert listed["account"] == answers[codes.index(200)].json()["account"]
    # Those that lost left nothing that would be let out later.
    assert len(await deployment.stored.sponsorships.list_guests()) == 1


async def test_the_server_alone_accepts_nothing(deployment: Deployment, phone: Phone) -> None:
    """Without the secret of the link there is no account, whoever asks."""
    secret = await invite(phone)
    guest = a_guest(deployment)
    await guest.open(secret)
    body = await guest.body(sponsorship.new_invitation())

    refused = await guest.http.post("/api/invitation/account", json=body)

    assert error_of(refused) == "bad_link"


async def test_who_ends_it_lets_the_guest_out_at_once(deployment: Deployment, phone: Phone) -> None:
    guest = a_guest(deployment)
    await guest.accept(await invite(phone))
    (listed,) = await given(phone)

    ended = await phone.call("DELETE", f"/api/sponsorships/{listed['invitation']}")

    assert ended.status_code == 200
    assert not await is_in(guest)
    standing = (await guest.chain()).standing
    assert (standing.standing, standing.reason) == ("suspended", "sponsorship_ended")
    trail = await deployment.trail.list_own(guest.account)
    assert trail.entries[0].event.kind == "account_suspended"
    # Nobody brings them back by a word of the operator.
    with pytest.raises(Conflict):
        await deployment.standings.reopen(guest.account, phone.account, "operator")


async def test_a_link_that_was_ended_lets_nobody_in(deployment: Deployment, phone: Phone) -> None:
    secret = await invite(phone)
    (listed,) = await given(phone)
    await phone.call("DELETE", f"/api/sponsorships/{listed['invitation']}")
    assert error_of(await a_guest(deployment).open(secret)) == "invitation_over"
    assert (await given(phone))[0]["state"] == "ended"


async def test_only_the_sponsor_ends_it(deployment: Deployment, phone: Phone) -> None:
    other = deployment.phone()
    await other.create_account(NUMBERS[1])
    await invite(phone)
    (listed,) = await given(phone)
    refused = await other.call("DELETE", f"/api/sponsorships/{listed['invitation']}")
    assert error_of(refused) == "not_found"
    assert await given(other) == []


async def test_it_ends_with_its_date(deployment: Deployment, phone: Phone) -> None:
    guest = a_guest(deployment)
    await guest.accept(await invite(phone, days=2))
    assert await deployment.sponsorships.sweep() == 0
    deployment.clock.advance(seconds=2 * 86_400)

    assert await deployment.sponsorships.sweep() == 1
    assert await deployment.sponsorships.sweep() == 0
    assert (await guest.chain()).standing.reason == "sponsorship_ended"


async def test_it_ends_with_the_sponsors_own_account(deployment: Deployment, phone: Phone) -> None:
    guest = a_guest(deployment)
    await guest.accept(await invite(phone))
    await deployment.standings.suspend(phone.account, phone.account, "operator")

    assert await deployment.sponsorships.sweep() == 1
    assert (await guest.chain()).standing.reason == "sponsor_left"
    assert not await is_in(guest)


async def test_a_link_may_be_accepted_for_a_week(deployment: Deployment, phone: Phone) -> None:
    secret = await invite(phone)
    deployment.clock.advance(seconds=7 * 86_400)
    assert error_of(await a_guest(deployment).open(secret)) == "invitation_over"


async def test_an_import_of_the_directory_leaves_guests_alone(
    deployment: Deployment, phone: Phone
) -> None:
    guest = a_guest(deployment)
    await guest.accept(await invite(phone))
    assert (await deployment.standings.reconcile()).suspended == ()
    assert await is_in(guest)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"role": "10"}, "may_not_invite"),
        ({"family_name": ""}, "malformed"),
        ({"family_name": "x" * 65}, "malformed"),
        ({"given_name": "a\u202eb"}, "malformed"),
        ({"given_name": " Léa"}, "malformed"),
        ({"at_ms": 1}, "malformed"),
        ({"sponsor": "A" * 22}, "may_not_invite"),
    ],
)
async def test_a_sponsorship_wrong_in_one_point_is_refused(
    phone: Phone, changes: dict[str, Any], code: str
) -> None:
    content = a_sponsorship(phone, sponsorship.new_invitation(), **changes)
    assert error_of(await give(phone, content)) == code


async def test_nobody_vouches_without_end(phone: Phone) -> None:
    too_long = a_sponsorship(phone, sponsorship.new_invitation(), days=366)
    assert error_of(await give(phone, too_long)) == "may_not_invite"
    longest = a_sponsorship(phone, sponsorship.new_invitation(), days=365)
    assert (await give(phone, longest)).status_code == 200


async def test_another_key_signs_for_nobody(phone: Phone) -> None:
    content = a_sponsorship(phone, sponsorship.new_invitation())
    signed = sponsorship.sign_sponsorship(content, phone.secret.signing)
    body = {"sponsorship": b64encode(signed.data), "signature": b64encode(signed.signature)}
    refused = await phone.call("POST", "/api/sponsorships", body)
    assert error_of(refused) == "bad_sponsorship"


async def test_the_same_again_changes_nothing(phone: Phone) -> None:
    content = a_sponsorship(phone, sponsorship.new_invitation())
    first, again = await give(phone, content), await give(phone, content)
    assert first.json() == again.json()
    assert len(await given(phone)) == 1


async def test_guests_and_students_vouch_for_nobody(deployment: Deployment, phone: Phone) -> None:
    guest = a_guest(deployment)
    await guest.accept(await invite(phone))
    await load(deployment.directory, an_extract(a_row(0), a_row(1, **{CATEGORY: "E"})))
    student = deployment.phone()
    await student.create_account(NUMBERS[1])

    for one in (guest, student):
        refused = await give(one, a_sponsorship(one, sponsorship.new_invitation()))
        assert error_of(refused) == "may_not_invite"
        assert (await one.call("GET", "/api/sponsorships")).json()["may_invite"] is False


async def test_one_account_vouches_for_so_many(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lien.accounts.sponsoring.MAX_OPEN", 2)
    for _ in range(2):
        await invite(phone)
    refused = await give(phone, a_sponsorship(phone, sponsorship.new_invitation()))
    assert error_of(refused) == "may_not_invite"


async def test_the_deployment_vouches_through_its_operator(deployment: Deployment) -> None:
    secret = sponsorship.new_invitation()
    now_ms = deployment.clock.now_ms()
    content = Sponsorship(
        None,
        None,
        sponsorship.invitation_key(secret).public,
        "FICTIF-PAYET",
        "Léa",
        "330",
        now_ms + DAY_MS,
        now_ms,
    )
    signed = sponsorship.sign_sponsorship(content, deployment.attestor.key)
    service: Sponsorships = deployment.sponsorships
    await service.give_as_deployment(signed)
    guest = a_guest(deployment)

    assert (await guest.open(secret)).json()["sponsor"] is None
    assert (await guest.accept(secret)).status_code == 200
    assert await service.sweep() == 0


async def test_a_guest_adds_a_passkey_after_a_gesture_of_now(
    deployment: Deployment, phone: Phone
) -> None:
    """No provider vouches for a guest again: what opened their account just now is enough."""
    guest = a_guest(deployment)
    await guest.accept(await invite(phone))
    await guest.add_passkey()
    deployment.clock.advance(seconds=601)
    late = await guest.call("POST", "/api/passkeys/begin")
    await guest.sign_in_with_passkey()

    assert error_of(late) == "fresh_sign_in_needed"
    assert (await guest.add_passkey()).status_code == 200
