"""One timer, everybody's pings and deadlines."""

import asyncio

from lien.clock import SystemClock
from lien.fanout.wheel import TURN_SECONDS, Wheel
from tests.fakes import FakeClock


class Visited:
    def __init__(self) -> None:
        self.visits = 0

    def visit(self) -> None:
        self.visits += 1


def test_everyone_is_visited_once_a_turn(clock: FakeClock) -> None:
    wheel = Wheel(clock)
    everyone = [Visited() for _ in range(100)]
    for each in everyone:
        wheel.add(each)
    wheel.add(everyone[0])
    wheel.discard(everyone[1])
    wheel.discard(everyone[1])

    for _ in range(2 * TURN_SECONDS):
        wheel.tick()

    assert [each.visits for each in everyone] == [2, 0] + [2] * 98


def test_a_deadline_expires_once_in_its_time(clock: FakeClock) -> None:
    wheel, visited = Wheel(clock), Visited()
    expired: list[str] = []
    wheel.set_deadline(visited, "hello", 10_000, lambda: expired.append("hello"))
    wheel.set_deadline(visited, "slow", 30_000, lambda: expired.append("slow"))

    clock.advance(seconds=9)
    wheel.tick()
    assert expired == []
    clock.advance(seconds=1)
    wheel.tick()
    wheel.tick()
    assert expired == ["hello"]

    wheel.lift_deadline(visited, "slow")
    wheel.lift_deadline(visited, "slow")
    clock.advance(seconds=60)
    wheel.tick()
    assert expired == ["hello"]


def test_a_deadline_may_lift_another_that_is_due(clock: FakeClock) -> None:
    wheel, visited = Wheel(clock), Visited()
    expired: list[str] = []

    def expire_first() -> None:
        expired.append("first")
        wheel.lift_deadline(visited, "second")

    wheel.set_deadline(visited, "first", 1_000, expire_first)
    wheel.set_deadline(visited, "second", 1_000, lambda: expired.append("second"))
    clock.advance(seconds=1)
    wheel.tick()

    assert expired == ["first"]


async def test_it_turns_by_itself_until_it_is_stopped() -> None:
    wheel, visited = Wheel(SystemClock()), Visited()
    expired = asyncio.Event()
    wheel.set_deadline(visited, "now", 0, expired.set)

    wheel.start()
    async with asyncio.timeout(3):
        await expired.wait()
    wheel.stop()
    wheel.stop()
