"""Chains through the service: read once, verified always, begun again after a crash."""

import pytest

from lien.accounts import Accounts, Flow
from lien.accounts.store import AccountStore, Append
from lien.crypto.attestor import NO_ATTESTORS, AttestorKey
from lien.crypto.chain import AddDevice, apply, make_link
from lien.crypto.proofs import prove_enrol
from lien.crypto.signing import SigningKey
from lien.directory import Directory
from lien.directory.store import DirectoryStore
from lien.errors import NotFound
from lien.ids import AccountId, RppsNumber, inbox_channel, new_id
from lien.storage import keys
from lien.storage.shards import shard_of
from lien.storage.valkey import Store
from tests.accounts.test_rules import ACCOUNT, BY_DEVICE, DEVICE, FIRST, KEY, STATE, a_device
from tests.directory.loading import load
from tests.directory.rows import NUMBERS, a_row, an_extract
from tests.fakes import FakeClock
from tests.trails import a_trail

ATTESTOR = AttestorKey.first(SigningKey.generate())
RPPS = RppsNumber(NUMBERS[0])


@pytest.fixture
async def accounts(store: Store, clock: FakeClock) -> Accounts:
    directory = Directory(DirectoryStore(store), clock)
    await load(directory, an_extract(a_row(0), a_row(1)))
    return Accounts(AccountStore.of(store), directory, ATTESTOR, clock, a_trail(store, clock))


def a_flow(clock: FakeClock, rpps: str = RPPS) -> Flow:
    return Flow(
        flow=new_id(),
        via="provider",
        nonce=bytes(32),
        rpps=RppsNumber(rpps),
        account=None,
        provider="psc",
        verified_at_ms=clock.now_ms(),
        ends_at_ms=clock.now_ms() + 1000,
    )


async def create(accounts: Accounts, flow: Flow) -> None:
    proof = prove_enrol(KEY, flow.nonce, DEVICE)
    await accounts.create(flow, FIRST, "Téléphone", proof)


def chain_key(store: Store, account: AccountId) -> str:
    return keys.chain(shard_of(inbox_channel(account), store.shards), account)


async def test_a_chain_is_verified_once_and_then_continued(
    accounts: Accounts, store: Store, clock: FakeClock
) -> None:
    await create(accounts, a_flow(clock))
    state = await accounts.get_chain(ACCOUNT)
    # The links it has verified could now be gone: only what is new is read.
    await store.redis.lset(chain_key(store, ACCOUNT), 0, "gone")
    assert await accounts.get_chain(ACCOUNT) is state

    await accounts.append_links(ACCOUNT, [make_link(state, a_device(), BY_DEVICE, 1)], [], [])
    assert (await accounts.get_chain(ACCOUNT)).length == 3


async def test_another_worker_sees_what_was_appended(
    accounts: Accounts, store: Store, clock: FakeClock
) -> None:
    await create(accounts, a_flow(clock))
    other = Accounts(
        AccountStore.of(store),
        Directory(DirectoryStore(store), clock),
        ATTESTOR,
        clock,
        a_trail(store, clock),
    )
    before = await other.get_chain(ACCOUNT)
    await accounts.append_links(ACCOUNT, [make_link(before, a_device(), BY_DEVICE, 1)], [], [])

    assert (await other.get_chain(ACCOUNT)).length == 3


async def test_a_store_that_lies_is_not_believed(
    accounts: Accounts, store: Store, clock: FakeClock
) -> None:
    """A ghost device needs a signature of the account: writing to the store adds none."""
    flow = a_flow(clock)
    await create(accounts, flow)
    state = await accounts.get_chain(ACCOUNT)
    thief = SigningKey.generate()
    ghost = make_link(state, AddDevice(DEVICE, thief.public), BY_DEVICE, 1)
    shard = shard_of(inbox_channel(ACCOUNT), store.shards)
    await store.redis.rpush(chain_key(store, ACCOUNT), bytes(64) + ghost.data)
    await store.redis.hset(keys.account(shard, ACCOUNT), "head", ghost.hash)

    with pytest.raises(RuntimeError, match="does not verify"):
        await accounts.get_chain(ACCOUNT)


async def test_an_earlier_store_is_read_again_from_the_start(
    accounts: Accounts, store: Store, clock: FakeClock
) -> None:
    await create(accounts, a_flow(clock))
    early = await accounts.get_chain(ACCOUNT)
    await accounts.append_links(ACCOUNT, [make_link(early, a_device(), BY_DEVICE, 1)], [], [])
    await accounts.get_chain(ACCOUNT)
    shard = shard_of(inbox_channel(ACCOUNT), store.shards)
    await store.redis.rpop(chain_key(store, ACCOUNT))
    await store.redis.hset(keys.account(shard, ACCOUNT), "head", early.head)

    assert (await accounts.get_chain(ACCOUNT)).length == 2


async def test_a_crash_between_chain_and_claim_is_repaired_by_the_retry(
    accounts: Accounts, store: Store, clock: FakeClock
) -> None:
    """An account is its professional's only once claimed; the same request finishes the work."""
    flow = a_flow(clock)
    await create(accounts, flow)
    await store.redis.delete(keys.rpps(RPPS))
    assert await accounts.find_account(RPPS) is None

    await create(accounts, flow)

    assert await accounts.find_account(RPPS) == ACCOUNT
    assert (await accounts.get_chain(ACCOUNT)).length == 2


async def test_generations_of_unknown_and_known_accounts(
    accounts: Accounts, clock: FakeClock
) -> None:
    await create(accounts, a_flow(clock))
    unknown = AccountId(new_id())
    assert await accounts.current_generations([ACCOUNT, unknown]) == {ACCOUNT: 1, unknown: 0}
    assert await accounts.current_generations([]) == {}
    for look in (accounts.get_chain, accounts.get_account, accounts.find_professional):
        with pytest.raises(NotFound):
            await look(unknown)


async def test_an_unclaimed_chain_is_no_account_of_anyone(
    accounts: Accounts, store: Store, clock: FakeClock
) -> None:
    stored = AccountStore.of(store)
    fields: dict[str, str | int] = {"rpps": NUMBERS[1], "created": 5}
    await stored.chains.append(Append(None, STATE, [FIRST], fields), clock.now_ms())
    assert await accounts.find_account(RppsNumber(NUMBERS[1])) is None
    assert apply(None, FIRST, NO_ATTESTORS) == await accounts.get_chain(ACCOUNT)
