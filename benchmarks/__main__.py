"""`python -m benchmarks NAME`: run one benchmark against the product as shipped."""

import argparse
import json
import signal
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from benchmarks import machine, report, sitting
from benchmarks.catalogue import COMPARED, OWN
from benchmarks.figures import Benchmark, Figures, Own, Size, raise_file_limit, say
from benchmarks.load import LoadFailed
from benchmarks.peers import PEERS
from lien import __version__

_REPORT: Final = "report"
_REPORTING: Final = "docs/benchmarks.md and its plot, from the results"

_EPILOG: Final = """\
examples:
  python -m benchmarks fanout
  python -m benchmarks rooms --peers                      every peer that is or can be installed
  python -m benchmarks storm --peer nats --peer node-ws   these
  python -m benchmarks idle --connections 10000 --json > idle.jsonl
  python -m benchmarks report

Starts `lien serve` with its embedded Valkey (every append synced to disk) in a folder that is
thrown away, on the first core; the load runs on the others, a C program compiled on the spot.
Progress goes to standard error; with --json one line for each subject and case goes to standard
output. Compare ratios to the floor, of one sitting; wall time is noise.

Exit: 0 measured, 1 Lien or the floor failed (a peer's failure is only told), 2 bad arguments.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.name == _REPORT:
        report.write(Path(__file__).with_name("results"), Path("docs"))
        return 0
    usual = (COMPARED.get(options.name) or OWN[options.name]).usual
    size = Size(
        options.connections or usual.connections,
        options.messages or usual.messages,
        options.runs or usual.runs,
    )
    raise_file_limit()
    # Ended from outside: what was started is stopped all the same.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    described = machine.describe()
    began = time.monotonic()
    say(f"{options.name}: starting")
    try:
        for subject, figures in _measure(options, size):
            result = {
                "benchmark": options.name,
                "subject": subject,
                "version": __version__,
                "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
                "workers": options.workers,
                **figures,
                "machine": described,
            }
            _tell(result, as_json=options.json)
    except (LoadFailed, RuntimeError) as error:
        cause = f" ({error.__cause__})" if error.__cause__ else ""
        say(f"{options.name}: {error}{cause}")
        return 1
    say(f"{options.name}: {time.monotonic() - began:.0f} s")
    return 0


def _measure(options: argparse.Namespace, size: Size) -> Iterable[tuple[str, Figures]]:
    if options.name in OWN:
        return OWN[options.name].run(size, options.workers)
    names = list(PEERS) if options.peers else options.peer
    chosen = {name: PEERS[name] for name in names}
    subjects = sitting.subjects(options.workers, chosen)
    return sitting.run(COMPARED[options.name], size, subjects)


def _parser() -> argparse.ArgumentParser:
    every: dict[str, Benchmark | Own] = {**COMPARED, **OWN}
    listed = "\n".join(f"  {name:<10} {each.summary}" for name, each in every.items())
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="What Lien costs, as shipped.",
        epilog=f"benchmarks:\n{listed}\n  {_REPORT:<10} {_REPORTING}\n\n{_EPILOG}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", choices=[*every, _REPORT], metavar="NAME")
    parser.add_argument("--connections", type=_count, metavar="N")
    parser.add_argument("--messages", type=_count, metavar="N")
    parser.add_argument("--runs", type=_count, metavar="N", help="of which the median is taken")
    parser.add_argument("--workers", type=_count, metavar="N", default=1)
    parser.add_argument("--peers", action="store_true", help="also every peer: " + ", ".join(PEERS))
    parser.add_argument(
        "--peer", action="append", choices=list(PEERS), metavar="NAME", default=[], help="this peer"
    )
    parser.add_argument("--json", action="store_true", help="lines of JSON on standard output")
    return parser


def _tell(result: Figures, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(result), flush=True)
    else:
        _show(result)
        print()


def _show(figures: Figures, indent: str = "") -> None:
    for name, value in figures.items():
        if isinstance(value, dict):
            print(f"{indent}{name}")
            _show(value, indent + "  ")
        else:
            print(f"{indent}{name:<40} {value}")


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 10_000_000:
        raise argparse.ArgumentTypeError("between 1 and 10,000,000")
    return number


if __name__ == "__main__":
    sys.exit(main())
