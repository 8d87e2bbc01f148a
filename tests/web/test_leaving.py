"""Leaving through the door: signed out at once, in nobody's next epoch, back only in the open."""

import asyncio

import pytest

from lien.accounts import AccountClosed, Departure, TooManyLeave
from lien.accounts.revocations import CLOCKS_MS
from lien.audit import Actor
from lien.crypto.account import AccountSecret, seal_earlier
from lien.crypto.chain import RotateSecret, Signer, make_link
from lien.errors import NotFound
from lien.ids import AccountId, b64encode, inbox_channel
from lien.storage.feeds import Control, follow
from lien.storage.shards import shard_of
from lien.storage.valkey import Store
from tests.directory.loading import load
from tests.directory.rows import NUMBERS, a_row, an_extract
from tests.web.signing_in import Deployment, Phone, error_of


async def note_controls(deployment: Deployment, store: Store, account: AccountId) -> list[Control]:
    """What every worker hears on the feed, noted here as a worker does."""
    heard: list[Control] = []
    batches = follow(store, {shard_of(inbox_channel(account), store.shards): 0})
    try:
        async with asyncio.timeout(1):
            async for batch in batches:
                assert isinstance(batch, list)
                heard += [one for one in batch if isinstance(one, Control)]
                if heard:
                    break
    finally:
        await batches.aclose()
    for one in heard:
        deployment.sessions.revocations.note(
            one.account, one.device or "", one.session or "", deployment.clock.now_ms()
        )
    return heard


async def leave(deployment: Deployment, *missing: int) -> tuple[Departure, ...]:
    rows = [a_row(number) for number in range(10) if number not in missing]
    await load(deployment.directory, an_extract(*rows), may_shrink=True)
    return (await deployment.standings.reconcile()).suspended


async def kinds(phone: Phone) -> list[tuple[str, str, str]]:
    answer = await phone.call("GET", "/api/audit")
    assert answer.status_code == 200, answer.text
    return [(one["kind"], one["by"], one["note"]) for one in answer.json()["events"]]


async def test_who_left_the_directory_is_out_at_once(
    deployment: Deployment, phone: Phone, store: Store
) -> None:
    assert await leave(deployment, 0) == (Departure(phone.account, "left_directory"),)
    [control] = await note_controls(deployment, store, phone.account)

    assert (control.device, control.session, control.close_code) == (None, None, 4100)
    assert error_of(await phone.call("GET", "/api/session")) == "not_signed_in"
    assert (await phone.chain()).is_departed
    assert await deployment.accounts.current_generations([phone.account]) == {phone.account: 0}
    assert await deployment.accounts.list_unsettled() == []


async def test_a_worker_that_missed_the_notice_renews_nothing(
    deployment: Deployment, phone: Phone
) -> None:
    await leave(deployment, 0)

    assert error_of(await phone.call("POST", "/api/session/renew", {})) == "not_signed_in"


async def test_a_passkey_lets_nobody_in_who_left(deployment: Deployment, phone: Phone) -> None:
    assert (await phone.add_passkey()).status_code == 200
    await leave(deployment, 0)

    assert error_of(await phone.sign_in_with_passkey()) == "account_suspended"


async def test_being_in_the_directory_again_restores_nothing(
    deployment: Deployment, phone: Phone
) -> None:
    await leave(deployment, 0)
    await leave(deployment)

    assert (await phone.chain()).standing.standing == "suspended"


async def test_a_fresh_word_of_the_provider_lets_in_visibly(
    deployment: Deployment, phone: Phone
) -> None:
    await leave(deployment, 0)
    await leave(deployment)
    deployment.clock.advance(ms=CLOCKS_MS + 1)

    assert (await phone.reenter(NUMBERS[0])).status_code == 200
    state = await phone.chain()
    assert (state.standing.standing, state.standing.reason) == ("open", "provider")
    assert state.is_departed, "until its device has renewed the secret"
    assert (await kinds(phone))[:3] == [
        ("signed_in", "self", "provider"),
        ("account_reopened", "self", "provider"),
        ("account_suspended", "directory", "left_directory"),
    ]

    secret = AccountSecret.generate()
    body = RotateSecret(2, secret.signing.public, secret.sealing.public)
    link = make_link(state, body, Signer.device(phone.device, phone.key), 0)
    earlier = seal_earlier(secret, phone.secret, phone.account, 1)
    renewed = {
        "links": [{"link": b64encode(link.data), "signature": b64encode(link.signature)}],
        "earlier": [{"generation": 1, "wrapped": b64encode(earlier)}],
        "vault": [],
    }
    assert (await phone.call("POST", "/api/chain", renewed)).status_code == 200
    assert await deployment.accounts.current_generations([phone.account]) == {phone.account: 2}
    assert await deployment.accounts.departed_generations([phone.account]) == {phone.account: 1}


async def test_who_is_not_in_the_directory_is_not_let_in(
    deployment: Deployment, phone: Phone
) -> None:
    back = await phone.choose(await phone.open_provider(), NUMBERS[0])
    await leave(deployment, 0)

    answer = await phone.http.get(back)
    assert answer.headers["location"].startswith("/?error=")


async def test_what_an_operator_decided_an_operator_undoes(
    deployment: Deployment, phone: Phone
) -> None:
    await deployment.standings.suspend(phone.account, Actor.OPERATOR, "operator")
    deployment.clock.advance(ms=CLOCKS_MS + 1)
    assert error_of(await phone.reenter(NUMBERS[0])) == "account_suspended"

    await deployment.standings.reopen(phone.account, Actor.OPERATOR, "operator")
    assert (await phone.reenter(NUMBERS[0])).status_code == 200


async def test_a_suspension_is_repeated_without_effect(
    deployment: Deployment, phone: Phone
) -> None:
    for _ in range(2):
        await deployment.standings.suspend(phone.account, Actor.OPERATOR, "operator")

    assert (await phone.chain()).length == 3


async def test_an_owner_closes_their_account(deployment: Deployment, phone: Phone) -> None:
    await phone.add_passkey()

    assert (await phone.call("POST", "/api/account/close", {})).status_code == 200
    assert (await phone.chain()).is_closed
    assert await deployment.passkeys.list_passkeys(phone.account) == []
    assert await deployment.accounts.list_vault(phone.account) == []
    deployment.clock.advance(ms=CLOCKS_MS + 1)
    assert error_of(await phone.reenter(NUMBERS[0])) == "account_closed"
    with pytest.raises(AccountClosed):
        await deployment.standings.reopen(phone.account, Actor.OPERATOR, "operator")
    other = deployment.phone()
    assert (await other.create_account(NUMBERS[0])).status_code == 200, "begins anew, as another"
    assert other.account != phone.account


async def test_a_phone_left_on_a_table_closes_nothing(deployment: Deployment, phone: Phone) -> None:
    deployment.clock.advance(seconds=601)

    answer = await phone.call("POST", "/api/account/close", {})
    assert error_of(answer) == "fresh_sign_in_needed"
    assert not (await phone.chain()).is_closed


async def test_a_damaged_extract_suspends_nobody(deployment: Deployment) -> None:
    phones = []
    for number in range(8):
        phones.append(deployment.phone())
        await phones[-1].create_account(NUMBERS[number])
    rows = [a_row(number) for number in range(8, 10)]
    await load(deployment.directory, an_extract(*rows), may_shrink=True)

    with pytest.raises(TooManyLeave):
        await deployment.standings.reconcile()
    assert not (await phones[0].chain()).is_departed
    done = await deployment.standings.reconcile(may_be_many=True)
    assert (done.accounts, len(done.suspended)) == (8, 8)


async def test_the_trail_tells_an_owner_what_happened(deployment: Deployment, phone: Phone) -> None:
    await phone.add_passkey()
    await phone.sign_in_with_passkey()
    await phone.call("POST", "/api/session/end", {})
    await phone.sign_in_with_passkey()

    assert await kinds(phone) == [
        ("signed_in", "self", "passkey"),
        ("session_ended", "self", ""),
        ("signed_in", "self", "passkey"),
        ("passkey_added", "self", ""),
        ("signed_in", "self", "provider"),
        ("account_created", "self", "mock"),
    ]
    _, end = await deployment.trail.verify()
    assert end.number == 6


async def test_nobody_reads_the_trail_of_another(deployment: Deployment, phone: Phone) -> None:
    other = deployment.phone()
    await other.create_account(NUMBERS[1])

    assert [kind for kind, _, _ in await kinds(other)] == ["signed_in", "account_created"]


async def test_an_unknown_account_cannot_be_suspended(deployment: Deployment) -> None:
    with pytest.raises(NotFound):
        await deployment.standings.suspend(AccountId("A" * 22), Actor.OPERATOR, "operator")


async def test_an_import_that_was_cut_off_is_caught_up_with(
    deployment: Deployment, phone: Phone
) -> None:
    """The process died between the new directory and the comparison: a worker does it."""
    await deployment.standings.resume()
    await load(deployment.directory, an_extract(a_row(1)))
    await deployment.standings.resume()

    assert (await phone.chain()).standing.reason == "left_directory"
    # Done once: what an operator decides then stands until the next import.
    assert await deployment.directory.find_unreconciled() is None
