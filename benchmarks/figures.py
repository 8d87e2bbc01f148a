"""What every benchmark needs: its size, progress, and figures per unit."""

import resource
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from benchmarks.processes import Usage
from benchmarks.subjects import Server

Figures = dict[str, Any]


@dataclass(frozen=True)
class Size:
    """How much of everything; the options of the command line change it."""

    connections: int
    messages: int
    runs: int = 3


@dataclass(frozen=True)
class Benchmark:
    """
    Something measured in the same way for Lien, the floor and the peers.

    `measure` gives one set of figures for each of `cases`; `figure` names the one that is
    compared. Where `floor_case` is given, all cases compare with the floor's figure in that one.
    """

    summary: str
    measure: Callable[[Server, Size], list[Figures]]
    figure: str
    usual: Size
    floor_case: str = ""


@dataclass(frozen=True)
class Own:
    """Something only Lien is measured by; `run` brings its own comparison, if any."""

    summary: str
    run: Callable[[Size, int], Iterable[tuple[str, Figures]]]  # its size, and how many workers
    usual: Size


def say(text: str) -> None:
    """Progress, on standard error."""
    sys.stderr.write(f"  {text}\n")
    sys.stderr.flush()


def raise_file_limit() -> int:
    """As many sockets as the system lets this user have; how many that is."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def micros(seconds: float, count: int) -> float:
    """Microseconds for one of them."""
    return round(seconds * 1e6 / count, 2)


def costs(runs: Sequence[Usage], deliveries: int) -> Figures:
    """What a delivery cost the server's processes, and its store: medians of several runs."""
    servers = [micros(used.server, deliveries) for used in runs]
    cost = median(servers)
    return {
        "deliveries": deliveries,
        **per_second("cpu_us_per_delivery", cost),
        "of_which_user_us": median(micros(used.server_user, deliveries) for used in runs),
        "store_cpu_us_per_delivery": median(micros(used.store, deliveries) for used in runs),
        "runs": servers,
    }


def per_second(name: str, figure: float) -> Figures:
    """A figure, and for a cost in CPU how many of them make a second of it."""
    per, _, what = name.partition("cpu_us_per_")
    if per or not what:
        return {name: figure}
    plural = {"delivery": "deliveries"}.get(what, f"{what}s")
    return {name: figure, f"{plural}_per_cpu_second": round(1e6 / max(figure, 0.01))}
