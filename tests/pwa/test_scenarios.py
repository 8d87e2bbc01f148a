"""The PWA's own engine against a running server: `src/pwa/scenarios`, several phones at once."""

import shutil
import subprocess
from importlib.resources import files
from pathlib import Path

from lien.demo import NAME
from tests.running import deployed

PWA = Path(__file__).parents[2] / "src" / "pwa"
SCENARIOS_TIMEOUT_SECONDS = 300  # they take 20 s on a quiet machine


def test_scenarios() -> None:
    rows = files("lien.demo") / NAME
    with deployed(LIEN_SIGN_INS_PER_ADDRESS="600") as server:
        done = _run(server.origin, _numbers(rows.read_text()))
    assert done.returncode == 0, done.stdout + done.stderr


def _numbers(rows: str) -> list[str]:
    """The RPPS numbers of the demonstration, in the column of the national file."""
    found = {row.split("|")[1] for row in rows.splitlines()[1:]}
    return sorted(number for number in found if len(number) == 11)


def _run(origin: str, numbers: list[str]) -> subprocess.CompletedProcess[str]:
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
        },
        capture_output=True,
        text=True,
        timeout=SCENARIOS_TIMEOUT_SECONDS,
    )
