"""A gateway that dies at every step of its way, a server that is away, and who is left out."""

import asyncio
import contextlib
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from lien.accounts.revocations import CLOCKS_MS
from lien.client import Client
from lien.client.gateway import GatewayHttp
from lien.clock import SystemClock
from lien.crypto.signing import SigningKey
from lien.gateway import sealing
from lien.gateway.identity import make_keys
from lien.gateway.running import build_sender
from lien.gateway.settings import Settings
from lien.gateway.spool import Item, Spool
from lien.ids import RppsNumber
from tests.client.conftest import Enrol, enrol, people, server
from tests.gateway.hospital import Hospital, a_cda
from tests.gateway.samples import sample
from tests.gateway.test_delivering import arrived, rpps_of
from tests.running import RunningServer, free_port

__all__ = ["enrol", "people", "server"]


class Crash(BaseException):
    """What `kill -9` looks like from inside: nothing of ours runs any more."""


@dataclass
class Fuse:
    """Burns at the n-th step: a transaction or a request, before it and after it."""

    at: int
    steps: int = 0

    def step(self) -> None:
        self.steps += 1
        if self.steps == self.at:
            raise Crash

    def fit(self, spool: Spool) -> None:
        database = spool._database
        original = database.transaction

        @contextlib.contextmanager
        def transaction() -> Iterator[Any]:
            self.step()
            with original() as run:
                yield run
            self.step()

        database.transaction = transaction  # type: ignore[method-assign]


class FusedHttp(GatewayHttp):
    """Requests that the process does not survive."""

    fuse: Fuse

    async def request(self, *arguments: Any, **named: Any) -> httpx.Response:
        self.fuse.step()
        answer = await super().request(*arguments, **named)
        self.fuse.step()
        return answer


@pytest.fixture
async def hospital(server: RunningServer, tmp_path: Path) -> AsyncIterator[Hospital]:
    yield await Hospital.registered(server, tmp_path)
    shutil.rmtree(tmp_path, ignore_errors=True)


async def run_until_crash(hospital: Hospital, data: bytes, fuse: Fuse) -> bool:
    """Take one document and deliver it; True if it crashed on the way."""
    with hospital.spool() as spool:
        fuse.fit(spool)
        http = FusedHttp(hospital.identity.origin, SystemClock())
        http.fuse = fuse
        try:
            hospital.intake(spool).take(data, way="folder", keeps_unreadable=True)
            sender = build_sender(
                hospital.settings,
                hospital.identity,
                hospital.keys,
                spool,
                http,
                hospital.clock,
                hospital.telemetry,
            )
            while not await sender.step():
                pass
        except Crash:
            return True
        finally:
            await http.close()
    return False


async def test_a_crash_at_any_step_loses_and_doubles_nothing(
    enrol: Enrol, hospital: Hospital
) -> None:
    first, second = await enrol(), await enrol()
    at = 0
    while True:
        at += 1
        data = a_cda(rpps_of(first), rpps_of(second), number=10_000 + at)
        has_crashed = await run_until_crash(hospital, data, Fuse(at))
        # Whoever was not answered sends again; whoever was, does not know that we died.
        hospital.take(data)
        await hospital.deliver()
        await arrived(first, at)
        await arrived(second, at)
        assert (len(first.documents), len(second.documents)) == (at, at), f"crash at step {at}"
        if not has_crashed:
            break
    assert at > 20  # of two recipients: every transaction and request, before and after
    status = hospital.status()
    assert set(status["documents"]) == {"done"}
    assert set(status["deliveries"]) == {"delivered"}


async def test_kill_9_again_and_again(
    enrol: Enrol, hospital: Hospital, server: RunningServer
) -> None:
    """The real process, killed while a folder is full."""
    reader = await enrol()
    folder = hospital.settings.state.parent / "drop"
    folder.mkdir()
    config = hospital.settings.state.parent / "gateway.toml"
    config.write_text(
        'state = "state"\ntest_identities = true\n[folder]\npath = "drop"\nevery_ms = 50\n'
    )
    count = 12
    for number in range(count):
        name = folder / f"{number}.xml"
        name.write_bytes(a_cda(rpps_of(reader), number=20_000 + number))
    environment = {n: v for n, v in os.environ.items() if not n.startswith("LIEN_")}

    command = [sys.executable, "-m", "lien", "gateway", "run", "--config", str(config)]
    for wait in (2.0, 2.5, 3.0, 3.5, None):
        process = await asyncio.create_subprocess_exec(
            *command, env=environment, stderr=asyncio.subprocess.DEVNULL, start_new_session=True
        )
        try:
            if wait is None:
                await reader.until(lambda: len(reader.documents) >= count, 90)
            else:
                await asyncio.sleep(wait)
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()

    assert list(folder.iterdir()) == []
    hospital.clock.added_ms += 3_600_000  # what was killed lived by the real time
    await hospital.deliver()
    assert len(await arrived(reader, count)) == count
    assert hospital.status()["deliveries"] == {"delivered": count}


async def test_a_server_that_is_away_for_an_hour(enrol: Enrol, hospital: Hospital) -> None:
    """An hour of its clock: tries go on, no more than one a minute, and all of it arrives."""
    reader = await enrol()
    for number in range(3):
        hospital.take(a_cda(rpps_of(reader), number=30_000 + number))
    nowhere = f"http://localhost:{free_port()}"
    began_ms = hospital.clock.now_ms()
    tries = 0

    with hospital.spool() as spool, contextlib.suppress(TimeoutError):
        async with hospital.sender(spool, origin=nowhere) as sender:
            while hospital.clock.now_ms() - began_ms < 3_600_000:
                wait_ms = await sender.step()
                assert 0 < wait_ms <= 60_000
                hospital.clock.added_ms += wait_ms
                tries += 1
        status = hospital.status()
    assert 60 <= tries <= 600
    assert status["server_error"] == "server_unreachable"
    assert int(status["server_error_since_ms"]) - began_ms < 60_000
    assert status["documents"] == {"ready": 3}
    assert status["oldest_pending_ms"] >= 3_600_000

    await hospital.deliver()

    assert len(await arrived(reader, 3)) == 3
    assert hospital.status()["server_error"] == ""


async def test_a_wrong_key_delivers_nothing_and_says_so(enrol: Enrol, hospital: Hospital) -> None:
    reader = await enrol()
    hospital.take(a_cda(rpps_of(reader), number=40_001))
    with hospital.spool() as spool:
        async with hospital.sender(spool, key=SigningKey.generate()) as sender:
            assert await sender.step() == 60_000

    assert hospital.status()["server_error"] == "gateway_unknown"
    await hospital.deliver()  # with its own key again
    assert await arrived(reader) == [("new", "1")]


async def test_a_revoked_gateway_keeps_its_documents(
    enrol: Enrol, hospital: Hospital, server: RunningServer
) -> None:
    reader = await enrol()
    hospital.take(a_cda(rpps_of(reader), number=40_002))
    server.run("gateway", "revoke", "--yes", hospital.identity.gateway)

    with hospital.spool() as spool:
        async with hospital.sender(spool) as sender:
            assert await sender.step() == 60_000

    status = hospital.status()
    assert status["server_error"] == "gateway_revoked"
    assert status["documents"] == {"ready": 1}
    assert reader.documents == []


async def test_who_is_struck_off_in_between_gets_nothing(
    enrol: Enrol, hospital: Hospital, server: RunningServer
) -> None:
    """Suspended after the document came in; let in again, with a new secret, they get it."""
    leaving, staying = await enrol(), await enrol()
    gone = rpps_of(leaving)
    hospital.take(a_cda(gone, rpps_of(staying), number=40_003))
    server.run("account", "suspend", gone)

    await hospital.deliver()

    assert await arrived(staying) == [("new", "1")]
    status = hospital.status()
    assert status["deliveries"] == {"delivered": 1, "held": 1}
    assert status["last_error"] == "recipient_departed"
    assert leaving.documents == []

    server.run("account", "reopen", gone)
    await leaving.disconnect()
    # A session that began within the margin of clocks after the suspension would be over with it.
    await asyncio.sleep(CLOCKS_MS / 1000)
    await leaving.sign_in(gone)
    await leaving.connect()
    hospital.clock.added_ms += 5_000
    await hospital.deliver()
    assert await arrived(leaving) == [("new", "1")]
    assert leaving.documents[0].header.epoch == 2


async def test_who_closed_their_account_and_began_another_gets_it_there(
    enrol: Enrol, hospital: Hospital, server: RunningServer, people: Iterator[RppsNumber]
) -> None:
    number = next(people)
    async with await Client.enrol(server.origin, number) as before:
        hospital.take(a_cda(number, number=40_004))
        await before.close_account()
    await hospital.deliver()
    assert hospital.status()["deliveries"] == {"held": 1}

    async with await Client.enrol(server.origin, number) as after:
        await after.connect()
        hospital.clock.added_ms += 5_000
        await hospital.deliver()
        assert await arrived(after) == [("new", "1")]


async def test_a_withdrawn_document_is_not_delivered_late(
    enrol: Enrol, hospital: Hospital, server: RunningServer, people: Iterator[RppsNumber]
) -> None:
    """Held for somebody without an account, replaced meanwhile: they get the new one only."""
    late = next(people)
    hospital.take(a_cda(late, number=40_005))
    await hospital.deliver()
    hospital.take(a_cda(late, number=40_005, version=2))
    async with await Client.enrol(server.origin, late) as client:
        await client.connect()
        hospital.clock.added_ms += 5_000
        await hospital.deliver()
        assert await arrived(client) == [("new", "2")]
    assert hospital.status()["deliveries"] == {"cancelled": 1, "delivered": 1}


def test_the_spool_says_nothing_to_who_lacks_its_key(tmp_path: Path) -> None:
    keys = make_keys(tmp_path)
    hospital = Hospital(
        replace(Settings(), state=tmp_path, test_identities=True),
        keys,
        None,  # type: ignore[arg-type]
    )
    hospital.take(a_cda("99000000002", number=40_006))
    hospital.take(sample("fhir_practitioner.json"))
    hospital.take(b"nonsense FICTIF-SECRET")

    on_disk = b"".join(path.read_bytes() for path in tmp_path.glob("spool.sqlite*"))
    for word in (b"FICTIF", b"185039741102565", b"99000000002", b"1.2.3.4.5.40006", b"liaison"):
        assert word not in on_disk
    assert (tmp_path / "spool.sqlite").stat().st_mode & 0o077 == 0


async def test_a_bug_that_one_document_meets_stops_no_other(
    enrol: Enrol, hospital: Hospital, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = await enrol()
    hospital.take(a_cda(rpps_of(reader), number=40_007))
    hospital.take(a_cda(rpps_of(reader), number=40_008))
    real = sealing.contents_of
    met: list[Item] = []

    def fails_once(item: Item) -> dict[str, bytes]:
        met.append(item)
        if len(met) == 1:
            raise ZeroDivisionError
        return real(item)

    monkeypatch.setattr(sealing, "contents_of", fails_once)
    await hospital.deliver()
    assert len(await arrived(reader)) == 1
    assert hospital.status()["last_error"] == "internal"

    hospital.clock.added_ms += 5_000
    await hospital.deliver()
    assert len(await arrived(reader, 2)) == 2
