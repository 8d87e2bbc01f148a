"""HL7v2 over MLLP: framed, bounded, and answered when it is on disk, in order."""

import asyncio
import ssl
from pathlib import Path

import pytest

from lien.config import BadConfig
from lien.gateway import mllp
from lien.gateway.doors.mllp import MllpDoor
from lien.gateway.settings import MllpSettings
from lien.telemetry import Metric
from tests.gateway.samples import changed, sample
from tests.gateway.ward import Sender, Ward, door, ward

__all__ = ["door", "ward"]


async def test_a_message_is_answered_when_it_is_kept(ward: Ward, door: MllpDoor) -> None:
    sender = await Sender.to(door)
    await sender.send(sample("mdm_t02.er7"))

    assert await sender.answer() == ["MSA", "AA", "MT02"]
    assert ward.count() == {"ready": 1}
    assert ward.woken == 1


async def test_several_messages_in_one_read_are_answered_in_order(
    ward: Ward, door: MllpDoor
) -> None:
    sender = await Sender.to(door)
    other = changed("mdm_t02.er7", ("|MT02|", "|OTHER|"), ("1.2.3.4.5.200.1^", "1.2.3.4.5.200.1^"))
    await sender.send(sample("mdm_t02.er7"), other, sample("mdm_t10.er7"))

    assert [(await sender.answer())[1:] for _ in range(3)] == [
        ["AA", "MT02"],
        ["AA", "OTHER"],  # the same document again
        ["AA", "MT10"],
    ]
    assert ward.telemetry.counters[Metric.GATEWAY_REPLAYED] == 1


async def test_a_message_in_pieces_is_whole(ward: Ward, door: MllpDoor) -> None:
    sender = await Sender.to(door)
    framed = mllp.frame(sample("mdm_t02.er7"))
    for first in range(0, len(framed), 700):
        sender.writer.write(framed[first : first + 700])
        await sender.writer.drain()

    assert (await sender.answer())[1] == "AA"


async def test_a_replayed_and_a_contradictory_message(ward: Ward, door: MllpDoor) -> None:
    """Again is no new document; other words under the same identifier are refused and kept."""
    sender = await Sender.to(door)
    await sender.send(sample("mdm_t02.er7"), sample("mdm_t02.er7"))
    assert [(await sender.answer())[1] for _ in range(2)] == ["AA", "AA"]

    await sender.send(changed("mdm_t02.er7", ("|19850314|", "|19850315|")))
    assert (await sender.answer())[1] == "AE"
    await sender.send(changed("mdm_t02.er7", ("||||||F", "||||||D")))
    assert (await sender.answer())[1] == "AE"
    described = ward.spool.upkeep.describe()
    assert described["documents"]["ready"] == 1
    assert set(described["quarantine"]) == {"contradictory"}


@pytest.mark.parametrize("data", [b"MSH|^~", b"\x0bMSH|a\x0bMSH|b\x1c\r", b"\x0bhello\x1cX"])
async def test_a_broken_frame_ends_the_connection(ward: Ward, door: MllpDoor, data: bytes) -> None:
    sender = await Sender.to(door)
    sender.writer.write(data)

    assert (await sender.answer())[1] == "AR"
    assert await sender.is_over()


async def test_what_was_whole_before_a_broken_frame_is_answered(ward: Ward, door: MllpDoor) -> None:
    sender = await Sender.to(door)
    sender.writer.write(mllp.frame(sample("mdm_t02.er7")) + b"MSH|")

    assert (await sender.answer())[1] == "AA"
    assert (await sender.answer())[1] == "AR"
    assert await sender.is_over()


async def test_a_truncated_frame_is_no_message(ward: Ward, door: MllpDoor) -> None:
    sender = await Sender.to(door)
    sender.writer.write(mllp.frame(sample("mdm_t02.er7"))[:-40])
    sender.writer.write_eof()

    assert await sender.is_over()
    assert ward.count() == {}


async def test_a_message_without_end_is_cut(
    ward: Ward, door: MllpDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mllp.FrameDecoder.__init__, "__defaults__", (200_000,))
    sender = await Sender.to(door)
    sender.writer.write(b"\x0bMSH|" + b"a" * 300_000)

    assert (await sender.answer())[1] == "AR"


async def test_what_is_no_document_is_refused(ward: Ward, door: MllpDoor) -> None:
    sender = await Sender.to(door)
    await sender.send(sample("cda_pdf.xml"), changed("mdm_t02.er7", ("MDM^T02", "ADT^A01")))

    assert [(await sender.answer())[1] for _ in range(2)] == ["AR", "AE"]
    assert ward.count() == {}


async def test_connections_are_bounded(ward: Ward, door: MllpDoor) -> None:
    first, second = await Sender.to(door), await Sender.to(door)
    for each in (first, second):
        await each.send(sample("mdm_t02.er7"))
        await each.answer()

    assert await (await Sender.to(door)).is_over()


async def test_a_full_spool_answers_nothing(ward: Ward, door: MllpDoor) -> None:
    """No answer means: send it again."""
    ward.spool._database._most_bytes = 0
    sender = await Sender.to(door)
    await sender.send(sample("mdm_t02.er7"))

    assert await sender.is_over()
    assert ward.count() == {}


async def test_over_tls(ward: Ward, tmp_path: Path) -> None:
    certificate, key = tmp_path / "c.pem", tmp_path / "k.pem"
    make = await asyncio.create_subprocess_exec(
        *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
        *("-nodes", "-days", "2", "-subj", "/CN=localhost"),
        *("-out", str(certificate), "-keyout", str(key)),
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert await make.wait() == 0
    door = MllpDoor(
        MllpSettings(listen="127.0.0.1:0", certificate=certificate, key=key),
        ward.desk,
        ward.clock,
        ward.telemetry,
    )
    await door.start()
    context = ssl.create_default_context(cafile=str(certificate))
    context.check_hostname = False
    sender = await Sender.to(door, context)
    await sender.send(sample("mdm_t02.er7"))
    assert (await sender.answer())[1] == "AA"
    sender.writer.close()
    await door.stop()

    broken = MllpDoor(
        MllpSettings(listen="127.0.0.1:0", certificate=tmp_path / "none", key=key),
        ward.desk,
        ward.clock,
        ward.telemetry,
    )
    with pytest.raises(BadConfig):
        await broken.start()
