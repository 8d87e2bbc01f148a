"""The embedded server as a child process."""

import asyncio
import os
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from lien.storage.embedded import EmbeddedValkey
from lien.storage.errors import UnusableStore
from lien.storage.valkey import open_store


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="lien-") as name:
        yield Path(name)


@pytest.fixture
def server(folder: Path) -> Iterator[EmbeddedValkey]:
    server = EmbeddedValkey(folder)
    server.start()
    server.wait_ready()
    yield server
    server.stop()


def test_nobody_else_may_enter_its_folder(server: EmbeddedValkey) -> None:
    assert stat.S_IMODE(server.folder.stat().st_mode) == 0o700
    sockets = psutil.Process(server.pid).net_connections("inet")
    assert sockets == []


async def test_data_outlive_a_stop_and_a_kill(server: EmbeddedValkey) -> None:
    for number, end in enumerate((signal.SIGTERM, signal.SIGKILL)):
        store = await open_store(server.url, 4)
        await store.redis.set(f"key{number}", "value")
        await store.close()
        assert server.pid is not None
        os.kill(server.pid, end)
        while server.poll() is None:
            await asyncio.sleep(0.01)
        server.start()
        server.wait_ready()

    store = await open_store(server.url, 4)
    assert await store.redis.mget("key0", "key1") == [b"value", b"value"]
    await store.close()


def test_a_second_server_never_runs_on_the_same_folder(
    server: EmbeddedValkey, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two of them would destroy each other's data."""
    monkeypatch.setattr("lien.storage.embedded._LOCK_SECONDS", 0.1)

    with pytest.raises(UnusableStore, match="another Lien"):
        EmbeddedValkey(folder).start()
    assert server.is_ready()


def test_it_dies_with_its_parent_and_frees_the_folder(folder: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path\n"
        "from lien.storage.embedded import EmbeddedValkey\n"
        "server = EmbeddedValkey(Path(sys.argv[1])); server.start(); server.wait_ready()\n"
        "print(server.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(folder)], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.kill()
    server = EmbeddedValkey(folder)

    server.start()  # at once

    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    server.wait_ready()
    server.stop()


def test_a_server_that_cannot_start_says_so(folder: Path) -> None:
    (folder / "valkey" / "appendonlydir").mkdir(parents=True)
    (folder / "valkey" / "appendonlydir" / "appendonly.aof.manifest").write_text("nonsense")
    server = EmbeddedValkey(folder)
    server.start()

    with pytest.raises(UnusableStore, match=r"valkey\.log"):
        server.wait_ready()
    server.stop()


def test_a_folder_that_is_a_file_is_said(folder: Path) -> None:
    (folder / "valkey").write_text("")

    with pytest.raises(UnusableStore, match="LIEN_DATA_DIR cannot be written"):
        EmbeddedValkey(folder).start()
