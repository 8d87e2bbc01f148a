"""The PWA's own engine against a running server: `src/pwa/scenarios`, several phones at once."""

import asyncio
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from benchmarks.people import Territory
from lien.crypto.statement import MAX_MEMBERS
from lien.demo import NAME
from lien.storage.embedded import url_of
from tests.running import RunningServer, deployed

PWA = Path(__file__).parents[2] / "src" / "pwa"
SCENARIOS_TIMEOUT_SECONDS = 300  # they take 20 s on a quiet machine


def test_scenarios() -> None:
    rows = files("lien.demo") / NAME
    with (
        deployed(LIEN_SIGN_INS_PER_ADDRESS="600", LIEN_PIN_OFFLINE_HOURS="12") as server,
        _hospital(server) as reports,
    ):
        crowd = asyncio.run(_crowd(server))
        done = _run(server.origin, _numbers(rows.read_text()), reports, crowd)
    assert done.returncode == 0, done.stdout + done.stderr


async def _crowd(server: RunningServer) -> list[str]:
    """Accounts with their chains, so many that two phones more fill the largest group there is."""
    async with Territory(server.data_dir, url_of(server.data_dir)) as territory:
        return [person.account for person in await territory.add_people(MAX_MEMBERS - 2)]


def _numbers(rows: str) -> list[str]:
    """The RPPS numbers of the demonstration, in the column of the national file."""
    found = {row.split("|")[1] for row in rows.splitlines()[1:]}
    return sorted(number for number in found if len(number) == 11)


@contextmanager
def _hospital(server: RunningServer) -> Iterator[Path]:
    """A gateway that runs, and the folder it watches."""
    folder = Path(tempfile.mkdtemp(prefix="lien-hos-"))
    reports, config = folder / "reports", folder / "gateway.toml"
    reports.mkdir()
    config.write_text(
        'state = "state"\ntest_identities = true\n[folder]\npath = "reports"\nevery_ms = 50\n'
    )
    code = server.run("gateway", "allow", "--name", "CHU FICTIF").split()[-1]
    place = ("--config", str(config))
    server.run("gateway", "register", *place, "--server", server.origin, "--code", code)
    log = (folder / "log").open("w+b")
    gateway = subprocess.Popen(
        [sys.executable, "-m", "lien", "gateway", "run", *place],
        env=server.environment,
        stderr=log,
    )
    try:
        yield reports
    finally:
        gateway.terminate()
        gateway.wait(30)
        log.seek(0)
        sys.stderr.write(log.read().decode())  # shown where a scenario failed
        log.close()
        shutil.rmtree(folder, ignore_errors=True)


def _run(
    origin: str, numbers: list[str], reports: Path, crowd: list[str]
) -> subprocess.CompletedProcess[str]:
    node = shutil.which("node")
    assert node is not None, "node is missing: run scripts/setup"
    vitest = PWA / "node_modules" / "vitest" / "vitest.mjs"
    return subprocess.run(
        [node, str(vitest), "run", "--root", "scenarios"],
        cwd=PWA,
        env={
            "PATH": str(Path(node).parent),
            "SCENARIO_ORIGIN": origin,
            "SCENARIO_NUMBERS": ",".join(numbers),
            "SCENARIO_REPORTS": str(reports),
            "SCENARIO_CROWD": ",".join(crowd),
        },
        capture_output=True,
        text=True,
        timeout=SCENARIOS_TIMEOUT_SECONDS,
    )
