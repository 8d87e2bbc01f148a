"""Each benchmark still runs, with a handful of connections: no figure is judged here."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

_FIGURES = {
    "fanout": "cpu_us_per_delivery",
    "rooms": "cpu_us_per_delivery",
    "latency": "p50_us",
    "idle": "kib_per_connection",
    "storm": "cpu_us_per_reconnect",
}


def lines_of(*arguments: str) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "benchmarks", *arguments, "--runs", "1", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("name", _FIGURES)
def test_lien_is_measured_beside_the_floor(name: str) -> None:
    lines = lines_of(name, "--connections", "200", "--messages", "20")

    assert {line["subject"] for line in lines} == {"floor", "lien"}
    for line in lines:
        assert line["benchmark"] == name
        # Memory grows by pages: a few connections may not show.
        assert line[_FIGURES[name]] > 0 or name == "idle"
        assert "ratio_to_floor" in line
        assert line["machine"]["cores"] >= 1
        assert line["versions"]


@pytest.mark.parametrize(
    ("name", "connections", "figure"),
    [
        ("append", 500, "store_cpu_us_per_delivery"),
        ("resume", 50, "cpu_us_per_reconnect"),
        ("workers", 20, "cpu_us_per_delivery"),
        ("growth", 10, "cpu_us_per_delivery"),
    ],
)
def test_what_only_lien_is_measured_by_has_a_floor_too(
    name: str, connections: int, figure: str
) -> None:
    lines = lines_of(name, "--connections", f"{connections}", "--messages", "20")

    assert {line["subject"] for line in lines} == {"floor", "lien"}
    assert len({line["case"] for line in lines if line["subject"] == "lien"}) >= 1
    for line in lines:
        assert line[figure] > 0
        assert line["ratio_to_floor"] > 0


def test_a_crowd_is_counted_and_none_of_it_is_lost() -> None:
    lines = lines_of("crowd", "--connections", "300")

    (crowd,) = (line for line in lines if line["subject"] == "lien")
    assert crowd["connections"] == 300
    assert crowd["lost"] == 0
    assert crowd["process_memory_gib"] > 0


def test_the_web_application_is_opened_and_scrolled() -> None:
    assert shutil.which("chromium") or shutil.which("google-chrome"), "apt-get install chromium"

    lines = {line["case"]: line for line in lines_of("pwa", "--messages", "30")}

    weight = lines["initial code"]
    assert 0 < weight["kb_transferred"] < weight["kb"]
    assert lines["first opening at 4G"]["p50_ms"] > 0
    assert lines["later opening"]["unlock_p50_ms"] > 0
    assert lines["scrolling 30 messages"]["frames_per_second"] > 0
    assert lines["scrolling 30 plain lines"]["frames_per_second"] > 0


def test_peers_of_this_installation_do_the_same_work() -> None:
    """Plain Starlette needs nothing fetched; the others are tried by scripts/bench."""
    lines = lines_of("rooms", "--connections", "20", "--messages", "20", "--peer", "starlette")

    assert {line["subject"] for line in lines} == {"floor", "lien", "starlette"}
    assert not any("not_run" in line for line in lines)


def test_a_peer_that_cannot_be_had_is_told_and_costs_nothing_else(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """On a machine with a compiler and without node."""
    for name in ("cc", "as", "ld"):
        program = shutil.which(name)
        assert program is not None
        (tmp_path / name).symlink_to(program)
    monkeypatch.setenv("PATH", str(tmp_path))

    lines = lines_of("rooms", "--connections", "20", "--messages", "20", "--peer", "node-ws")

    (lien,) = (line for line in lines if line["subject"] == "lien")
    assert lien["not_run"] == {"node-ws": "not installable: no node here"}


def test_a_gateway_is_measured() -> None:
    lines = lines_of("documents", "--messages", "3")

    assert [line["case"] for line in lines] == ["1 recipients", "10 recipients", "drop to phone"]
    assert all(line["documents_per_cpu_second"] > 0 for line in lines[:2])
    assert lines[2]["p99_ms"] >= lines[2]["median_ms"] > 0
