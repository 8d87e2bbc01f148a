"""Fixtures to ask for: a directory on a clean store."""

import pytest

from lien.directory import Directory
from lien.directory.store import DirectoryStore
from lien.storage.valkey import Store
from tests.fakes import FakeClock


@pytest.fixture
def directory(store: Store, clock: FakeClock) -> Directory:
    return Directory(DirectoryStore(store), clock)
