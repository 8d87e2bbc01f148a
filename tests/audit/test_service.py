"""The trail on a real store: several writers, one order, nothing changed unseen."""

import asyncio

import pytest

from lien.audit import Actor, BadTrail, Event, EventKind
from lien.ids import AccountId, new_id
from lien.storage import keys
from lien.storage.valkey import Store
from tests.fakes import FakeClock
from tests.trails import a_trail

MARIE, PAUL = AccountId(new_id()), AccountId(new_id())


def signed_in(account: AccountId) -> Event:
    return Event(EventKind.SIGNED_IN, account, account, new_id(), "passkey")


async def test_workers_that_write_at_once_make_one_chain(store: Store, clock: FakeClock) -> None:
    workers = [a_trail(store, clock) for _ in range(4)]

    await asyncio.gather(*(worker.record(signed_in(MARIE)) for worker in workers * 25))

    _, end = await workers[0].verify()
    assert end.number == 100


async def test_an_owner_reads_what_concerns_them_newest_first(
    store: Store, clock: FakeClock
) -> None:
    trail = a_trail(store, clock)
    own = [signed_in(MARIE) for _ in range(60)]
    for event in own:
        await trail.record(event, signed_in(PAUL))
    await trail.record(Event(EventKind.DIRECTORY_IMPORTED, Actor.OPERATOR))

    first = await trail.list_own(MARIE)
    second = await trail.list_own(MARIE, first.before)

    assert [entry.event for entry in (*first.entries, *second.entries)] == own[::-1]
    assert second.before == 0
    assert len((await trail.list_all()).entries) == 50


async def test_a_changed_entry_is_found(store: Store, clock: FakeClock) -> None:
    trail = a_trail(store, clock)
    await trail.record(signed_in(MARIE), signed_in(PAUL), signed_in(MARIE))
    one, two, three = await store.pipe.call("XRANGE", keys.AUDIT_TRAIL, "-", "+")
    await store.pipe.call("DEL", keys.AUDIT_TRAIL)
    for (number, _), (_, fields) in zip((one, two, three), (one, one, three), strict=True):
        await store.pipe.call("XADD", keys.AUDIT_TRAIL, number, *fields)

    with pytest.raises(BadTrail):
        await trail.verify()


async def test_a_trail_written_anew_is_found_by_who_kept_its_end(
    store: Store, clock: FakeClock
) -> None:
    trail = a_trail(store, clock)
    await trail.record(signed_in(MARIE), signed_in(PAUL))
    _, known = await trail.verify()
    await store.redis.flushall()
    forger = a_trail(store, clock)
    await forger.record(signed_in(PAUL), signed_in(PAUL), signed_in(PAUL))

    await forger.verify()
    with pytest.raises(BadTrail):
        await forger.verify(known)


async def test_a_cut_end_is_found(store: Store, clock: FakeClock) -> None:
    trail = a_trail(store, clock)
    await trail.record(signed_in(MARIE), signed_in(PAUL))
    await store.redis.xdel(keys.AUDIT_TRAIL, "2-0")

    with pytest.raises(BadTrail):
        await trail.verify()


async def test_what_is_old_is_forgotten_and_the_rest_still_verifies(
    store: Store, clock: FakeClock
) -> None:
    trail = a_trail(store, clock)
    await trail.record(signed_in(MARIE), signed_in(MARIE))
    _, old = await trail.verify()
    clock.advance(days=366)
    await trail.record(signed_in(MARIE))

    assert await trail.sweep() == 2
    assert await trail.sweep() == 0

    base, end = await trail.verify(old)
    assert (base.number, end.number) == (2, 3)
    assert [entry.number for entry in (await trail.list_own(MARIE)).entries] == [3]


async def test_a_cancelled_request_is_written_by_the_next(store: Store, clock: FakeClock) -> None:
    """Whatever happened is in the trail although the phone that did it went away."""
    trail = a_trail(store, clock)
    tasks = [asyncio.create_task(trail.record(signed_in(MARIE))) for _ in range(3)]
    await asyncio.sleep(0)
    tasks[0].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

    assert (await trail.verify())[1].number == 3
