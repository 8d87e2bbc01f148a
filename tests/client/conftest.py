"""A deployment on localhost with the demonstration's people, for the client to talk to."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Final

import pytest

from lien.client import Client
from lien.demo import open_extract
from lien.ids import RppsNumber
from tests.running import RunningServer, deployed
from tests.storage.objects import object_store

Enrol = Callable[[], Awaitable[Client]]

_RPPS: Final = re.compile(rb"\b99000000[0-9]{3}\b")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """
    One server for each module: the demonstration has sixty people to give away.

    Its blobs are in an object store; those of the journeys in a browser are in a folder.
    """
    with (
        object_store(tmp_path_factory.mktemp("objects")) as settings,
        deployed(1, **settings, LIEN_SIGN_INS_PER_ADDRESS="10000") as running,
    ):
        yield running


@pytest.fixture(scope="module")
def people() -> Iterator[RppsNumber]:
    """Numbers of the demonstration, each once: a person has one account."""
    with open_extract() as extract:
        numbers = dict.fromkeys(_RPPS.findall(extract.read()))
    return iter([RppsNumber(number.decode()) for number in numbers])


@pytest.fixture
async def enrol(server: RunningServer, people: Iterator[RppsNumber]) -> AsyncIterator[Enrol]:
    """New accounts, connected; closed at the end."""
    clients: list[Client] = []

    async def enrol() -> Client:
        client = await Client.enrol(server.origin, next(people))
        clients.append(client)
        await client.connect()
        await client.settle()
        return client

    yield enrol
    await asyncio.gather(*(client.close() for client in clients))
