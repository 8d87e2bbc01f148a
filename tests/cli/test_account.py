"""`lien account` and `lien audit` as an operator uses them, beside a server."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from lien.client import Client, ServerFailure
from lien.ids import RppsNumber
from tests.running import RunningServer, deployed

ANNE = RppsNumber("99000000002")


@pytest.fixture(scope="module")
def server() -> Iterator[RunningServer]:
    with deployed(LIEN_SIGN_INS_PER_ADDRESS="10000") as made:
        yield made


async def test_an_operator_lets_someone_out_and_in_again(server: RunningServer) -> None:
    async with await Client.enrol(server.origin, ANNE) as anne:
        [known] = json.loads(server.run("account", "list", "--json"))
        assert (known["account"], known["standing"]) == (anne.account, "open")
        assert len(json.loads(server.run("account", "sessions", "list", ANNE, "--json"))) == 1

        assert "suspended (operator)" in server.run("account", "suspend", anne.account)
        with pytest.raises(ServerFailure, match="not_signed_in"):
            await anne.renew()
        with pytest.raises(ServerFailure, match="account_suspended"):
            await anne.sign_in(ANNE)
        assert json.loads(server.run("account", "list", "--standing", "open", "--json")) == []

        assert "open (operator)" in server.run("account", "reopen", ANNE)
        assert json.loads(server.run("account", "sessions", "list", ANNE, "--json")) == []


async def test_what_cannot_be_undone_is_asked_for_twice(server: RunningServer) -> None:
    bruno = RppsNumber("99000000010")
    async with await Client.enrol(server.origin, bruno) as client:
        code, said = server.refuse("account", "close", bruno)
        assert (code, said) == (1, "lien: a closed account stays closed: add --yes\n")
        server.run("account", "close", bruno, "--yes")
        with pytest.raises(ServerFailure, match="not_signed_in"):
            await client.renew()


def test_nobody_is_said_to_be_nobody(server: RunningServer) -> None:
    for who in ("99000000028", "x", "A" * 22):
        assert server.refuse("account", "show", who)[0] == 1


def test_the_trail_is_read_and_checked(server: RunningServer) -> None:
    lines = server.run("audit", "list", "--json").splitlines()
    numbers = [json.loads(line)["number"] for line in lines]
    assert numbers == list(range(len(lines), 0, -1))
    assert json.loads(lines[-1])["kind"] == "directory_imported"

    end = server.run("audit", "verify").splitlines()[1]
    assert server.run("audit", "verify", "--known", end)
    assert server.refuse("audit", "verify", "--known", "1:" + "A" * 43)[0] == 1
    assert server.refuse("audit", "verify", "--known", "nothing")[0] == 1


async def test_an_operator_invites_and_uninvites(server: RunningServer) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    given = ("account", "invite", "--given", "Léa", "--family", "FICTIF-PAYET", "--role", "330")
    assert server.refuse(*given, "--until", "2099-12-31")[0] == 1
    said = json.loads(server.run(*given, "--until", tomorrow, "--json"))
    assert "/#/invitation/" in said["link"]
    # Nobody is here by it yet.
    longer = ("account", "prolong", said["invitation"], "--until", tomorrow)
    assert "invitation" in server.refuse(*longer)[1]
    assert "ended" in server.run("account", "uninvite", said["invitation"])
    assert server.refuse("account", "uninvite", "A" * 22)[0] == 1


async def test_an_operator_makes_an_administrator(server: RunningServer) -> None:
    who = RppsNumber("99000000135")
    async with await Client.enrol(server.origin, who) as client:
        place = "IMAGERIE FICTIVE DU PORT"
        assert place in server.run("account", "grant", who, "--establishment", place)
        seen = await client.device.http.get("/api/administration")
        assert [one["account"] for one in seen["people"]] == [client.account]
