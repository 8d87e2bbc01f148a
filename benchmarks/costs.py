"""What one million connections would cost, by multiplication of what was measured."""

from typing import Final

from benchmarks.figures import Figures
from benchmarks.tables import Results, number, table

_MILLION: Final = 1_000_000
_GIB: Final = 2**20  # in KiB
_MESSAGES_A_DAY: Final = 20  # of each person
_PEAK: Final = 5  # the busiest hour against the mean
_STORM_SECONDS: Final = 60


def write(results: Results) -> str:
    """Nothing here was run with a million: each row says what it is multiplied from."""
    crowds = [line for line in results.of("crowd") if line["subject"] == "lien"]
    storm = results.find("storm", "lien", "")
    rooms = results.find("rooms", "lien", "")
    rows = []
    if crowds:
        rows += _idle(max(crowds, key=lambda line: line["connections"]))
    if storm:
        cost = storm["cpu_us_per_reconnect"]
        rows.append(
            (
                f"all come back within {_STORM_SECONDS} s",
                f"{number(cost * _MILLION / 1e6 / _STORM_SECONDS)} cores for that minute",
                f"{number(cost)} µs each (`storm`)",
            )
        )
    if rooms:
        rows += _messages(results, rooms)
    return table(("", "needed", "from"), rows)


def _idle(crowd: Figures) -> list[tuple[str, str, str]]:
    each, kernel = crowd["kib_per_connection"], crowd["kernel_kib_per_connection"]
    pings = crowd["cpu_us_per_connection_second"]
    measured = f"at {crowd['connections']:,} (`crowd`)"
    return [
        (
            "memory of the workers",
            f"{number(each * _MILLION / _GIB)} GiB",
            f"{number(each)} KiB each {measured}",
        ),
        (
            "memory of the kernel",
            f"{number(kernel * _MILLION / _GIB)} GiB",
            f"{number(kernel)} KiB each {measured}; buffers of slow readers come on top",
        ),
        (
            "pings and pongs",
            f"{number(pings * _MILLION / 1e6)} cores",
            f"{number(pings)} µs each second {measured}",
        ),
    ]


def _messages(results: Results, rooms: Figures) -> list[tuple[str, str, str]]:
    rate = _MILLION * _MESSAGES_A_DAY / 86_400 * _PEAK
    worker, store = rooms["cpu_us_per_delivery"], rooms["store_cpu_us_per_delivery"]
    what = f"{_MESSAGES_A_DAY} messages a day each, {_PEAK} × as many at the peak: {rate:,.0f}/s"
    rows = [
        (
            f"{what}, to one person",
            f"{number(rate * worker / 1e6)} cores, and {number(rate * store / 1e6)} for the store",
            f"{number(worker)} and {number(store)} µs each (`rooms`)",
        )
    ]
    several = [line for line in results.of("workers") if line["subject"] == "lien"]
    if len(several) > 1:
        first, last = several[0], several[-1]
        further = (last["cpu_us_per_delivery"] - first["cpu_us_per_delivery"]) / (
            last["workers"] - first["workers"]
        )
        rows.append(
            (
                "each further worker, at that rate",
                f"{number(max(rate * further / 1e6, 0))} cores",
                f"{number(max(further, 0))} µs per message: it reads the feed too (`workers`)",
            )
        )
    return rows
