"""`lien serve` as processes: what dies is started again, and nothing is left behind."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.running import RunningServer, free_port
from tests.storage.objects import object_store

WORKER = "lien.runtime.worker"
VALKEY = "/valkey-server"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    """A server of its own, to be broken."""
    yield from running(tmp_path)


@pytest.fixture(scope="module")
def steady(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """One server for the tests that leave it as it was: a start takes seconds."""
    yield from running(tmp_path_factory.mktemp("steady"))


def running(folder: Path) -> Iterator[RunningServer]:
    server = RunningServer(folder / "data", workers=2)
    server.run("init")
    server.start()
    wait_until(lambda: server.log.read_text().count("worker_ready") == 2)
    yield server
    server.stop()


def children(server: RunningServer, name: str = "") -> list[psutil.Process]:
    found = []
    for process in psutil.Process(server.pid).children():
        with contextlib.suppress(psutil.NoSuchProcess):  # a zombie, or gone meanwhile
            if name in " ".join(process.cmdline()):
                found.append(process)
    return found


def pids(server: RunningServer, name: str) -> set[int]:
    return {process.pid for process in children(server, name)}


def is_alive(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def wait_until(is_true: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_killed_worker_is_replaced(server: RunningServer) -> None:
    first, second = children(server, WORKER)

    first.kill()

    wait_until(lambda: len(pids(server, WORKER) - {first.pid}) == 2)
    assert server.is_ready()
    assert is_alive(second)


def test_a_killed_valkey_is_replaced_and_the_workers_find_it(server: RunningServer) -> None:
    [valkey] = children(server, VALKEY)
    workers = pids(server, WORKER)

    valkey.kill()

    wait_until(lambda: pids(server, VALKEY) - {valkey.pid} != set())
    wait_until(server.is_ready)
    assert pids(server, WORKER) == workers


def test_a_killed_supervisor_leaves_nothing_and_the_next_start_works(server: RunningServer) -> None:
    left = children(server)
    assert len(left) == 3

    server.kill_supervisor()
    server.start()  # at once: the port and the folder are free

    assert [process for process in left if is_alive(process)] == []


def test_a_second_server_on_the_same_folder_is_refused(steady: RunningServer) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "lien", "serve", "--port", str(free_port())],
        env=steady.environment,
        capture_output=True,
        text=True,
        timeout=30,
    )

    assert second.returncode == 1
    assert second.stderr.startswith("lien: another Lien runs on this LIEN_DATA_DIR")
    assert steady.is_ready()


def test_a_taken_port_is_refused_in_words(steady: RunningServer, tmp_path: Path) -> None:
    environment = {**steady.environment, "LIEN_DATA_DIR": str(tmp_path / "other")}
    second = subprocess.run(
        [sys.executable, "-m", "lien", "serve"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
    )

    assert second.returncode == 1
    assert second.stderr.startswith("lien: LIEN_HOST, LIEN_PORT: cannot listen there")


def test_a_new_incarnation_can_be_begun_beside_a_server(steady: RunningServer) -> None:
    assert steady.run("store", "new-incarnation") == "The store is now incarnation 2.\n"


def test_a_stop_is_quick_and_complete(server: RunningServer) -> None:
    left = children(server)
    began = time.monotonic()

    server.stop()

    assert time.monotonic() - began < 10
    assert [process for process in left if is_alive(process)] == []
    assert "valkey.sock" not in os.listdir(server.data_dir / "valkey")


def test_a_worker_that_cannot_start_ends_the_start(tmp_path: Path) -> None:
    """Without keys there is nothing to serve: said once, in one line, not for ever."""
    server = RunningServer(tmp_path / "data")
    done = subprocess.run(
        [sys.executable, "-m", "lien", "serve"],
        env=server.environment,
        capture_output=True,
        text=True,
        timeout=30,
    )

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "run `lien init`" in done.stderr
    assert server.processes() == []


def test_an_object_store_is_tried_at_start(tmp_path: Path) -> None:
    with object_store(tmp_path) as settings:
        settings["LIEN_BLOBS_URL"] = "s3://nobody-s"
        server = RunningServer(tmp_path / "data", 1, **settings)
        server.run("init")
        code, said = server.refuse("serve")

    assert (code, "Traceback" in said) == (1, False)
    assert "the blobs cannot be written; look at the settings LIEN_BLOBS_" in said
    assert "fictitious" not in said
