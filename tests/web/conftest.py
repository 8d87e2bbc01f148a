"""Fixtures to ask for: a deployment where people sign in, a phone that did."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from lien.storage.valkey import Store
from tests.directory.loading import load
from tests.directory.rows import NUMBERS, a_row, an_extract
from tests.fakes import FakeClock
from tests.web.signing_in import Deployment, Phone


@pytest.fixture
async def deployment(store: Store, tmp_path: Path, clock: FakeClock) -> AsyncIterator[Deployment]:
    """A deployment whose directory holds the first ten numbers."""
    made = Deployment(store, tmp_path / "data", clock)
    await load(made.directory, an_extract(*(a_row(number) for number in range(10))))
    yield made
    await made.enrolments.close()


@pytest.fixture
async def phone(deployment: Deployment) -> AsyncIterator[Phone]:
    """The first device of the first professional, signed in with the provider."""
    made = deployment.phone()
    answer = await made.create_account(NUMBERS[0])
    assert answer.status_code == 200, answer.text
    yield made
    await made.http.aclose()
