"""`python -m tests.twelve --steps 10000 --seed 1`: the random test by hand, with its progress."""

import argparse
import asyncio
import resource
import secrets
import sys
import tempfile
import time
from pathlib import Path

from tests.crash.deployment import EXTRACT
from tests.running import RunningServer
from tests.twelve.node_process import build
from tests.twelve.record import RETENTION_DAYS
from tests.twelve.run import Failed, Run
from tests.twelve.world import World
from tests.twelve.world import people as numbers


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/twelve", description=__doc__)
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    arguments = parser.parse_args()
    _tell(f"seed {arguments.seed}, {arguments.steps} steps")
    began = time.monotonic()
    try:
        run = asyncio.run(play(arguments.steps, arguments.seed))
    except Failed as failed:
        _tell(f"seed {arguments.seed} failed at {failed}")
        return 1
    for kind, count in sorted(run.counts.items()):
        _tell(f"{count:6} {kind} {run.spent[kind]:.1f} s")
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    seconds = sum(one.ru_utime + one.ru_stime for one in used)
    _tell(
        f"seed {arguments.seed}: {arguments.steps} steps in {time.monotonic() - began:.0f} s, "
        f"{seconds:.0f} CPU-seconds"
    )
    return 0


async def play(steps: int, seed: int) -> Run:
    """A run on a deployment of its own. Raises: Failed."""
    with tempfile.TemporaryDirectory(prefix="lien-") as name:
        folder = Path(name)
        server = RunningServer(
            folder / "data",
            LIEN_SIGN_INS_PER_ADDRESS="100000",
            LIEN_RETENTION_DAYS=str(RETENTION_DAYS),
        )
        world = World(server, build(), folder, seed)
        server.run("init")
        server.run("directory", "import", str(EXTRACT))
        server.start()
        try:
            await world.begin(numbers())
            run = Run(world, _tell)
            await run.take(steps)
            return run
        finally:
            await world.close()
            server.stop()


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
