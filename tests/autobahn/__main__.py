"""`scripts/autobahn`: the Autobahn test suite against our WebSocket class, and what it says."""

import asyncio
import json
import sys
import time

from tests.autobahn.cases import Unreachable
from tests.autobahn.suite import run_all, tally


def main() -> int:
    try:
        reports = {name: _run(name, detached=name == "detached") for name in ("asgi", "detached")}
    except Unreachable as error:
        sys.stderr.write(f"autobahn: {error}\n")
        return 2
    sys.stdout.write(json.dumps(reports) + "\n")
    return int(any("FAILED" in json.dumps(each) for each in reports.values()))


def _run(name: str, *, detached: bool) -> dict[str, object]:
    started = time.monotonic()
    verdicts = asyncio.run(run_all(detached=detached))
    for each in verdicts:
        if (each.behavior, each.close) != ("OK", "OK"):
            line = f"{name:9}{each.case:8}{each.behavior:15}{each.close:15}{each.why}"
            sys.stderr.write(line + "\n")
    return {**tally(verdicts), "seconds": round(time.monotonic() - started, 1)}


if __name__ == "__main__":
    sys.exit(main())
