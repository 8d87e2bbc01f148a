"""A deployment to be broken: real processes, the demo territory, a folder of its own."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lien.demo import NAME
from lien.ids import RppsNumber
from tests.running import RunningServer

EXTRACT = Path(__file__).parents[2] / "src/lien/demo" / NAME
PEOPLE = [RppsNumber(f"990000000{digits}") for digits in ("02", "10", "28", "36")]


@contextmanager
def deployed(**settings: str) -> Iterator[RunningServer]:
    folder = Path(tempfile.mkdtemp(prefix="lien-crash-"))  # short, for the Unix socket's path
    server = RunningServer(folder / "data", workers=2, **settings)
    try:
        server.run("init")
        server.run("directory", "import", str(EXTRACT))
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)
