"""A hospital beside a real server: a registered gateway's folder, its parts built as they run."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from lien.client.gateway import GatewayHttp, register
from lien.clock import SystemClock
from lien.crypto.signing import SigningKey
from lien.gateway import reading
from lien.gateway.identity import (
    Identity,
    Keys,
    load_identity,
    make_keys,
    pending_id,
    save_identity,
)
from lien.gateway.intake import Intake, Taken
from lien.gateway.running import Running, build_intake, build_sender, open_spool
from lien.gateway.sender import Sender
from lien.gateway.settings import Settings
from lien.gateway.spool import Spool
from lien.telemetry import Telemetry
from tests.gateway.samples import FIRST, SECOND, changed, sample
from tests.running import RunningServer


class StillClock:
    """
    The moment this hospital began, and what a test adds to it; the server's time is real.

    What waits for its next try waits, however long a busy machine takes for this one.
    """

    def __init__(self) -> None:
        self._began_ms = SystemClock().now_ms()
        self.added_ms = 0

    def now_ms(self) -> int:
        return self._began_ms + self.added_ms

    def monotonic_ms(self) -> int:
        return self.now_ms()


class Hospital:
    """One registered gateway, whose process may end and begin again at any moment."""

    def __init__(self, settings: Settings, keys: Keys, identity: Identity) -> None:
        self.settings = settings
        self.keys = keys
        self.identity = identity
        self.telemetry = Telemetry(write=lambda line: None)
        self.clock = StillClock()

    @classmethod
    async def registered(cls, server: RunningServer, folder: Path, **changes: Any) -> "Hospital":
        settings = replace(
            Settings(state=folder / "state", test_identities=True, hold_check_seconds=1), **changes
        )
        code = await server.allow_gateway("CHU FICTIF")
        keys, gateway = make_keys(settings.state), pending_id(settings.state)
        async with GatewayHttp(server.origin, SystemClock()) as http:
            attested, _, attestor = await register(http, code, gateway, keys.signing)
        save_identity(settings.state, gateway, server.origin, attestor, attested)
        return cls(settings, keys, load_identity(settings.state))

    @contextmanager
    def spool(self) -> Iterator[Spool]:
        spool = open_spool(self.settings, self.keys, self.clock)
        try:
            yield spool
        finally:
            spool.close()

    def intake(self, spool: Spool) -> Intake:
        """Reading in this process: the box has its own tests."""
        return build_intake(self.settings, self.keys, spool, reading.read)

    def take(self, data: bytes, metadata: bytes | None = None) -> Taken:
        with self.spool() as spool:
            return self.intake(spool).take(data, metadata, way="folder", keeps_unreadable=True)

    @asynccontextmanager
    async def sender(
        self, spool: Spool, *, origin: str = "", key: SigningKey | None = None
    ) -> AsyncIterator[Sender]:
        keys = replace(self.keys, signing=key) if key else self.keys
        async with GatewayHttp(origin or self.identity.origin, SystemClock()) as http:
            yield build_sender(
                self.settings, self.identity, keys, spool, http, self.clock, self.telemetry
            )

    async def deliver(self, most: int = 50) -> None:
        """Send until nothing is due."""
        with self.spool() as spool:
            async with self.sender(spool) as sender:
                for _ in range(most):
                    if await sender.step():
                        return
        raise AssertionError("something is due for ever")

    def status(self) -> dict[str, Any]:
        with self.spool() as spool:
            return spool.upkeep.describe()

    @asynccontextmanager
    async def running(self, **doors: Any) -> AsyncIterator[Running]:
        """The whole process, in this one."""
        running = Running(replace(self.settings, **doors), SystemClock(), self.telemetry)
        async with running.started():
            yield running


def a_cda(
    first: str, second: str | None = None, *, number: int, version: int = 1, more: str = ""
) -> bytes:
    """A discharge letter of its own identifier, for one or two people."""
    changes = [
        (f"8{FIRST}", f"8{first}"),
        (f"8{SECOND}", f"8{second or first}"),
        ("1.2.3.4.5.100.1", f"1.2.3.4.5.{number}.{version}"),
        ('setId root="1.2.3.4.5.100"', f'setId root="1.2.3.4.5.{number}"'),
        ('versionNumber value="1"', f'versionNumber value="{version}"'),
    ]
    data = changed("cda_structured.xml", *changes)
    if more:
        data = data.replace(b"  <recordTarget>", more.encode() + b"  <recordTarget>", 1)
    return data


def metadata(recipients: list[str], number: int, **changes: Any) -> bytes:
    """What lies beside a PDF."""
    value = json.loads(sample("report.json"))
    value |= {
        "id": f"1.2.3.4.5.{number}.1",
        "set_id": f"1.2.3.4.5.{number}",
        "recipients": [{"rpps": each} for each in recipients],
        **changes,
    }
    return json.dumps(value).encode()
