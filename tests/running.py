"""The product as an operator runs it: processes of its own, started, killed, started again."""

import atexit
import functools
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from importlib.resources import files
from pathlib import Path

import redis

from lien.audit import Actor
from lien.cli.operator import open_features
from lien.config import Config
from lien.demo import NAME
from lien.storage.embedded import url_of

READY_TIMEOUT_SECONDS = 60.0  # a start takes about 2 s; the rest is for a busy machine


def free_port() -> int:
    """A TCP port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def prepared(workers: int = 1, **settings: str) -> Iterator["RunningServer"]:
    """A deployment of its own with the demo territory, not started yet; stopped in the end."""
    # Not pytest's own folder: a Unix socket's path may have 107 bytes.
    with tempfile.TemporaryDirectory(prefix="lien-") as folder:
        server = RunningServer(Path(folder) / "data", workers, **settings)
        shutil.copytree(_territory(), server.data_dir)
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def deployed(workers: int = 1, **settings: str) -> Iterator["RunningServer"]:
    """The same as shipped, running: real Valkey, real PWA."""
    with prepared(workers, **settings) as server:
        server.start()
        yield server


@functools.cache
def _territory() -> Path:
    """What `lien init` and `lien directory import` leave: made once a process, it takes seconds."""
    folder = Path(tempfile.mkdtemp(prefix="lien-"))
    atexit.register(shutil.rmtree, folder)
    made = RunningServer(folder / "data")
    made.run("init")
    made.run("directory", "import", str(files("lien.demo") / NAME))
    return made.data_dir


class RunningServer:
    """One deployment on localhost with the mock provider and the demo territory."""

    def __init__(self, data_dir: Path, workers: int = 1, **settings: str) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.origin = f"http://localhost:{self.port}"
        self.workers = workers
        self.log = data_dir.parent / f"{data_dir.name}.log"
        self._process: subprocess.Popen[bytes] | None = None
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("LIEN_")},
            "LIEN_DATA_DIR": str(data_dir),
            "LIEN_PORT": str(self.port),
            "LIEN_ORIGIN": self.origin,
            "LIEN_MOCK_PROVIDER": "1",
            "LIEN_SENDS_PER_SECOND": "1000",  # a test is quicker than a person
            "LIEN_SENDS_PER_CONVERSATION": "1000",
            **settings,
        }

    def run(self, *arguments: str) -> str:
        """A `lien` command beside the server, its standard output."""
        done = subprocess.run(
            [sys.executable, "-m", "lien", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    async def allow_gateway(self, name: str) -> str:
        """What `lien gateway allow` prints, without a process of its own, which takes seconds."""
        async with open_features(Config.from_environ(self.environment)) as features:
            return await features.documents.allow(name, "", 365)

    async def close_accounts(self) -> None:
        """What `lien account close` does, for everyone: the same people may begin again."""
        async with open_features(Config.from_environ(self.environment)) as features:
            for account in await features.accounts.list_all():
                await features.standings.close(account, Actor.OPERATOR, "operator")

    def refuse(self, *arguments: str) -> tuple[int, str]:
        """A `lien` command that fails: its exit code and what it says."""
        done = subprocess.run(
            [sys.executable, "-m", "lien", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        return done.returncode, done.stderr

    def store(self) -> redis.Redis:
        """The embedded store itself, for what a test cannot wait for."""
        return redis.Redis.from_url(url_of(self.data_dir), decode_responses=True)

    def start(self) -> None:
        """Start and wait until it answers that it is ready."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "lien", "serve", "--workers", str(self.workers)],
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + READY_TIMEOUT_SECONDS
        while time.monotonic() < deadline:
            assert self._process.poll() is None, self.log.read_text()
            if self.is_ready():
                return
            time.sleep(0.05)
        raise AssertionError(f"not ready in time:\n{self.log.read_text()}")

    def is_ready(self) -> bool:
        """Whether it answers and says so; asked often, so by the leanest client there is."""
        connection = HTTPConnection("localhost", self.port, timeout=2)
        try:
            connection.request("GET", "/ready")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    @property
    def pid(self) -> int:
        """The supervisor."""
        assert self._process is not None
        return self._process.pid

    def kill_supervisor(self) -> None:
        """`kill -9` of the first process alone; the others are to notice."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(10)
        self._process = None

    def kill(self) -> None:
        """`kill -9` of everything: supervisor, workers and Valkey, as a machine that dies."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(10)
        for pid in self.processes():
            os.kill(pid, signal.SIGKILL)
        self._process = None

    def processes(self) -> list[int]:
        """Every process of this deployment still there, found by its data folder."""
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) == os.getpid():
                continue
            try:
                words = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            except OSError:
                continue
            if str(self.data_dir).encode() in words:
                found.append(int(entry.name))
        return found

    def stop(self) -> None:
        """Ask it to stop, as an operator does, and wait."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        self._process = None
