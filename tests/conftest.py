"""Fixtures to ask for: a private Valkey on a Unix socket, a clean store, a clock."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from lien.storage.embedded import EmbeddedValkey
from lien.storage.valkey import Store, open_store
from tests.fakes import FakeClock

SHARDS = 4

# A machine may be slow: an example is right or wrong, never late.
settings.register_profile("lien", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("lien")

# Folders whose single tests take longest, the longest first.
_LONG = ("twelve", "pwa", "benchmarks", "autobahn", "cluster", "crash", "e2e", "client", "gateway")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first: the last tests of a run are short, and no worker waits."""
    last = len(_LONG)
    rank = {name: number for number, name in enumerate(_LONG)}
    items.sort(key=lambda item: rank.get(item.path.parent.name, last))


@pytest.fixture(scope="session")
def valkey() -> Iterator[EmbeddedValkey]:
    """One real server for the whole run, in a folder of its own."""
    # Not pytest's own folder: a Unix socket's path may have 107 bytes.
    with tempfile.TemporaryDirectory(prefix="lien-") as folder:
        server = EmbeddedValkey(Path(folder))
        server.start()
        try:
            server.wait_ready()
            yield server
        finally:
            server.stop()


@pytest.fixture
async def store(valkey: EmbeddedValkey) -> AsyncIterator[Store]:
    """An empty store."""
    store = await open_store(valkey.url, SHARDS, free_bytes=0)
    await store.redis.flushall()
    yield store
    await store.close()


@pytest.fixture
def clock() -> FakeClock:
    """Time that the test moves."""
    return FakeClock()
