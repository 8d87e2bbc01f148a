"""Business acknowledgements, to a real listener of the hospital, from a gateway as it runs."""

import asyncio
import base64
import contextlib
import os
import re
import shutil
import signal
import ssl
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import msgpack
import pytest

from lien.client import Client
from lien.config import BadConfig
from lien.crypto.suite import encrypt
from lien.gateway import acknowledgements, er7, mllp
from lien.gateway.answering import Answerer
from lien.gateway.settings import MllpSettings
from lien.gateway.spool import FILE, Named, Spool, schema
from lien.ids import RppsNumber
from tests.client.conftest import Enrol, enrol, people, server
from tests.fakes import FakeClock
from tests.gateway.hospital import Hospital
from tests.gateway.samples import FIRST, SECOND, changed
from tests.gateway.test_delivering import rpps_of
from tests.running import RunningServer, free_port

__all__ = ["enrol", "people", "server"]


class Engine:
    """The hospital's interface engine: takes one message a connection, and answers as told."""

    def __init__(self, port: int = 0, context: ssl.SSLContext | None = None) -> None:
        self.replies: list[str] = []  # of the next messages; AA after them
        self.holds: asyncio.Event | None = None  # answers wait for it
        self.raw: list[bytes] = []
        self._seen: asyncio.Queue[er7.Message] = asyncio.Queue()
        self._asked_port = port
        self._context = context

    async def __aenter__(self) -> "Engine":
        self._server = await asyncio.start_server(
            self._serve, "127.0.0.1", self._asked_port, ssl=self._context
        )
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    async def next(self) -> er7.Message:
        return await asyncio.wait_for(self._seen.get(), 60)

    def is_quiet(self) -> bool:
        return self._seen.empty()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        (message,) = mllp.FrameDecoder().feed(await reader.readuntil(mllp.END))
        self.raw.append(message)
        parsed = er7.parse(message)
        control_id = parsed.header.field(10).written
        if self.holds and not self.holds.is_set():
            self._seen.put_nowait(parsed)
            await self.holds.wait()
            writer.close()
            return
        reply = self.replies.pop(0) if self.replies else "AA"
        if reply == "another":
            reply, control_id = "AA", "OTHER"
        if reply == "endless":
            writer.write(b"\x0bMSH|" + b"a" * 200_000)
        elif reply != "nothing":
            ack = f"MSH|^~\\&|E|H|L|L|20261102||ACK|1|P|2.6\rMSA|{reply}|{control_id}\r"
            writer.write(mllp.frame(ack.encode()))
        self._seen.put_nowait(parsed)
        writer.close()


@pytest.fixture
async def hospital(server: RunningServer, tmp_path: Path) -> AsyncIterator[Hospital]:
    yield await Hospital.registered(server, tmp_path)
    shutil.rmtree(tmp_path, ignore_errors=True)


def doors(engine: Engine | int) -> MllpSettings:
    port = engine if isinstance(engine, int) else engine.port
    return MllpSettings(listen="127.0.0.1:0", answers_to=f"127.0.0.1:{port}")


def a_report(
    *recipients: str, message: str = "MT02", number: int = 1, version: int = 1, mask: str = "N"
) -> bytes:
    """For one or two people, whom the document names as well as its envelope."""
    first, last = recipients[0], recipients[-1]

    def renamed(found: re.Match[bytes]) -> bytes:
        document = base64.b64decode(found[1]).replace(f"8{FIRST}".encode(), f"8{first}".encode())
        for before, after in (
            (b"1.2.3.4.5.200.1", f"1.2.3.4.5.{199 + number}.{version}"),
            (b'"1.2.3.4.5.200"', f'"1.2.3.4.5.{199 + number}"'),
            (b'versionNumber value="1"', f'versionNumber value="{version}"'),
        ):
            document = document.replace(before, after.encode())
        return b"Base64^" + base64.b64encode(document)

    data = changed(
        "mdm_t02.er7",
        *((f"8{FIRST}", f"8{first}"), (f"8{SECOND}", f"8{last}"), ("|MT02|", f"|{message}|")),
        ("1.2.3.4.5.200.1^", f"1.2.3.4.5.{199 + number}.{version}^"),
        ("MASQUE_PS^libellé^MetaDMPMSS||N", f"MASQUE_PS^libellé^MetaDMPMSS||{mask}"),
    )
    return re.sub(rb"Base64\^([A-Za-z0-9+/=]+)", renamed, data)


async def send(port: int, message: bytes) -> str:
    """MSA-1 of the technical acknowledgement."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(mllp.frame(message))
    (answer,) = mllp.FrameDecoder().feed(await asyncio.wait_for(reader.readuntil(mllp.END), 60))
    writer.close()
    said = er7.parse(answer).find("MSA")
    assert said
    return said.raw(1)


def told(message: er7.Message) -> tuple[str, str, str, str]:
    """Message, yes or no, recipient, and our own cause."""
    first, second = (one for one in message.segments if one.name == "OBX")
    error = message.find("ERR")
    cause = error.field(5).component(4) if error else ""
    return first.raw(4), first.field(5).component(1), second.raw(4), cause


async def until_sent(hospital: Hospital, count: int) -> None:
    for _ in range(300):
        if hospital.status()["answers"] == {"sent": count}:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(hospital.status()["answers"])


async def test_a_delivered_report_is_answered_for_its_recipient(
    enrol: Enrol, hospital: Hospital
) -> None:
    reader = await enrol()
    async with Engine() as engine, hospital.running(mllp=doors(engine)) as running:
        assert running.mllp
        assert await send(running.mllp.port, a_report(rpps_of(reader))) == "AA"
        answer = await engine.next()
        await until_sent(hospital, 1)

    assert told(answer) == ("MT02", "Y", f"8{rpps_of(reader)}", "")
    header = answer.header
    assert [header.raw(n) for n in (3, 4, 5, 6)] == ["LIEN", "LIEN", "RIS-FICTIF", "HOPITAL FICTIF"]
    assert [header.raw(n) for n in (9, 12, 21)] == [
        "ZAM^Z02^ZAM_Z01",
        "2.6",
        "2.1^CISIS_CDA_HL7_V2",
    ]
    assert [one.name for one in answer.segments] == ["MSH", "EVN", "OBX", "OBX"]
    assert answer.segments[3].field(5).component(4) == "boite0@fictif.mssante.example"
    assert len(reader.documents) == 1
    assert engine.is_quiet()


async def test_a_quarantined_report_is_answered_with_its_reason(
    enrol: Enrol, hospital: Hospital
) -> None:
    """What was refused to its sender, or came another way, is not answered again."""
    reader = await enrol()
    async with Engine() as engine, hospital.running(mllp=doors(engine)) as running:
        assert running.mllp
        port = running.mllp.port
        hospital.take(a_report(rpps_of(reader), number=9, mask="Y"))
        assert await send(port, a_report(rpps_of(reader), mask="Y")) == "AA"
        answer = await engine.next()
        contradictory = a_report(rpps_of(reader), number=2).replace(b"||||||F\r", b"||||||D\r")
        assert await send(port, contradictory) == "AE"
        await until_sent(hospital, 1)

    assert told(answer) == ("MT02", "N", "", "masked")
    error = answer.find("ERR")
    assert error
    assert [error.raw(3), error.raw(4)] == ["207^Application error^messageErrorCondition", "E"]
    assert [error.field(5).component(n) for n in (1, 3, 6)] == ["451", "SMTPERRORCODE", "LIEN"]
    assert engine.is_quiet()


async def test_a_listener_that_is_away_or_fails_is_told_later(
    enrol: Enrol, hospital: Hospital
) -> None:
    """In order, under one control id, until it took it."""
    reader, port = await enrol(), free_port()
    async with hospital.running(mllp=doors(port)) as running:
        assert running.mllp
        assert await send(running.mllp.port, a_report(rpps_of(reader), message="FIRST")) == "AA"
        await reader.until(lambda: len(reader.documents) == 1, 30)
        await asyncio.sleep(2)  # some tries
        assert hospital.status()["answers"] == {"pending": 1}
        async with Engine(port) as engine:
            engine.replies = ["nothing", "another", "endless", "AR"]
            tries = [await engine.next() for _ in range(5)]
            await until_sent(hospital, 1)
            again = a_report(rpps_of(reader), message="SECOND", number=2)
            engine.replies = ["AE"]
            assert await send(running.mllp.port, again) == "AA"
            refused = await engine.next()
            await asyncio.sleep(2)
            assert engine.is_quiet()

    assert {told(one)[0] for one in tries} == {"FIRST"}
    assert len(set(engine.raw[:5])) == 1
    assert told(refused)[0] == "SECOND"
    assert hospital.status()["answers"] == {"sent": 1, "refused": 1}


async def test_every_end_is_told_in_order(
    enrol: Enrol, hospital: Hospital, people: Iterator[RppsNumber]
) -> None:
    """Held then delivered; held then given up; not in the directory; replaced before it came."""
    late, never, reader = next(people), next(people), await enrol()
    nobody = "99000099996"
    messages = [
        a_report(late, rpps_of(reader), message="A", number=1),
        a_report(never, message="B", number=2),
        a_report(rpps_of(reader), nobody, message="C", number=3),
        a_report(never, message="D", number=4),
    ]
    next_version = a_report(rpps_of(reader), message="E", number=4, version=2)
    async with Engine() as engine:
        with hospital.spool() as spool:
            for one in messages:
                header = acknowledgements.header_of(one)
                hospital.intake(spool).take(one, way="mllp", keeps_unreadable=False, header=header)
        await hospital.deliver()
        async with await Client.enrol(hospital.identity.origin, late) as client:
            await client.connect()
            hospital.clock.added_ms += 5_000
            await hospital.deliver()
        hospital.take(next_version)
        hospital.clock.added_ms += 31 * 86_400_000
        await hospital.deliver()
        with hospital.spool() as spool:
            answerer = Answerer(spool, doors(engine), hospital.clock, hospital.telemetry)
            while await answerer.step() == 0:
                pass
        found = [told(await engine.next()) for _ in range(hospital.status()["answers"]["sent"])]

    by_message = {each: [one[1:] for one in found if one[0] == each] for each in "ABCD"}
    assert sorted(by_message["A"][:2]) == [
        ("N", f"8{late}", "held"),
        ("Y", f"8{rpps_of(reader)}", ""),
    ]
    assert by_message["A"][2:] == [("Y", f"8{late}", "")]
    assert by_message["B"] == [("N", f"8{never}", "held"), ("N", f"8{never}", "given_up")]
    assert by_message["D"] == [("N", f"8{never}", "held"), ("N", f"8{never}", "cancelled")]
    assert sorted(by_message["C"]) == [
        ("N", f"8{nobody}", "rpps_unknown"),
        ("Y", f"8{rpps_of(reader)}", ""),
    ]


async def test_who_is_named_without_a_usable_number_is_told_beside_the_others(
    enrol: Enrol, hospital: Hospital
) -> None:
    """And a replay under another message's identifier is answered for itself, not delivered."""
    reader, wrong = await enrol(), "99000000001"
    mine = f"8{rpps_of(reader)}"
    first = a_report(rpps_of(reader), wrong, message="FIRST")
    again = first.replace(b"|FIRST|", b"|AGAIN|")
    async with Engine() as engine, hospital.running(mllp=doors(engine)) as running:
        assert running.mllp
        for message in (first, first, again, again):
            assert await send(running.mllp.port, message) == "AA"
        await until_sent(hospital, 4)
    found = [told(await engine.next()) for _ in range(4)]

    assert sorted(found) == [
        *(("AGAIN", "N", f"8{wrong}", "rpps_invalid"), ("AGAIN", "Y", mine, "")),
        *(("FIRST", "N", f"8{wrong}", "rpps_invalid"), ("FIRST", "Y", mine, "")),
    ]
    assert engine.is_quiet()
    assert len(reader.documents) == 1
    assert hospital.status()["deliveries"] == {"delivered": 1, "unusable": 1}


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


async def test_who_is_released_from_quarantine_is_told_too(
    enrol: Enrol, hospital: Hospital
) -> None:
    """And what waits on the disk is not readable there."""
    reader = await enrol()
    nobody = a_report("99000000001", message="SECRETFICTIF")  # no valid number
    header = acknowledgements.header_of(nobody)
    async with Engine() as engine:
        with hospital.spool() as spool:
            intake = hospital.intake(spool)
            taken = intake.take(nobody, way="mllp", keeps_unreadable=False, header=header)
            on_disk = b"".join(
                path.read_bytes() for path in hospital.settings.state.glob(f"{FILE}*")
            )
            assert b"SECRETFICTIF" not in on_disk
            intake.release(taken.added[0].number, [rpps_of(reader)], "dim")
        await hospital.deliver()
        with hospital.spool() as spool:
            answerer = Answerer(spool, doors(engine), hospital.clock, hospital.telemetry)
            while await answerer.step() == 0:
                pass
        found = [told(await engine.next()) for _ in range(2)]

    assert found == [
        ("SECRETFICTIF", "N", "", "rpps_invalid"),
        ("SECRETFICTIF", "Y", f"8{rpps_of(reader)}", ""),
    ]
