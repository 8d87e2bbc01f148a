"""One benchmark over all its subjects in one sitting: the floor before and after, ratios to it."""

import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import median
from typing import Final

from benchmarks.figures import Benchmark, Figures, Size, per_second, say
from benchmarks.floor import Floor
from benchmarks.load import LoadFailed
from benchmarks.product import Lien
from benchmarks.subjects import NotInstallable, Server

FLOOR: Final = "floor"
LIEN: Final = "lien"

Opening = Callable[[], Server]


def subjects(workers: int, peers: Mapping[str, Opening]) -> dict[str, Opening]:
    """In the order in which they are measured; the floor comes once more at the end."""
    return {FLOOR: Floor, LIEN: lambda: Lien(workers), **peers}


def run(
    benchmark: Benchmark, size: Size, openings: Mapping[str, Opening]
) -> Iterator[tuple[str, Figures]]:
    """
    Name of each subject and its figures, one for each case, with `ratio_to_floor`.

    A peer that cannot be had or fails is told on Lien's lines, as `not_run`.

    Raises: LoadFailed when Lien or the floor fails.
    """
    found: dict[str, list[Figures]] = {}
    missing: dict[str, str] = {}
    for name, opening in openings.items():
        say(f"— {name}")
        try:
            found[name] = _measure(benchmark, size, opening)
        except NotInstallable as error:
            missing[name] = str(error)
        # The outer edge of one peer: whatever it does must not cost the others their figures.
        except Exception as error:
            if name in (FLOOR, LIEN):
                raise
            if not isinstance(error, LoadFailed):
                traceback.print_exc()
            missing[name] = f"failed: {error}"
        if name in missing:
            say(f"{name} {missing[name]}")
    say(f"— {FLOOR} again")
    again = _measure(benchmark, size, openings[FLOOR])
    floors = _pool(benchmark.figure, found[FLOOR], again)
    found[FLOOR] = floors
    for name, cases in found.items():
        for figures in cases:
            floor = _floor_of(benchmark, floors, figures)
            ratio = round(figures[benchmark.figure] / floor, 2) if floor else None
            extra = {"not_run": missing} if name == LIEN and missing else {}
            yield name, {**figures, "ratio_to_floor": ratio, **extra}


def _measure(benchmark: Benchmark, size: Size, opening: Opening) -> list[Figures]:
    with opening() as server:
        fewer = Size(size.connections, max(size.messages // server.slowness, 1), size.runs)
        measured = benchmark.measure(server, fewer)
        return [
            {**figures, "note": server.note(), "versions": server.versions()}
            for figures in measured
        ]


def _pool(name: str, first: Sequence[Figures], again: Sequence[Figures]) -> list[Figures]:
    """The floor's two rounds as one: the machine may have drifted between them."""
    pooled = []
    for one, other in zip(first, again, strict=True):
        runs = [*one.get("runs", [one[name]]), *other.get("runs", [other[name]])]
        pooled.append({**one, **per_second(name, round(median(runs), 2)), "runs": runs})
    return pooled


def _floor_of(benchmark: Benchmark, floors: Sequence[Figures], figures: Figures) -> float:
    case = benchmark.floor_case or figures["case"]
    return next(float(floor[benchmark.figure]) for floor in floors if floor["case"] == case)
