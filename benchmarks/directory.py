"""The national directory: import it, import it again with changes, search it."""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import uvloop

from benchmarks.deployment import Deployment
from benchmarks.figures import Figures, Own, Size, say
from benchmarks.national import Extract, write_extract
from lien.accounts import Accounts
from lien.accounts.store import AccountStore
from lien.audit import Trail
from lien.audit.store import AuditStore
from lien.clock import SystemClock
from lien.crypto.attestor import AttestorKey
from lien.crypto.signing import SigningKey
from lien.directory import Directory, Searcher
from lien.directory.store import DirectoryStore
from lien.storage.valkey import Store, open_store

_CHANGED: Final = 0.01
_SHARDS: Final = 8

# What people type, from a whole name down to words that thousands have, with mistakes.
_QUERIES: Final = {
    "name": ("marie hoarau", "payet jean", "Técher Loïc", "dijoux sophie", "jean-hugues grondin"),
    "beginning": ("hoar", "gron", "marie-l", "mouto", "camil"),
    "combined": (
        "hoarau infirmier",
        "medecin cardiologie saint-denis",
        "kine le tampon",
        "payet pharmacie",
        "pediatrie saint pierre",
        "marie hoarau st paul",
        "clinique cilaos",
    ),
    "mistyped": ("hoareo marie", "grondain", "tecehr", "cardiologe saint-denis", "payait sofie"),
    "common": (
        "infirmier",
        "medecin",
        "saint",
        "infirmier saint-denis",
        "fictif",
        "marie",
        "medecin saint",
        "infirmier medecin",  # nobody is both: everyone who may be is looked at
    ),
    "nobody": ("introuvablement", "zzyzx", "hoarau introuvablement"),
}


def run(size: Size, workers: int) -> Iterator[tuple[str, Figures]]:
    """`messages` rows are imported twice; then `connections` searches of each sort."""
    with Deployment(workers) as deployment:
        yield "lien", uvloop.run(_measure(deployment, size))


async def _measure(deployment: Deployment, size: Size) -> Figures:
    with tempfile.TemporaryDirectory(prefix="lien-extract-") as folder:
        store = await open_store(deployment.store_url, _SHARDS, free_bytes=0)
        try:
            empty = await _store_bytes(store)
            first = await _import(deployment, store, Path(folder), size.messages, 0)
            second = await _import(deployment, store, Path(folder), size.messages, _CHANGED)
            say("searching")
            return {
                "import": first,
                "import_again": {"changed_share": _CHANGED, **second},
                "store_bytes_per_import": await _store_bytes(store) - empty,
                "search": await _search(store, size.connections),
            }
        finally:
            await store.close()


async def _import(
    deployment: Deployment, store: Store, folder: Path, rows: int, changed: float
) -> Figures:
    say(f"writing {rows:,} activities")
    extract = await asyncio.to_thread(write_extract, folder / "extract", rows, changed)
    say(f"importing {sum(extract.rows):,} rows, {extract.size_bytes / 1e6:,.0f} MB")
    await store.pipe.call("CONFIG", "RESETSTAT")
    before = deployment.usage()
    began = time.monotonic()
    report, peak_kib, cpu_seconds = await asyncio.to_thread(_run_import, deployment, extract)
    seconds = time.monotonic() - began
    used = deployment.usage() - before
    megabytes = round(extract.size_bytes / 1e6)
    shutil.rmtree(folder / "extract")
    return {
        "rows": dict(zip(("activities", "skills", "diplomas"), extract.rows, strict=True)),
        "megabytes": megabytes,
        "seconds": round(seconds, 1),
        "rows_per_second": round(sum(extract.rows) / seconds),
        "client_cpu_seconds": round(cpu_seconds, 1),
        "rows_per_client_cpu_second": round(sum(extract.rows) / cpu_seconds),
        "valkey_cpu_seconds": round(used.store, 1),
        "client_peak_mib": round(peak_kib / 1024),
        "store_peak_mib": await _store_peak_mib(store),
        "report": report,
    }


def _run_import(deployment: Deployment, extract: Extract) -> tuple[str, int, float]:
    """`lien directory import` in a process of its own; its report, peak memory and CPU."""
    process = subprocess.Popen(
        [sys.executable, "-m", "lien", "directory", "import", *map(str, extract.files)],
        env={**os.environ, "LIEN_DATA_DIR": str(deployment.data_dir)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    if process.returncode:
        raise RuntimeError("the import failed")
    summary = " / ".join(line.strip() for line in output.splitlines()[:4])
    return summary, usage.ru_maxrss, usage.ru_utime + usage.ru_stime


async def _search(store: Store, each: int) -> Figures:
    """As a worker does for a nurse of Saint-Denis, one after the other."""
    clock = SystemClock()
    directory = Directory(DirectoryStore(store), clock)
    trail = Trail(AuditStore(store), clock, 365)
    attestor = AttestorKey.first(SigningKey.generate())
    accounts = Accounts(AccountStore.of(store), directory, attestor, clock, trail)
    searcher = Searcher(("saintdenis",), accounts.find_accounts)
    figures: Figures = {}
    every: list[_Cost] = []
    for sort, queries in _QUERIES.items():
        costs: list[_Cost] = []
        found = 0
        for query in queries:
            store_cpu = await _store_cpu_seconds(store)
            of_query: list[tuple[float, float]] = []
            turns = -(-each // len(queries))
            for _ in range(turns):
                began, cpu = time.perf_counter(), time.process_time()
                page = await directory.search(query, None, 20, searcher)
                of_query.append((time.perf_counter() - began, time.process_time() - cpu))
                found += bool(page.professionals)
            # The store counts the CPU of all searches of this query together.
            share = (await _store_cpu_seconds(store) - store_cpu) / turns
            costs += [_Cost(cpu + share, seconds, query) for seconds, cpu in of_query]
        every += costs
        figures[sort] = {**_spread(costs), "found_somebody": round(found / len(costs), 2)}
    dearest = max(every)
    return {
        "each": each,
        "all": _spread(every),
        **figures,
        "dearest": {"query": dearest.query, "cpu_ms": round(dearest.cpu * 1e3, 1)},
    }


class _Cost(NamedTuple):
    """One search: CPU seconds of the worker and of the store, seconds of the clock."""

    cpu: float
    seconds: float
    query: str


def _spread(costs: Sequence[_Cost]) -> Figures:
    """CPU is what the server pays; the clock also counts who else wanted the machine."""
    figures: Figures = {}
    for name, values in (
        ("cpu", sorted(cost.cpu for cost in costs)),
        ("", sorted(cost.seconds for cost in costs)),
    ):
        start = f"{name}_" if name else ""
        figures[f"{start}median_ms"] = round(values[len(values) // 2] * 1e3, 2)
        figures[f"{start}p99_ms"] = round(values[int(len(values) * 0.99)] * 1e3, 2)
    return figures


async def _store_cpu_seconds(store: Store) -> float:
    used = await store.redis.info("cpu")
    return float(used["used_cpu_user"]) + float(used["used_cpu_sys"])


async def _store_bytes(store: Store) -> int:
    return int((await store.redis.info("memory"))["used_memory"])


async def _store_peak_mib(store: Store) -> int:
    return round(int((await store.redis.info("memory"))["used_memory_peak"]) / 2**20)


OWN: Final = Own(
    "the national file imported twice, then searched: rows a second, memory, latency",
    run,
    Size(200, 2_300_000),
)
