"""The store for the time of one command, beside `lien serve` or without it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from lien.config import Config
from lien.storage.blobs import open_blob_files
from lien.storage.embedded import EmbeddedValkey
from lien.storage.objects import configured_objects
from lien.storage.valkey import Store, open_store


@asynccontextmanager
async def open_configured_store(config: Config) -> AsyncIterator[Store]:
    """
    The configured store: a server by its URL, else the embedded one of the data folder.

    An embedded server that `lien serve` runs is used as it is; without one, it is started here
    and stopped at the end.

    Raises: UnusableStore with what to do.
    """
    with _running_server(config) as url:
        store = await open_store(url, config.shards)
        try:
            yield store
        finally:
            await store.close()


async def try_configured_objects(config: Config) -> None:
    """
    Write, read and remove an object where the settings name an object store, as a start does.

    Raises: BadConfig, UnusableStore with what to do.
    """
    objects = configured_objects(config)
    if objects is not None:
        await open_blob_files(objects, config.data_dir).require_usable()


@contextmanager
def _running_server(config: Config) -> Iterator[str]:
    if config.valkey_url:
        yield config.valkey_url
        return
    server = EmbeddedValkey(config.data_dir)
    if server.is_ready():
        yield server.url
        return
    server.start()
    try:
        server.wait_ready()
        yield server.url
    finally:
        server.stop()
