"""A colleague who leaves while people talk, as an import of the directory finds out."""

import asyncio
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from lien.accounts.revocations import CLOCKS_MS
from lien.client import Client, ConnectionLost, ServerFailure
from lien.demo.make_rows import make_extract
from lien.ids import RppsNumber
from lien.protocol.codes import CloseCode
from tests.running import RunningServer

ANNE, BRUNO, CHLOE = (RppsNumber(one) for one in ("99000000002", "99000000010", "99000000028"))


@pytest.fixture(scope="module")
def server() -> Iterator[RunningServer]:
    """A server of its own: its directory changes."""
    with tempfile.TemporaryDirectory(prefix="lien-") as folder:
        made = RunningServer(Path(folder) / "data", LIEN_SIGN_INS_PER_ADDRESS="10000")
        made.run("init")
        publish(made)
        made.start()
        try:
            yield made
        finally:
            made.stop()


def publish(server: RunningServer, *gone: RppsNumber) -> dict[str, object]:
    """Import an extract without these people."""
    path = server.data_dir.parent / "PS_LibreAcces_Personne_activite_202611010814.txt"
    lines = make_extract().splitlines(keepends=True)
    path.write_bytes(b"".join(one for one in lines if not any(n.encode() in one for n in gone)))
    report: dict[str, object] = json.loads(server.run("directory", "import", str(path), "--json"))
    return report


async def connected(server: RunningServer, rpps: RppsNumber) -> Client:
    client = await Client.enrol(server.origin, rpps)
    await client.connect()
    await client.settle()
    return client


async def test_a_struck_off_account_leaves_the_conversation(server: RunningServer) -> None:
    anne, bruno, chloe = [await connected(server, one) for one in (ANNE, BRUNO, CHLOE)]
    try:
        group = await anne.create_group("Équipe", [bruno.account, chloe.account])
        await anne.send_text(group, "avant")
        for one in (bruno, chloe):
            await one.until(lambda one=one: one.texts(group) == ["avant"])  # type: ignore[misc]

        assert publish(server, CHLOE)["suspended"] == 1

        with pytest.raises(ConnectionLost):
            await chloe.until(lambda: False, 5)
        assert chloe.close_code == CloseCode.SESSION_ENDED
        with pytest.raises(ServerFailure):
            await chloe.connect()
        # Bruno is no admin: he leaves her out because the attestor says that she left.
        await bruno.send_text(group, "après")
        await anne.until(lambda: anne.texts(group) == ["avant", "après"])
        statement = anne.device.get(group).statement
        assert statement is not None
        assert statement.accounts == {anne.account, bruno.account}
        assert not anne.device.get(group).refused

        await comes_back(server, anne, chloe)
    finally:
        for one in (anne, bruno, chloe):
            await one.close()


async def comes_back(server: RunningServer, anne: Client, chloe: Client) -> None:
    """In the directory again, she is nowhere until she signs in and someone lets her in."""
    channel = anne.channels[0]
    publish(server)
    with pytest.raises(ServerFailure):
        await chloe.connect()
    shown = json.loads(server.run("account", "show", CHLOE, "--json"))
    assert (shown["standing"], shown["reason"]) == ("suspended", "left_directory")

    await asyncio.sleep(CLOCKS_MS / 1000)
    await chloe.sign_in(CHLOE)
    await chloe.connect()
    await chloe.settle()
    await anne.send_text(channel, "toujours sans elle")
    assert chloe.texts(channel) == ["avant"]
    kinds = [event["kind"] for event in await chloe.list_events()]
    assert kinds[:4] == ["secret_rotated", "signed_in", "account_reopened", "account_suspended"]

    await anne.add_members(channel, [chloe.account])
    await anne.send_text(channel, "bienvenue")
    await chloe.until(lambda: "bienvenue" in chloe.texts(channel))
    assert "toujours sans elle" not in chloe.texts(channel)
    assert server.run("audit", "verify").startswith("entries 1 to ")
