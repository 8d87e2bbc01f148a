"""A short run of the random test; `scripts/twelve --steps 10000` is the long one."""

from tests.twelve.__main__ import play

STEPS, SEED = 300, 1


async def test_phones_of_both_engines_come_to_show_the_same() -> None:
    run = await play(STEPS, SEED)
    assert run.counts.total() >= STEPS
