"""The page is made from the lines: what was missed and what was not run is said."""

import json
from pathlib import Path
from typing import Any

from benchmarks import report

_MACHINE = {
    "cores": 2, "model": "a processor", "memory_gib": 24, "kernel": "6.1", "python": "3.11",
    "load_average_before": 0.1,
}  # fmt: skip
_PAGE = """\
# Benchmarks

<!-- goals: written by `python -m benchmarks report` -->
old
<!-- /goals -->

Between.

<!-- peers: written by `python -m benchmarks report` -->
<!-- /peers -->

<!-- notes: written by `python -m benchmarks report` -->
<!-- /notes -->

<!-- growth: written by `python -m benchmarks report` -->
<!-- /growth -->

<!-- documents: written by `python -m benchmarks report` -->
<!-- /documents -->

<!-- million: written by `python -m benchmarks report` -->
<!-- /million -->

<!-- machine: written by `python -m benchmarks report` -->
<!-- /machine -->
"""


def a_line(benchmark: str, subject: str, **figures: Any) -> dict[str, Any]:
    return {
        "benchmark": benchmark,
        "subject": subject,
        "at": "2026-11-27T18:00:00Z",
        "case": "",
        "ratio_to_floor": 1.0,
        "workers": 1,
        "machine": _MACHINE,
        "versions": {subject: "1.2"},
        **figures,
    }


def written(folder: Path, *lines: dict[str, Any]) -> tuple[str, str]:
    """The page and the plot of these lines."""
    results, docs = folder / "results", folder / "docs"
    results.mkdir()
    (docs / "images").mkdir(parents=True)
    (docs / "benchmarks.md").write_text(_PAGE)
    (results / "some.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    report.write(results, docs)
    drawing = (docs / "images" / "benchmarks.svg").read_text()
    return (docs / "benchmarks.md").read_text(), drawing


def rooms(subject: str, cost: float, ratio: float, store: float = 0.0, **more: Any) -> Any:
    figures = {"cpu_us_per_delivery": cost, "store_cpu_us_per_delivery": store}
    return a_line("rooms", subject, ratio_to_floor=ratio, **figures, **more)


def test_a_goal_that_was_missed_is_said_to_be(tmp_path: Path) -> None:
    page, _ = written(
        tmp_path,
        rooms("floor", 10.0, 1.0),
        rooms("lien", 35.0, 3.5, 20.0),
        a_line("storm", "lien", ratio_to_floor=7.9, cpu_us_per_reconnect=210.0),
    )

    assert "old" not in page
    assert "Between." in page
    assert "| ≤ 3 × floor | 3.50 × | **no** |" in page
    assert "| ≤ 8 × floor | 7.90 × | yes |" in page
    assert "| ≤ 3 KiB | not measured | **no** |" in page


def test_every_subject_has_its_row_and_its_dot(tmp_path: Path) -> None:
    page, drawing = written(
        tmp_path,
        rooms("floor", 10.0, 1.0),
        rooms("lien", 35.0, 3.5, 20.0, not_run={"nats": "not installable: no apt-get here"}),
        rooms("node-ws", 26.0, 2.6, note="nothing kept"),
    )

    assert "| **lien** | – | – | 35.0 + 20.0 (3.50 ×) | – | – | – |" in page
    assert "| node-ws | nothing kept | node-ws 1.2 |" in page
    assert "- nats: not installable: no apt-get here" in page
    assert drawing.count("<circle") == 3


def test_a_million_is_multiplied_from_what_was_measured(tmp_path: Path) -> None:
    crowd = {
        "connections": 100_000, "kib_per_connection": 2.0, "kernel_kib_per_connection": 4.0,
        "process_memory_gib": 0.3, "cpu_us_per_connection_second": 1.0, "cpu_us_per_connect": 200.0,
        "lost": 0,
    }  # fmt: skip
    page, _ = written(
        tmp_path,
        a_line("crowd", "lien", **crowd),
        a_line("storm", "lien", cpu_us_per_reconnect=240.0),
    )

    assert "| memory of the workers | 1.91 GiB |" in page
    assert "| pings and pongs | 1.00 cores |" in page
    assert "| all come back within 60 s | 4.00 cores for that minute |" in page
    assert "| < 1 GiB | 100,000 in one worker: 0.30 GiB | yes |" in page


def test_what_a_hospital_delivers_is_said_in_a_table(tmp_path: Path) -> None:
    load = {
        "documents_per_second": 21.5, "documents_per_cpu_second": 30.0,
        "deliveries_per_second": 215.0, "gateway_memory_mib": 160.0,
    }  # fmt: skip
    time = {"median_ms": 400.0, "p99_ms": 900.0, "documents": 60, "folder_looked_at_every_ms": 100}
    page, _ = written(
        tmp_path,
        rooms("lien", 35.0, 3.5),
        {**a_line("documents", "lien", **load), "case": "10 recipients"},
        {**a_line("documents", "lien", **time), "case": "drop to phone"},
    )

    assert "| 10 recipients | 21.5 | 30.0 | 215 | 160 MiB |" in page
    assert "median 400 ms, 99th percentile 900 ms, of 60" in page
