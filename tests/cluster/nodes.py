"""A Valkey Cluster on loopback: processes of the bundled binary, joined by CLUSTER commands."""

import contextlib
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from lien.storage.embedded import binary, die_with_parent
from tests.running import free_port

PRIMARIES = 3
SLOTS = 16_384
# The sooner a dead primary is noticed, the shorter the test; a busy machine needs some room.
NODE_TIMEOUT_MS = 2_000

_CONFIG = """\
port {port}
bind 127.0.0.1
protected-mode no
dir {folder}
logfile {folder}/valkey.log
cluster-enabled yes
cluster-port {bus}
cluster-node-timeout {timeout}
cluster-replica-validity-factor 0
cluster-allow-replica-migration no
repl-diskless-sync-delay 0
repl-ping-replica-period 1
appendonly yes
appendfsync always
save ""
maxmemory-policy noeviction
"""


class Node:
    """One server of the Cluster."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.port, self.bus = free_port(), free_port()
        self._config = folder / "valkey.conf"
        self._config.write_text(
            _CONFIG.format(port=self.port, bus=self.bus, folder=folder, timeout=NODE_TIMEOUT_MS)
        )
        self._process: subprocess.Popen[bytes] | None = None
        self.client = redis.Redis(
            port=self.port, retry=Retry(NoBackoff(), 0), socket_timeout=5, protocol=2
        )

    def start(self) -> None:
        self._process = subprocess.Popen(
            [str(binary()), str(self._config)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=die_with_parent,
        )

    def ask(self, *command: str | int) -> Any:
        return self.client.execute_command(*command)  # type: ignore[no-untyped-call]

    @property
    def id(self) -> str:
        return _text(self.ask("CLUSTER", "MYID"))

    @property
    def is_primary(self) -> bool:
        with contextlib.suppress(redis.RedisError):
            return _text(self.ask("ROLE")[0]) == "master"
        return False

    def follows(self, primary: "Node") -> bool:
        """True when this is a replica of that one, up to date."""
        with contextlib.suppress(redis.RedisError):
            role, *rest = self.ask("ROLE")
            return bool(
                _text(role) == "slave"
                and int(rest[1]) == primary.port
                and _text(rest[2]) == "connected"
            )
        return False

    def send(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def kill(self) -> None:
        """kill -9, as a machine that is gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None


class Nodes:
    """Three primaries, each with `replicas` replicas, formed."""

    def __init__(self, folder: Path, replicas: int = 0) -> None:
        count = PRIMARIES * (1 + replicas)
        self.all = [Node(folder / str(number)) for number in range(count)]
        self.primaries = self.all[:PRIMARIES]
        self.replicas = self.all[PRIMARIES:]

    def owner_of(self, key: str) -> tuple["Node", "Node"]:
        """The primary that had this key at first, and its replica."""
        slot = self.all[0].ask("CLUSTER", "KEYSLOT", key)
        number = next(n for n in range(PRIMARIES) if slot < SLOTS * (n + 1) // PRIMARIES)
        return self.primaries[number], self.replicas[number]

    @property
    def url(self) -> str:
        places = ",".join(f"127.0.0.1:{node.port}" for node in self.all)
        return f"valkey://{places}"

    def form(self) -> None:
        for node in self.all:
            node.start()
        _until_all(self.all, _answers)
        first = self.all[0]
        for number, node in enumerate(self.primaries):
            start = SLOTS * number // PRIMARIES
            end = SLOTS * (number + 1) // PRIMARIES - 1
            node.ask("CLUSTER", "ADDSLOTSRANGE", start, end)
            # Distinct from the start: two with one number would settle it later, by a change.
            node.ask("CLUSTER", "SET-CONFIG-EPOCH", number + 1)
        for node in self.all[1:]:
            first.ask("CLUSTER", "MEET", "127.0.0.1", node.port, node.bus)
        _until_all(self.all, lambda node: _knows(node, len(self.all)))
        for number, node in enumerate(self.replicas):
            node.ask("CLUSTER", "REPLICATE", self.primaries[number % PRIMARIES].id)
        _until_all(self.all, lambda node: "cluster_state:ok" in _info(node))
        _until_all(self.replicas, lambda node: _text(node.ask("ROLE")[3]) == "connected")

    def stop(self) -> None:
        for node in self.all:
            with contextlib.suppress(ProcessLookupError):
                node.kill()
            node.client.close()


@contextlib.contextmanager
def formed(replicas: int = 0) -> Iterator[Nodes]:
    """A Cluster for the time of a test."""
    folder = Path(tempfile.mkdtemp(prefix="lien-cluster-"))
    nodes = Nodes(folder, replicas)
    try:
        nodes.form()
        yield nodes
    finally:
        nodes.stop()
        shutil.rmtree(folder)


def until(is_true: Callable[[], bool], timeout: float = 20) -> None:
    """Wait for it; this blocks."""
    deadline = time.monotonic() + timeout
    while not is_true():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.02)


def _until_all(nodes: list[Node], is_true: Callable[[Node], bool]) -> None:
    for node in nodes:
        until(partial(is_true, node))


def _answers(node: Node) -> bool:
    with contextlib.suppress(redis.RedisError):
        return bool(node.client.ping())
    return False


def _info(node: Node) -> str:
    return _text(node.ask("CLUSTER", "INFO"))


def _knows(node: Node, count: int) -> bool:
    return f"cluster_known_nodes:{count}" in _info(node)


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
