"""
A hospital's gateway: documents it delivers in a second and in a second of CPU, sealing included,
and how long one takes from the folder to a phone at a modest rate.
"""

import asyncio
import base64
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Final, Self

import psutil

from benchmarks.deployment import Deployment
from benchmarks.figures import Figures, Own, Size, say
from lien.client import Client
from lien.demo import NAME, list_numbers
from lien.demo.documents import make
from lien.demo.pdf import a_page
from lien.ids import RppsNumber

_PDF_BYTES: Final = 200_000
_READERS: Final = (1, 10)
_RATE: Final = 2.0  # documents a second while the time to a phone is taken
_TIMED: Final = 60
_PATIENCE_SECONDS: Final = 600.0


class _Territory(Deployment):
    """A deployment with the demonstration's directory and provider, and hospitals beside it."""

    def __init__(self, workers: int) -> None:
        super().__init__(workers)
        self._environ["LIEN_MOCK_PROVIDER"] = "1"
        self._environ["LIEN_SIGN_INS_PER_ADDRESS"] = "10000"

    def __enter__(self) -> Self:
        super().__enter__()
        rows = Path(__file__).parents[1] / "src/lien/demo" / NAME
        self.lien("directory", "import", str(rows))
        return self

    def lien(self, *arguments: str) -> str:
        """A command beside the server; what it printed."""
        return subprocess.run(
            [sys.executable, "-m", "lien", *arguments],
            env=self._environ,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def open_hospital(self, name: str) -> Path:
        """A registered gateway's folder."""
        folder = self.data_dir.parent / name
        (folder / "drop").mkdir(parents=True)
        config = folder / "gateway.toml"
        config.write_text(
            'state = "state"\ntest_identities = true\n[folder]\npath = "drop"\nevery_ms = 100\n'
        )
        code = self.lien("gateway", "allow", "--name", "CHU FICTIF").split()[-1]
        place = ("--config", str(config), "--server", self.origin)
        self.lien("gateway", "register", *place, "--code", code)
        return folder

    @contextmanager
    def running(self, folder: Path) -> Iterator["_Process"]:
        """`lien gateway run` of a folder."""
        command = [sys.executable, "-m", "lien", "gateway", "run"]
        process = subprocess.Popen(
            [*command, "--config", str(folder / "gateway.toml")],
            env=self._environ,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield _Process(process.pid)
        finally:
            process.terminate()
            process.wait(30)


class _Process:
    """What a gateway uses: itself, and the processes it reads in, those that ended too."""

    def __init__(self, pid: int) -> None:
        self._root = psutil.Process(pid)

    def cpu_seconds(self) -> float:
        own = self._root.cpu_times()
        used = own.user + own.system
        for child in self._root.children():
            times = child.cpu_times()
            used += times.user + times.system + times.children_user + times.children_system
        return used

    def memory_mib(self) -> float:
        family = [self._root, *self._root.children()]
        return sum(int(one.memory_full_info().pss) for one in family) / 2**20


def run(size: Size, workers: int) -> Iterator[tuple[str, Figures]]:
    """`messages` documents for one recipient, then for ten; then some at a modest rate."""
    with _Territory(workers) as territory:
        yield from asyncio.run(_measure(territory, size))


async def _measure(territory: _Territory, size: Size) -> list[tuple[str, Figures]]:
    numbers = list_numbers()[: max(_READERS)]
    clients = [await Client.enrol(territory.origin, number) for number in numbers]
    found: list[tuple[str, Figures]] = []
    try:
        for client in clients:
            await client.connect()
        for count in _READERS:
            say(f"documents: {size.messages} for {count}")
            figures = await _measure_load(
                territory, size.messages, numbers[:count], clients[:count]
            )
            found.append(("lien", {"case": f"{count} recipients", **figures}))
        say("documents: from the folder to a phone")
        figures = await _measure_time(territory, numbers[0], clients[0])
        found.append(("lien", {"case": "drop to phone", **figures}))
    finally:
        for client in clients:
            await client.close()
    return found


async def _measure_load(
    territory: _Territory, count: int, numbers: Sequence[RppsNumber], clients: Sequence[Client]
) -> Figures:
    folder = await asyncio.to_thread(territory.open_hospital, f"hospital-{len(numbers)}")
    await asyncio.to_thread(_fill, folder / "drop", len(numbers) * 1_000_000, count, numbers)
    before = [len(client.documents) for client in clients]
    server = territory.usage()
    with territory.running(folder) as gateway:
        began = time.monotonic()
        for client, had in zip(clients, before, strict=True):
            await _until(client, had + count)
        seconds = time.monotonic() - began
        cpu = gateway.cpu_seconds()
        memory = gateway.memory_mib()
    used = territory.usage() - server
    return {
        "documents": count,
        "bytes": _PDF_BYTES,
        "documents_per_second": round(count / seconds, 2),
        "documents_per_cpu_second": round(count / cpu, 2),
        "deliveries_per_second": round(count * len(numbers) / seconds, 2),
        "gateway_cpu_ms_per_document": round(cpu * 1000 / count, 2),
        "server_cpu_ms_per_document": round(used.server * 1000 / count, 2),
        "store_cpu_ms_per_document": round(used.store * 1000 / count, 2),
        "gateway_memory_mib": round(memory, 1),
    }


async def _measure_time(territory: _Territory, number: RppsNumber, client: Client) -> Figures:
    folder = await asyncio.to_thread(territory.open_hospital, "hospital-time")
    taken: list[float] = []
    with territory.running(folder):
        await asyncio.to_thread(_fill, folder / "drop", 90_000_000, 1, [number])  # warm
        await _until(client, len(client.documents) + 1)
        for place in range(_TIMED):
            had = len(client.documents)
            began = time.monotonic()
            await asyncio.to_thread(_fill, folder / "drop", 91_000_000 + place, 1, [number])
            await _until(client, had + 1)
            taken.append(time.monotonic() - began)
            await asyncio.sleep(max(0.0, 1 / _RATE - taken[-1]))
    taken.sort()
    return {
        "documents": _TIMED,
        "folder_looked_at_every_ms": 100,
        "median_ms": round(median(taken) * 1000, 1),
        "p99_ms": round(taken[min(len(taken) - 1, int(len(taken) * 0.99))] * 1000, 1),
    }


async def _until(client: Client, count: int) -> None:
    await client.until(lambda: len(client.documents) >= count, _PATIENCE_SECONDS)


def _fill(folder: Path, first: int, count: int, numbers: Sequence[RppsNumber]) -> None:
    """Reports as a hospital writes them: a CDA around a PDF of the given size."""
    at = datetime(2026, 11, 27, tzinfo=UTC)
    page = a_page("CHU FICTIF", "Compte rendu", ["Texte."])
    page += b"%" + os.urandom(_PDF_BYTES).hex().encode()[: _PDF_BYTES - len(page) - 1]
    body = base64.b64encode(page).decode()
    for number in range(first, first + count):
        # The first kind of report is a CDA; its structured body gives way to the PDF.
        data = make(number * 8, numbers, at).data.decode()
        head, _, _ = data.partition("<component><structuredBody>")
        text = f'<text mediaType="application/pdf" representation="B64">{body}</text>'
        tail = f"<component><nonXMLBody>{text}</nonXMLBody></component></ClinicalDocument>"
        draft = folder / f"{number}.tmp"
        draft.write_text(head + tail)
        draft.rename(folder / f"{number}.xml")


OWN: Final = Own(
    "documents a gateway delivers, and how long one takes to a phone", run, Size(10, 200, 1)
)
