"""
Processes are killed while people write: what was acknowledged is there, once, in one order.

A test that cannot fail is a defect, so the same traffic runs once more with the duplicate check
taken out of the store's script: then envelopes are in the log twice.
"""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.crash.traffic import Traffic
from tests.running import RunningServer, deployed

KILLS = 10
BETWEEN_KILLS = 100

# Loaded by every process of the server that it is for, before anything else.
WITHOUT_DUPLICATE_CHECK = """
import lien.storage.scripts as scripts

read_source = scripts.read_source

def read_changed(name):
    source = read_source(name)
    if name != "append_envelope":
        return source
    check = "local seenOffset, seenAt, seenChecksum = findSeen(SEEN, place, period, field)"
    assert check in source
    return source.replace(check, "local seenOffset, seenAt, seenChecksum")

scripts.read_source = read_changed
"""


def children(server: RunningServer, name: str) -> list[psutil.Process]:
    found = []
    for child in psutil.Process(server.pid).children():
        with contextlib.suppress(psutil.NoSuchProcess):  # a zombie, or gone meanwhile
            if name in " ".join(child.cmdline()):
                found.append(child)
    return found


def kill_valkey(server: RunningServer) -> None:
    for process in children(server, "/valkey-server"):
        process.kill()


def kill_workers(server: RunningServer) -> None:
    for process in children(server, "lien.runtime.worker"):
        process.kill()


def kill_everything(server: RunningServer) -> None:
    server.kill()
    server.start()


def lose_answers(server: RunningServer) -> None:
    """What the workers sent is carried out after they died: the answers reach nobody."""
    [valkey] = children(server, "/valkey-server")
    os.kill(valkey.pid, signal.SIGSTOP)
    try:
        time.sleep(0.3)
        kill_workers(server)
    finally:
        os.kill(valkey.pid, signal.SIGCONT)


@pytest.fixture
def server() -> Iterator[RunningServer]:
    with deployed(workers=2) as server:
        yield server


async def test_what_was_acknowledged_is_there_once(server: RunningServer) -> None:
    traffic = Traffic(server)
    kills: list[Callable[[RunningServer], None]] = [
        kill_valkey,
        lose_answers,
        kill_everything,
        kill_valkey,
        kill_workers,
    ]
    try:
        await traffic.begin()
        for number in range(KILLS):
            await traffic.more(BETWEEN_KILLS)
            await asyncio.to_thread(kills[number % len(kills)], server)
        await traffic.more(BETWEEN_KILLS)
        await traffic.finish()

        stored = await traffic.stored()
        assert len(traffic.acknowledged) >= KILLS * BETWEEN_KILLS
        assert set(traffic.acknowledged) - set(stored) == set()
        assert len(stored) == len(set(stored))
        for client in traffic.clients:
            assert traffic.held(client) == stored
            assert {message.problem for message in client.messages(traffic.channel)} == {""}
    finally:
        await traffic.close()


async def test_without_the_duplicate_check_envelopes_are_there_twice(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(WITHOUT_DUPLICATE_CHECK)
    with deployed(workers=2, PYTHONPATH=str(tmp_path)) as server:
        traffic = Traffic(server)
        try:
            await traffic.begin()
            for _ in range(3):
                await traffic.more(20)
                await asyncio.to_thread(lose_answers, server)
            await traffic.more(20)

            assert await traffic.repeated() != []
        finally:
            await traffic.close()
