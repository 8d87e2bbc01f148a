"""A worker that is asked to stop, under load, with another beside it: nothing is lost or waits."""

import asyncio
import json
import signal
import time
from collections.abc import Iterator

import pytest

from tests.crash.test_kills import children
from tests.crash.traffic import Traffic
from tests.running import RunningServer, deployed

DRAINS = 2  # each worker once
BETWEEN = 50
# docs/operations.md: a worker ends by itself within this.
DRAIN_SECONDS = 10


@pytest.fixture
def server() -> Iterator[RunningServer]:
    with deployed(workers=2) as server:
        yield server


async def test_a_drained_worker_answers_what_it_took_and_leaves(server: RunningServer) -> None:
    traffic = Traffic(server)
    try:
        await traffic.begin()
        for _ in range(DRAINS):
            await traffic.more(BETWEEN)
            await asyncio.to_thread(drain_oldest_worker, server)
        await traffic.more(BETWEEN)
        await traffic.finish()

        stored = await traffic.stored()
        assert set(traffic.acknowledged) - set(stored) == set()
        assert len(stored) == len(set(stored))
        for client in traffic.clients:
            assert traffic.held(client) == stored
    finally:
        await traffic.close()
    ended = [line for line in facts(server) if line["event"] == "worker_ended"]
    # By its own end: uvicorn gives the signal back once it has drained.
    assert [line["exit_code"] for line in ended] == [-signal.SIGTERM] * DRAINS


def drain_oldest_worker(server: RunningServer) -> None:
    """Ask, and wait until it is gone and replaced: the next must not find itself alone."""
    oldest = min(children(server, "lien.runtime.worker"), key=lambda each: each.create_time())
    wanted = times(server, "worker_ready") + 1
    oldest.terminate()
    oldest.wait(DRAIN_SECONDS)
    deadline = time.monotonic() + 60
    while times(server, "worker_ready") < wanted:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def times(server: RunningServer, event: str) -> int:
    return sum(line["event"] == event for line in facts(server))


def facts(server: RunningServer) -> list[dict[str, object]]:
    """The log, fact by fact."""
    lines = server.log.read_text().splitlines()
    return [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]
