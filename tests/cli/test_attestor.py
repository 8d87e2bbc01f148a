"""`lien attestor`: a new key in the place of the old one; who knew the old one follows."""

import json
from collections.abc import Iterator

import pytest

from lien.client import Client
from lien.ids import RppsNumber
from tests.running import RunningServer, deployed

ANNE, BRUNO = RppsNumber("99000000002"), RppsNumber("99000000010")


@pytest.fixture
def server() -> Iterator[RunningServer]:
    with deployed(LIEN_SIGN_INS_PER_ADDRESS="10000") as made:
        yield made


async def test_the_attestor_is_followed_by_another_key(server: RunningServer) -> None:
    async with await Client.enrol(server.origin, ANNE) as anne:
        known = anne.device.contacts.attestors
        assert server.refuse("attestor", "rotate")[0] == 1

        server.stop()
        said = json.loads(server.run("attestor", "rotate", "--yes", "--json"))
        server.start()

        assert (said["rotations"], said["accounts_signed_again"]) == (1, 1)
        assert json.loads(server.run("attestor", "renew", "--json"))["accounts_signed_again"] == 0
        # Whoever knew the old key goes on to the new one, and no further than it leads.
        await anne.sign_in(ANNE)
        state = await anne.device.contacts.refresh(anne.account)
        assert state.attestor == 1
        assert anne.device.contacts.attestors.publics[:1] == known.publics
    async with await Client.enrol(server.origin, BRUNO) as bruno:
        assert len(bruno.device.contacts.attestors.publics) == 2
