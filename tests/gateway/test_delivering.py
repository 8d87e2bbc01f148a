"""From what a hospital drops to what a phone opens, on a real server."""

import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from lien.client import Client
from lien.crypto.filing import Action
from lien.gateway.inbound import Intent
from lien.gateway.reading import Reading, read
from lien.gateway.running import build_intake
from lien.gateway.settings import FolderSettings
from lien.ids import RppsNumber
from tests.client.conftest import Enrol, enrol, people, server
from tests.gateway.hospital import Hospital, a_cda, metadata
from tests.gateway.samples import sample
from tests.running import RunningServer

__all__ = ["enrol", "people", "server"]


@pytest.fixture
async def hospital(server: RunningServer, tmp_path: Path) -> AsyncIterator[Hospital]:
    yield await Hospital.registered(server, tmp_path)
    shutil.rmtree(tmp_path, ignore_errors=True)


def rpps_of(client: Client) -> RppsNumber:
    state = client.device.contacts.find(client.account)
    assert state
    assert state.identity
    return state.identity.rpps


async def arrived(client: Client, count: int = 1) -> list[tuple[str, str]]:
    """What an inbox holds: action and version of each document."""
    await client.until(lambda: len(client.documents) >= count, 30)
    assert [one.problem for one in client.documents] == [""] * len(client.documents)
    return [
        (one.content.action.value, str(one.content.version))
        for one in client.documents
        if one.content
    ]


async def test_a_dropped_cda_is_opened_by_whom_it_names(enrol: Enrol, hospital: Hospital) -> None:
    first, second, other = await enrol(), await enrol(), await enrol()
    folder = hospital.settings.state.parent / "drop"
    folder.mkdir()

    async with hospital.running(folder=FolderSettings(folder, every_ms=50)):
        (folder / "letter.xml").write_bytes(a_cda(rpps_of(first), rpps_of(second), number=701))
        assert await arrived(first) == [("new", "1")]
        assert await arrived(second) == [("new", "1")]

    content = first.documents[0].content
    assert content
    assert content.body
    assert (content.filing.family, content.filing.title) == (
        "hospital",
        "Lettre de liaison à la sortie",
    )
    assert content.patient.matricule == "185039741102565"
    assert content.patient.status == "test"
    assert [one.rpps for one in content.readers] == [rpps_of(first), rpps_of(second)]
    assert all(one.profession for one in content.readers)
    assert content.structure.name == "HOPITAL FICTIF"
    html = await first.fetch(content.body.blob)
    assert html.startswith(b"<article>")
    assert content.body.form == "html"
    assert other.documents == []
    assert list(folder.iterdir()) == []
    assert hospital.status()["deliveries"] == {"delivered": 2}


async def test_a_pdf_with_its_metadata_and_every_family_by_hand(
    enrol: Enrol, hospital: Hospital
) -> None:
    reader = await enrol()
    hospital.take(sample("report.pdf"), metadata([rpps_of(reader)], 702))

    await hospital.deliver()
    await arrived(reader)

    content = reader.documents[0].content
    assert content
    assert content.body
    assert (content.filing.family, content.body.form) == ("pta", "pdf")
    assert await reader.fetch(content.body.blob) == sample("report.pdf")


async def test_a_replacement_and_a_deletion_reach_the_same_people(
    enrol: Enrol, hospital: Hospital
) -> None:
    first, second = await enrol(), await enrol()
    one, two = rpps_of(first), rpps_of(second)
    hospital.take(a_cda(one, two, number=703))
    await hospital.deliver()
    hospital.take(a_cda(one, two, number=703, version=2))  # found by its set
    await hospital.deliver()
    hospital.take(a_cda(one, number=703, version=3))  # does not name the second any more
    await hospital.deliver()

    assert await arrived(first, 3) == [("new", "1"), ("new", "2"), ("new", "3")]
    shown = await arrived(second, 4)
    assert shown[:2] == [("new", "1"), ("new", "2")]
    assert [action for action, _ in shown[2:]] == ["withdraw", "withdraw"]
    gone = {item.content.document for item in second.documents[2:] if item.content}
    had = {item.content.document for item in second.documents[:2] if item.content}
    assert gone == had


async def test_a_withdrawal_goes_to_who_had_it(enrol: Enrol, hospital: Hospital) -> None:
    reader = await enrol()
    hospital.take(sample("report.pdf"), metadata([rpps_of(reader)], 704))
    await hospital.deliver()
    (document,) = read(sample("report.pdf"), metadata(["99000000002"], 704)).documents
    gone = replace(document, intent=Intent.WITHDRAW, body=None, recipients=())

    with hospital.spool() as spool:
        intake = build_intake(
            hospital.settings, hospital.keys, spool, lambda *_: Reading("HL7v2", (gone,))
        )
        taken = intake.take(b"", way="mllp", keeps_unreadable=False)
    assert taken.reason is None
    await hospital.deliver()

    assert [action for action, _ in await arrived(reader, 2)] == ["new", "withdraw"]
    last = reader.documents[-1].content
    assert last
    assert last.action is Action.WITHDRAW
    assert last.body is None


async def test_nothing_is_delivered_twice(enrol: Enrol, hospital: Hospital) -> None:
    reader = await enrol()
    data = a_cda(rpps_of(reader), number=705)
    for _ in range(3):
        hospital.take(data)
        await hospital.deliver()

    await arrived(reader)
    hospital.take(a_cda(rpps_of(reader), number=706))
    await hospital.deliver()
    assert len(await arrived(reader, 2)) == 2


async def test_a_contradiction_waits_for_a_person(enrol: Enrol, hospital: Hospital) -> None:
    """The same identifier and version with other words is no new version."""
    reader = await enrol()
    data = a_cda(rpps_of(reader), number=707)
    hospital.take(data)

    taken = hospital.take(data.replace(b"Lettre de liaison", b"Lettre de sortie"))

    assert taken.reason == "contradictory"
    await hospital.deliver()
    assert len(await arrived(reader)) == 1
    assert hospital.status()["quarantine"] == {"contradictory": 1}


async def test_who_has_no_account_gets_it_when_they_have(
    enrol: Enrol, hospital: Hospital, people: Iterator[RppsNumber], server: RunningServer
) -> None:
    """Held in the hospital, not on the server; delivered within seconds of signing up."""
    late = next(people)
    hospital.take(a_cda(late, number=708))
    await hospital.deliver()
    assert hospital.status()["deliveries"] == {"held": 1}
    assert hospital.status()["last_error"] == "no_account"

    async with await Client.enrol(server.origin, late) as client:
        await client.connect()
        hospital.clock.added_ms += 2_000
        await hospital.deliver()
        assert await arrived(client) == [("new", "1")]


async def test_who_cannot_be_read_keeps_nobody_else_waiting(
    enrol: Enrol, hospital: Hospital, server: RunningServer
) -> None:
    """The server finds an account and then does not know it: their delivery waits, no other."""
    first, second = await enrol(), await enrol()
    hospital.take(a_cda(rpps_of(first), rpps_of(second), number=711))
    hospital.take(a_cda(rpps_of(second), number=712))
    with server.store() as store:
        hidden = store.keys(f"*:chain:{first.account}") + store.keys(f"*:account:{first.account}")
        assert len(hidden) == 2
        for key in hidden:
            store.rename(key, f"{key}-away")
        await hospital.deliver()
        for key in hidden:
            store.rename(f"{key}-away", key)
    assert len(await arrived(second, 2)) == 2
    status = hospital.status()
    assert status["deliveries"] == {"delivered": 2, "held": 1}
    assert (status["last_error"], status["server_error"]) == ("not_found", "")

    hospital.clock.added_ms += 2_000
    await hospital.deliver()
    assert await arrived(first) == [("new", "1")]


async def test_who_never_comes_is_given_up_and_reported(
    hospital: Hospital, people: Iterator[RppsNumber], enrol: Enrol
) -> None:
    late = next(people)
    hospital.take(a_cda(late, number=709))
    await hospital.deliver()

    hospital.clock.added_ms += 31 * 86_400_000
    await hospital.deliver()

    status = hospital.status()
    assert status["deliveries"] == {"given_up": 1}
    assert status["documents"] == {"done": 1}


async def test_an_unknown_number_is_quarantined_and_released_by_an_operator(
    enrol: Enrol, hospital: Hospital
) -> None:
    reader = await enrol()
    taken = hospital.take(a_cda("99000099996", number=710))
    await hospital.deliver()
    assert hospital.status()["quarantine"] == {"rpps_unknown": 1}

    with hospital.spool() as spool:
        intake = hospital.intake(spool)
        intake.release(taken.added[0].number, [rpps_of(reader)], "dim")
        (line,) = spool.upkeep.list_journal()
    await hospital.deliver()

    assert await arrived(reader) == [("new", "1")]
    assert (line["kind"], line["operator"], line["detail"]) == ("release", "dim", rpps_of(reader))
