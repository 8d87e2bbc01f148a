"""`python -m benchmarks NAME`: run one benchmark against the product as shipped."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Coroutine
from typing import Any

import uvloop

from benchmarks import directory, fanout, floor, idle, rooms, storm
from benchmarks.deployment import Deployment, machine
from benchmarks.figures import Figures, Size, raise_file_limit, say
from lien import __version__

Scenario = Callable[[Deployment, Size], Coroutine[Any, Any, Figures]]

SCENARIOS: dict[str, tuple[Scenario, Size]] = {
    "directory": (directory.run, Size(200, 2_300_000)),
    "fanout": (fanout.run, Size(1_000, 200)),
    "rooms": (rooms.run, Size(1_000, 20_000)),
    "idle": (idle.run, Size(5_000, 0)),
    "storm": (storm.run, Size(1_000, 0)),
}
FLOOR = "floor"
FLOOR_SIZE = Size(1_000, 200)

_EPILOG = """\
benchmarks:
  directory  the national file imported twice, then searched: rows a second, memory, latency
  fanout     one publisher, many subscribers: CPU per delivery, with 1 and 16 messages in flight
  rooms      conversations of two: CPU per message, log and durable acknowledgement included
  idle       connections that only answer pings: memory per connection
  storm      everyone reconnects and resumes: CPU per reconnect
  floor      what a C program without any logic pays for fanout on this machine

examples:
  python -m benchmarks fanout
  python -m benchmarks idle --connections 5000 --json > idle.json
  python -m benchmarks rooms --workers 2

Starts `lien serve` with its embedded Valkey (every append synced to disk) in a folder that is
thrown away, on the first core; the load runs on the others. Progress goes to standard error, one
JSON line to standard output with --json. Compare CPU per unit, on one machine; wall time is noise.
"""


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="What Lien costs, as shipped.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", choices=[*SCENARIOS, FLOOR])
    parser.add_argument("--connections", type=_count, metavar="N")
    parser.add_argument("--messages", type=_count, metavar="N")
    parser.add_argument("--workers", type=_count, metavar="N", default=1)
    parser.add_argument("--json", action="store_true", help="one line of JSON on standard output")
    options = parser.parse_args()
    _, usual = SCENARIOS.get(options.name, (None, FLOOR_SIZE))
    size = Size(options.connections or usual.connections, options.messages or usual.messages)
    say(f"{options.name}: starting")
    raise_file_limit()
    described = machine()
    figures = _measure(options.name, size, options.workers)
    result = {
        "benchmark": options.name,
        "subject": FLOOR if options.name == FLOOR else "lien",
        "version": __version__,
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "workers": options.workers,
        **figures,
        "machine": described,
    }
    if options.json:
        print(json.dumps(result))
    else:
        _show(result)
    return 0


def _measure(name: str, size: Size, workers: int) -> Figures:
    if name == FLOOR:
        return floor.run(size)
    scenario, _ = SCENARIOS[name]
    with Deployment(workers) as deployment:
        return uvloop.run(scenario(deployment, size))


def _show(figures: Figures, indent: str = "") -> None:
    for name, value in figures.items():
        if isinstance(value, dict):
            print(f"{indent}{name}")
            _show(value, indent + "  ")
        else:
            print(f"{indent}{name:<40} {value}")


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 1_000_000:
        raise argparse.ArgumentTypeError("between 1 and 1,000,000")
    return number


if __name__ == "__main__":
    sys.exit(main())
