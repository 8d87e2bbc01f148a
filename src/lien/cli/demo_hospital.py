"""
The hospital of the demonstration: a real gateway beside the demonstration's server, and a feeder
that drops a report of another kind every so often for whoever has signed up.

`python -m lien.cli.demo_hospital STATE ORIGIN`, started by `lien demo` and dying with it.
"""

import asyncio
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Final

from lien.client.gateway import GatewayHttp, find_recipients
from lien.clock import SystemClock
from lien.config import BadConfig
from lien.demo import list_numbers
from lien.demo.documents import DemoFile, make
from lien.demo.reports import PTA, REPORTS
from lien.gateway.identity import load_identity, load_keys
from lien.gateway.running import Running
from lien.gateway.settings import FolderSettings, PtaSettings, Settings
from lien.ids import RppsNumber
from lien.telemetry import Telemetry

LOOK_SECONDS: Final = 3.0
# Someone new finds one of each kind at once; then one comes now and then, for an hour or so.
LIVE_SECONDS: Final = 90.0
MAX_LIVE: Final = 60
_PAGE: Final = 100
_REUNION: Final = timezone(timedelta(hours=4))


class Feeder:
    """Writes documents into the watched folder, as a hospital's system does."""

    def __init__(self, http: GatewayHttp, folder: Path, first: int) -> None:
        self._http = http
        self._folder = folder
        self._number = first
        self._welcomed: set[RppsNumber] = set()

    async def run(self) -> None:
        """Until cancelled."""
        live, since = 0, 0.0
        while True:
            present = await self._present()
            for rpps in present:
                if rpps not in self._welcomed:
                    self._welcomed.add(rpps)
                    self._welcome(rpps)
            since += LOOK_SECONDS
            if present and since >= LIVE_SECONDS and live < MAX_LIVE:
                live, since = live + 1, 0.0
                self._drop(self._number, present[:8])
            await asyncio.sleep(LOOK_SECONDS)

    async def _present(self) -> list[RppsNumber]:
        numbers = list_numbers()
        found = [
            one
            for first in range(0, len(numbers), _PAGE)
            for one in await find_recipients(self._http, numbers[first : first + _PAGE])
        ]
        return [one.rpps for one in found if one.account]

    def _welcome(self, rpps: RppsNumber) -> None:
        for _ in REPORTS:
            self._drop(self._number, [rpps])

    def _drop(self, number: int, recipients: Sequence[RppsNumber]) -> None:
        self._number += 1
        now_ms = SystemClock().now_ms()
        at = datetime.fromtimestamp(now_ms / 1000, _REUNION)
        _write(self._folder, f"{number:06}", make(number, recipients, at))


def _write(folder: Path, name: str, made: DemoFile) -> None:
    if made.metadata is not None:
        (folder / f"{name}.json").write_bytes(made.metadata)
    draft = folder / f"{name}.tmp"
    draft.write_bytes(made.data)
    draft.rename(folder / f"{name}{made.suffix}")


async def run(state: Path, origin: str) -> None:
    """A gateway that is registered already, and its feeder."""
    folder = state / "drop"
    folder.mkdir(exist_ok=True)
    identity, keys = load_identity(state), load_keys(state)
    if identity.origin != origin:
        raise BadConfig("the demonstration's hospital belongs to another address: use --fresh")
    settings = Settings(
        state=state,
        test_identities=True,
        folder=FolderSettings(folder, every_ms=500),
        pta=PtaSettings(structures=(PTA,)),
    )
    silent = Telemetry(write=lambda line: None)
    async with (
        Running(settings, SystemClock(), silent).started() as tasks,
        GatewayHttp(origin, SystemClock()) as http,
    ):
        http.deliver_as(identity.gateway, keys.signing)
        # Numbers of documents go on where the last demonstration ended.
        feeder = Feeder(http, folder, SystemClock().now_ms() // 1000 % 1_000_000_000)
        feeding = asyncio.get_running_loop().create_task(feeder.run(), name="feeder")
        done, _ = await asyncio.wait([feeding, *tasks], return_when=asyncio.FIRST_COMPLETED)
        feeding.cancel()
        for task in done:
            task.result()


if __name__ == "__main__":
    asyncio.run(run(Path(sys.argv[1]), sys.argv[2]))
