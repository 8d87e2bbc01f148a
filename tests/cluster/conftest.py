"""One Cluster of three primaries for the tests that break nothing."""

from collections.abc import AsyncIterator, Iterator

import pytest

from lien.storage.valkey import Store, open_store
from tests.cluster.nodes import Nodes, formed

SHARDS = 8


@pytest.fixture(scope="module")
def nodes() -> Iterator[Nodes]:
    with formed() as nodes:
        yield nodes


@pytest.fixture
async def cluster_store(nodes: Nodes) -> AsyncIterator[Store]:
    for node in nodes.primaries:
        node.client.flushall()
    store = await open_store(nodes.url, SHARDS)
    yield store
    await store.close()
