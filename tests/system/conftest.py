"""One deployment for the tests that talk to it from outside with the Python client."""

from collections.abc import Iterator

import pytest

from tests.running import RunningServer, deployed


@pytest.fixture(scope="package")
def server() -> Iterator[RunningServer]:
    """Two workers, so that whoever talks to whom is not in one process by chance."""
    with deployed(workers=2, LIEN_SIGN_INS_PER_ADDRESS="10000") as running:
        yield running
