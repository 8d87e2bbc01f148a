"""How fast an account may send, without a store and without waiting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lien.conversations.errors import TooManySends
from lien.conversations.service.pace import BURST_SECONDS, Pace
from lien.ids import AccountId

ANA, BEN = AccountId("ana"), AccountId("ben")
BURST = 5 * BURST_SECONDS


def test_a_burst_is_taken_then_one_in_its_time() -> None:
    pace: Pace[AccountId] = Pace(5)
    for _ in range(BURST):
        pace.take(ANA, 1_000)

    with pytest.raises(TooManySends) as refused:
        pace.take(ANA, 1_000)

    assert 0 < refused.value.retry_after_ms <= 201
    pace.take(ANA, 1_000 + refused.value.retry_after_ms)
    with pytest.raises(TooManySends):
        pace.take(ANA, 1_000 + refused.value.retry_after_ms)


def test_another_account_has_its_own() -> None:
    pace: Pace[AccountId] = Pace(5)
    for _ in range(BURST):
        pace.take(ANA, 0)

    pace.take(BEN, 0)


def test_who_waits_may_send_a_burst_again() -> None:
    pace: Pace[AccountId] = Pace(5)
    for now_ms in (0, 100_000, 200_000):
        for _ in range(BURST):
            pace.take(ANA, now_ms)


def test_who_is_silent_is_forgotten() -> None:
    pace: Pace[AccountId] = Pace(5)
    for number in range(10_000):
        pace.take(AccountId(f"account {number}"), number * 10)

    assert len(pace._full_at_ms) + len(pace._before) <= 2 * BURST_SECONDS * 100 + 2


@given(st.lists(st.integers(0, 3_000), max_size=300))
def test_no_history_takes_more_than_the_rate(steps: list[int]) -> None:
    """And what is refused is taken at the instant that the refusal names."""
    pace: Pace[AccountId] = Pace(5)
    now_ms = taken = 0
    for step in steps:
        now_ms += step
        try:
            pace.take(ANA, now_ms)
        except TooManySends as refused:
            now_ms += refused.retry_after_ms
            pace.take(ANA, now_ms)
        taken += 1

    assert taken <= BURST + now_ms * 5 / 1000 + 1
