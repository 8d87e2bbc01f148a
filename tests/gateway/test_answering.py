"""Business acknowledgements, to a real listener of the hospital, from a gateway as it runs."""

import asyncio
from collections.abc import Iterator

from lien.client import Client
from lien.gateway import acknowledgements
from lien.gateway.answering import Answerer
from lien.gateway.spool import FILE
from lien.ids import RppsNumber
from tests.client.conftest import Enrol, enrol, people, server
from tests.gateway.answers import Engine, a_report, doors, hospital, send, told, until_sent
from tests.gateway.hospital import Hospital
from tests.gateway.test_delivering import rpps_of
from tests.running import free_port

__all__ = ["enrol", "hospital", "people", "server"]


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
