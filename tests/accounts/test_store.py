"""Accounts on a real server: each script's answers, and what a crash in between leaves."""

from collections.abc import Sequence

import pytest

from lien.accounts.errors import ChainMoved
from lien.accounts.models import Earlier, Ended, SessionSummary, VaultEntry
from lien.accounts.store import AccountStore, Append
from lien.crypto.attestor import NO_ATTESTORS
from lien.crypto.chain import ChainState, Link, RevokeDevice, apply, make_link
from lien.ids import AccountId, DeviceId, RppsNumber, SessionId, inbox_channel, new_id
from lien.protocol.codes import CloseCode
from lien.storage import keys
from lien.storage.shards import shard_of
from lien.storage.valkey import Store
from tests.accounts.test_rules import ACCOUNT, BY_DEVICE, DEVICE, FIRST, STATE, a_device

NOW = 1_790_000_000_000
RPPS = RppsNumber("99000000002")


@pytest.fixture
def accounts(store: Store) -> AccountStore:
    return AccountStore.of(store)


async def begin(accounts: AccountStore) -> None:
    fields: dict[str, str | int] = {
        "rpps": RPPS,
        "created": NOW,
        f"label:{DEVICE}": "Téléphone",
        f"added:{DEVICE}": NOW,
    }
    await accounts.chains.append(Append(None, STATE, [FIRST], fields), NOW)


async def controls(store: Store) -> list[dict[bytes, bytes]]:
    """The feed of the account's shard."""
    shard = shard_of(inbox_channel(ACCOUNT), store.shards)
    entries = await store.pipe.call("XRANGE", keys.feed(shard), "-", "+")
    return [dict(zip(fields[::2], fields[1::2], strict=True)) for _, fields in entries]


def revoke(state: ChainState) -> tuple[ChainState, Sequence[Link]]:
    link = make_link(state, RevokeDevice(DEVICE), BY_DEVICE, 1)
    return apply(state, link, NO_ATTESTORS), [link]


async def test_what_is_appended_is_read_again(accounts: AccountStore) -> None:
    await begin(accounts)
    other = make_link(STATE, a_device(), BY_DEVICE, 1)
    after = apply(STATE, other, NO_ATTESTORS)
    earlier = [Earlier(2, b"second"), Earlier(1, b"fir:st")]
    vault = [VaultEntry("recovery", 3, b"a:b\x00"), VaultEntry("passkey:AAAA", 3, b"c")]
    append = Append(STATE, after, [other], {}, earlier, vault)
    await accounts.chains.append(append, NOW)

    assert await accounts.chains.list_links(ACCOUNT, 0, 10) == [FIRST, other]
    assert await accounts.chains.list_links(ACCOUNT, 1, 10) == [other]
    assert await accounts.chains.list_links(ACCOUNT, 0, 1) == [FIRST]
    assert await accounts.chains.find_head(ACCOUNT) == after.head
    assert await accounts.chains.list_earlier(ACCOUNT) == sorted(
        earlier, key=lambda one: one.generation
    )
    assert sorted(await accounts.chains.list_vault(ACCOUNT), key=lambda one: one.wrapper) == sorted(
        vault, key=lambda one: one.wrapper
    )


async def test_an_append_to_another_chain_is_refused_whole(
    accounts: AccountStore, store: Store
) -> None:
    await begin(accounts)
    after, links = revoke(STATE)
    append = Append(STATE, after, links, {}, [], [], [DEVICE], unsettles=True)
    with pytest.raises(ChainMoved):
        await begin(accounts)
    await accounts.chains.append(append, NOW)
    with pytest.raises(ChainMoved):
        await accounts.chains.append(append, NOW)

    assert len(await accounts.chains.list_links(ACCOUNT, 0, 10)) == 2
    assert len(await controls(store)) == 1


async def test_the_head_is_compared_and_not_the_length_alone(accounts: AccountStore) -> None:
    """After a restore a chain may have the same length and another last link."""
    await begin(accounts)
    one = apply(STATE, make_link(STATE, a_device(), BY_DEVICE, 1), NO_ATTESTORS)
    two = make_link(STATE, a_device(), BY_DEVICE, 1)
    await accounts.chains.append(Append(STATE, apply(STATE, two, NO_ATTESTORS), [two], {}), NOW)
    third = make_link(one, a_device(), BY_DEVICE, 1)
    with pytest.raises(ChainMoved):
        await accounts.chains.append(Append(one, apply(one, third, NO_ATTESTORS), [third], {}), NOW)


async def test_a_revocation_reaches_workers_now_and_later(
    accounts: AccountStore, store: Store
) -> None:
    await begin(accounts)
    after, links = revoke(STATE)
    await accounts.chains.append(
        Append(STATE, after, links, {}, [], [], [DEVICE], unsettles=True), NOW
    )

    [told] = await controls(store)
    assert told == {
        b"k": b"x",
        b"a": ACCOUNT.encode(),
        b"d": DEVICE.encode(),
        b"s": b"",
        b"n": b"%d" % CloseCode.REVOKED,
    }
    assert await accounts.sessions.list_ended(0) == [Ended(ACCOUNT, DEVICE, "", NOW)]
    assert await accounts.chains.list_unsettled() == [(ACCOUNT, 2)]
    [device] = await accounts.chains.list_devices(after)
    assert device.is_revoked
    assert device.label == "Téléphone"


async def test_settling_an_older_change_leaves_the_newer_one(accounts: AccountStore) -> None:
    await begin(accounts)
    after, links = revoke(STATE)
    await accounts.chains.append(Append(STATE, after, links, {}, unsettles=True), NOW)
    await accounts.chains.settle(ACCOUNT, 1)
    assert await accounts.chains.list_unsettled() == [(ACCOUNT, 2)]
    await accounts.chains.settle(ACCOUNT, 2)
    await accounts.chains.settle(ACCOUNT, 2)
    assert await accounts.chains.list_unsettled() == []


async def test_a_session_ends_for_every_worker(accounts: AccountStore, store: Store) -> None:
    session = SessionSummary(SessionId(new_id()), DEVICE, NOW, NOW + 5)
    await accounts.sessions.open_session(ACCOUNT, session)
    assert await accounts.sessions.list_sessions(ACCOUNT) == [session]

    await accounts.sessions.end_session(ACCOUNT, DEVICE, session.session, NOW)
    await accounts.sessions.end_session(ACCOUNT, DEVICE, session.session, NOW)

    assert await accounts.sessions.list_sessions(ACCOUNT) == []
    assert await accounts.sessions.list_ended(0) == [Ended(ACCOUNT, DEVICE, session.session, NOW)]
    told = await controls(store)
    assert [one[b"n"] for one in told] == [b"%d" % CloseCode.SESSION_ENDED] * 2
    assert {one[b"s"] for one in told} == {session.session.encode()}


async def test_what_ended_long_ago_is_forgotten(accounts: AccountStore) -> None:
    old, new = SessionId(new_id()), SessionId(new_id())
    await accounts.sessions.end_session(ACCOUNT, DEVICE, old, NOW)
    await accounts.sessions.end_session(ACCOUNT, DEVICE, new, NOW + 5 * 3600_000 + 1)
    ended = await accounts.sessions.list_ended(0)
    assert [one.session for one in ended] == [new]


async def test_a_professional_has_one_account(accounts: AccountStore) -> None:
    first, second = AccountId(new_id()), AccountId(new_id())
    assert await accounts.chains.claim_rpps(RPPS, None, first) == first
    assert await accounts.chains.claim_rpps(RPPS, None, second) == first
    assert await accounts.chains.claim_rpps(RPPS, None, first) == first
    assert await accounts.chains.find_by_rpps([RPPS, RppsNumber("99000000010")]) == [first, None]
    # The first one was closed by its owner.
    assert await accounts.chains.claim_rpps(RPPS, first, second) == second
    assert await accounts.chains.claim_rpps(RPPS, first, first) == second


async def test_an_abandoned_account_leaves_nothing(accounts: AccountStore, store: Store) -> None:
    await begin(accounts)
    await accounts.chains.abandon(ACCOUNT)
    assert await accounts.chains.find(ACCOUNT) is None
    assert await accounts.chains.find_head(ACCOUNT) is None
    names = [key async for key in store.redis.scan_iter(f"*{ACCOUNT}*")]
    assert names == []


async def test_a_value_is_taken_once(accounts: AccountStore) -> None:
    await accounts.sessions.put_once("name", b"value", 60)
    assert await accounts.sessions.has_once("name")
    assert await accounts.sessions.take_once("name") == b"value"
    assert await accounts.sessions.take_once("name") is None
    assert not await accounts.sessions.has_once("name")


async def test_a_name_is_claimed_by_its_first_value(accounts: AccountStore) -> None:
    assert await accounts.sessions.claim_once("name", b"one", 60)
    assert not await accounts.sessions.claim_once("name", b"two", 60)
    assert await accounts.sessions.claim_once("name", b"one", 60)


async def test_what_may_be_used_once_does_not_stay(accounts: AccountStore, store: Store) -> None:
    await accounts.sessions.put_once("a", b"", 120)
    await accounts.sessions.claim_once("b", b"x", 600)
    assert 0 < await store.redis.ttl(keys.once("a")) <= 120
    assert 0 < await store.redis.ttl(keys.once("b")) <= 600


async def test_an_unknown_device_has_no_label(accounts: AccountStore) -> None:
    await accounts.chains.append(Append(None, STATE, [FIRST], {"rpps": RPPS, "created": 5}), NOW)
    [device] = await accounts.chains.list_devices(STATE)
    assert (device.device, device.label, device.added_at_ms) == (DEVICE, "", 0)
    await accounts.sessions.touch_device(ACCOUNT, DeviceId(DEVICE), 7)
    [device] = await accounts.chains.list_devices(STATE)
    assert device.seen_at_ms == 7
