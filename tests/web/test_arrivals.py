"""Everyone at once: some come in, the others get a place each."""

from lien.web.arrivals import Arrivals


def test_a_burst_comes_in_and_each_of_the_others_has_its_own_moment() -> None:
    arrivals = Arrivals(per_second=1_000, burst=50)

    waits = [arrivals.admit(7_000) for _ in range(150)]

    assert waits[:50] == [0] * 50
    assert waits[50:] == list(range(2, 102))


def test_who_comes_at_its_place_comes_in() -> None:
    arrivals = Arrivals(per_second=100, burst=5)
    left = sorted(7_000 + wait for wait in (arrivals.admit(7_000) for _ in range(30)) if wait)

    assert [arrivals.admit(at_ms) for at_ms in left] == [0] * 25


def test_after_a_quiet_time_there_is_room_again() -> None:
    arrivals = Arrivals(per_second=10, burst=5)
    for _ in range(20):
        arrivals.admit(0)

    assert [arrivals.admit(60_000) for _ in range(5)] == [0] * 5
