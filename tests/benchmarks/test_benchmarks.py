"""Each benchmark still runs, with a handful of connections: no figure is judged here."""

import json
import subprocess
import sys
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
