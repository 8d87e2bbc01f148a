"""One deployment for the tests that talk to it from outside with the Python client."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import RunningServer

TERRITORY = Path(__file__).parents[2] / "src/lien/demo/PS_LibreAcces_Personne_activite_DEMO.txt"


@pytest.fixture(scope="package")
def server() -> Iterator[RunningServer]:
    """Two workers, so that whoever talks to whom is not in one process by chance."""
    folder = Path(tempfile.mkdtemp(prefix="lien-sys-"))  # short, for the Unix socket's path
    running = RunningServer(folder / "data", workers=2, LIEN_SIGN_INS_PER_ADDRESS="10000")
    running.run("init")
    running.run("directory", "import", str(TERRITORY))
    running.start()
    try:
        yield running
    finally:
        running.stop()
        shutil.rmtree(folder)
