"""Answers outlive the process and its updates, and go to whom the hospital's authorities know."""

import asyncio
import contextlib
import os
import signal
import ssl
import sys
from dataclasses import replace
from pathlib import Path

import msgpack
import pytest

from lien.config import BadConfig
from lien.crypto.suite import encrypt
from lien.gateway import acknowledgements
from lien.gateway.answering import Answerer
from lien.gateway.spool import FILE, Named, Spool, schema
from lien.ids import RppsNumber
from tests.client.conftest import Enrol, enrol, people, server
from tests.fakes import FakeClock
from tests.gateway.answers import Engine, a_report, doors, hospital, send, told, until_sent
from tests.gateway.hospital import Hospital
from tests.gateway.samples import FIRST
from tests.gateway.test_delivering import rpps_of
from tests.running import free_port

__all__ = ["enrol", "hospital", "people", "server"]


async def test_kill_9_between_the_answer_and_its_record(enrol: Enrol, hospital: Hospital) -> None:
    """The real process dies while the listener has the answer and has not said so: told again."""
    reader, port = await enrol(), free_port()
    command = [sys.executable, "-m", "lien", "gateway", "run", "--config"]
    config = hospital.settings.state.parent / "gateway.toml"
    environment = {n: v for n, v in os.environ.items() if not n.startswith("LIEN_")}
    async with Engine() as engine:
        config.write_text(
            f'state = "state"\ntest_identities = true\n[mllp]\nlisten = "127.0.0.1:{port}"\n'
            f'answers_to = "127.0.0.1:{engine.port}"\n'
        )
        engine.holds = asyncio.Event()
        for is_first in (True, False):
            process = await asyncio.create_subprocess_exec(
                *(*command, str(config)),
                env=environment,
                stderr=asyncio.subprocess.DEVNULL,
                start_new_session=True,
            )
            try:
                if is_first:
                    assert await send_when_up(port, a_report(rpps_of(reader))) == "AA"
                await engine.next()
                if not is_first:
                    await until_sent(hospital, 1)
            finally:
                os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
            if is_first:
                assert hospital.status()["answers"] == {"pending": 1}
                engine.holds.set()

    assert len(engine.raw) == 2
    assert engine.raw[0] == engine.raw[1]
    assert len(reader.documents) == 1


async def test_over_tls_to_who_is_of_those_authorities(hospital: Hospital, tmp_path: Path) -> None:
    ours, other = await a_certificate(tmp_path, "ours"), await a_certificate(tmp_path, "other")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*ours)
    masked = a_report(FIRST, mask="Y")
    header = acknowledgements.header_of(masked)
    async with Engine(context=context) as engine:
        settings = replace(doors(engine), answers_authorities=other[0])
        with hospital.spool() as spool:
            hospital.intake(spool).take(masked, way="mllp", keeps_unreadable=False, header=header)
            stranger = Answerer(spool, settings, hospital.clock, hospital.telemetry)
            assert await stranger.step() > 0
            assert engine.raw == []
            settings = replace(settings, answers_authorities=ours[0])
            known = Answerer(spool, settings, hospital.clock, hospital.telemetry)
            assert await known.step() == 0
        assert told(await engine.next()) == ("MT02", "N", "", "masked")

    settings = replace(settings, answers_authorities=tmp_path / "none")
    with hospital.spool() as spool, pytest.raises(BadConfig):
        Answerer(spool, settings, hospital.clock, hospital.telemetry)


async def a_certificate(folder: Path, name: str) -> tuple[Path, Path]:
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    make = await asyncio.create_subprocess_exec(
        *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
        *("-nodes", "-days", "2", "-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1"),
        *("-out", str(certificate), "-keyout", str(key)),
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert await make.wait() == 0
    return certificate, key


async def send_when_up(port: int, message: bytes) -> str:
    for _ in range(600):
        with contextlib.suppress(ConnectionError):
            return await send(port, message)
        await asyncio.sleep(0.1)
    raise AssertionError("the gateway does not listen")


def test_a_spool_of_before_is_brought_up_to_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "_MIGRATIONS", schema._MIGRATIONS[:2])
    old = schema.open_database(tmp_path / FILE)
    a_document = (
        "INSERT INTO documents VALUES (1, '', x'', '', '', 0, '', '', '', '', '', 0, 0, x'')"
    )
    old.execute(a_document)
    old.execute("INSERT INTO senders VALUES (1, x'')")
    old.execute("INSERT INTO answers VALUES (7, 1, '', NULL, 'held', '', 'C', 'sent', 1, 0, 0)")
    old.close()
    monkeypatch.undo()

    spool = Spool(tmp_path, bytes(32), FakeClock())
    before: bytes = msgpack.packb([FIRST, "FICTIF Rose"])
    sealed = encrypt(spool._database._payload_key, before, b"who")
    assert spool._database.open_named(sealed) == Named(RppsNumber(FIRST), "FICTIF Rose")
    assert spool.upkeep.describe()["answers"] == {"sent": 1}
    assert spool.answers.list_due() == []
    assert spool.answers.next_turn_ms() is None
    spool.close()
