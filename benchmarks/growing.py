"""How cost grows, as tables."""

from collections.abc import Callable, Sequence
from typing import Final

from benchmarks.figures import Figures
from benchmarks.tables import Results, number, table

Cell = Callable[[Figures], str]


def _figure(name: str) -> Cell:
    return lambda line: number(line[name]) if name in line else "–"


def _ratio(line: Figures) -> str:
    return f"{number(line['ratio_to_floor'])} ×" if line.get("ratio_to_floor") else "–"


def _count(name: str) -> Cell:
    return lambda line: f"{line[name]:,}"


_TABLES: Final[Sequence[tuple[str, str, Sequence[tuple[str, Cell]]]]] = (
    (
        "growth",
        "Receivers of one message. A conversation holds at most 500 members: 1,000 and 10,000 "
        "receivers are 2 and 20 conversations written to at once.",
        (
            ("µs per delivery", _figure("cpu_us_per_delivery")),
            ("× floor", _ratio),
            ("deliveries per CPU-second", _count("deliveries_per_cpu_second")),
            ("store, µs", _figure("store_cpu_us_per_delivery")),
        ),
    ),
    (
        "crowd",
        "Idle authenticated connections that answer pings.",
        (
            ("workers", _count("workers")),
            ("KiB each", _figure("kib_per_connection")),
            ("kernel, KiB each", _figure("kernel_kib_per_connection")),
            ("processes, GiB", _figure("process_memory_gib")),
            ("µs to connect", _figure("cpu_us_per_connect")),
            ("µs each second", _figure("cpu_us_per_connection_second")),
            ("lost", _count("lost")),
        ),
    ),
    (
        "append",
        "One append, 50 under way. The floor is two bare `XADD`s of the same bytes.",
        (
            ("store, µs", _figure("store_cpu_us_per_delivery")),
            ("× floor", _ratio),
            ("caller, µs", _figure("cpu_us_per_delivery")),
        ),
    ),
    (
        "resume",
        "Everyone comes back at once, with cursors on 50 conversations of 50.",
        (
            ("µs per reconnect", _figure("cpu_us_per_reconnect")),
            ("× floor", _ratio),
            ("store, µs", _figure("store_cpu_us_per_reconnect")),
        ),
    ),
    (
        "workers",
        "Conversations of two, every worker on the same core: what dividing the work costs.",
        (
            ("µs per message, all workers", _figure("cpu_us_per_delivery")),
            ("× floor", _ratio),
            ("store, µs", _figure("store_cpu_us_per_delivery")),
        ),
    ),
)


def write(results: Results) -> str:
    """Every table there are results for."""
    parts = []
    for name, text, columns in _TABLES:
        rows = [
            [_case(line), *(cell(line) for _, cell in columns)]
            for line in results.of(name)
            if line["subject"] == "lien" or name in ("append", "resume", "workers")
        ]
        if rows:
            parts.append(f"{text}\n\n{table(['', *(title for title, _ in columns)], rows)}")
    return "\n".join(parts)


def _case(line: Figures) -> str:
    return line["case"] if line["subject"] == "lien" else f"floor: {line['case']}"
