"""The product on a Cluster, as two machines with one store behind them."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lien.client import Client
from tests.cluster.nodes import Nodes
from tests.crash.deployment import EXTRACT, PEOPLE
from tests.running import RunningServer


@contextmanager
def two_machines(nodes: Nodes) -> Iterator[list[RunningServer]]:
    """The same command twice; the second has the first one's keys."""
    folder = Path(tempfile.mkdtemp(prefix="lien-machines-"))
    settings = {"LIEN_VALKEY_URL": nodes.url}
    servers = [RunningServer(folder / name, workers=1, **settings) for name in ("one", "two")]
    try:
        servers[0].run("init")
        shutil.copytree(servers[0].data_dir / "keys", servers[1].data_dir / "keys")
        servers[0].run("directory", "import", str(EXTRACT))
        for server in servers:
            server.start()
        yield servers
    finally:
        for server in servers:
            server.stop()
        shutil.rmtree(folder)


async def test_people_on_two_machines_write_to_each_other(nodes: Nodes) -> None:
    for node in nodes.primaries:
        node.client.flushall()
    with two_machines(nodes) as servers:
        anne, ben, cleo = [
            await Client.enrol(servers[number % 2].origin, rpps)
            for number, rpps in enumerate(PEOPLE[:3])
        ]
        for client in (anne, ben, cleo):
            await client.connect()
        assert await anne.search("FICTIF")

        direct = await anne.open_direct(ben.account)
        group = await ben.create_group("Équipe", [anne.account, cleo.account])
        for client, channel in ((ben, direct), (anne, group), (cleo, group)):
            await client.until(lambda c=client, k=channel: k in c.channels)  # type: ignore[misc]
        await anne.send_text(direct, "Bonjour")
        await ben.until(lambda: ben.texts(direct) == ["Bonjour"])
        await ben.send_text(direct, "Bonsoir")
        await anne.until(lambda: anne.texts(direct) == ["Bonjour", "Bonsoir"])

        await cleo.send_text(group, "à tous")
        for client in (anne, ben):
            await client.until(lambda c=client: c.texts(group) == ["à tous"])  # type: ignore[misc]

        # Who was away reads it later, and a member who was removed does not.
        await cleo.disconnect()
        await anne.send_text(group, "plus tard")
        await cleo.connect()
        await cleo.until(lambda: cleo.texts(group) == ["à tous", "plus tard"])
        await ben.remove_member(group, cleo.account)
        await anne.settle()
        await anne.send_text(group, "sans elle")
        await ben.until(lambda: ben.texts(group)[-1] == "sans elle")
        assert "sans elle" not in cleo.texts(group)

        # An ended session is refused by the other machine too.
        await anne.sign_out()
        for client in (anne, ben, cleo):
            await client.close()
    held = [len(node.ask("KEYS", "{s*")) for node in nodes.primaries]
    assert all(held), "every primary has shards that were written"
