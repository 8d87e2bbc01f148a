"""What is said about messages, from one device to another through a real server."""

from lien.clock import SystemClock
from lien.crypto.contents import (
    ABSENT,
    EDITABLE_MS,
    USUAL,
    Availability,
    Intent,
    Settings,
    Target,
    Text,
)
from lien.ids import EnvelopeId
from tests.client.conftest import Enrol


async def test_everyone_sees_the_same_of_a_message(enrol: Enrol) -> None:
    anne, bruno = await enrol(), await enrol()
    channel = await anne.open_direct(bruno.account)
    urgent = await anne.send(channel, Text("Chute au lit 4", intent=Intent("urgent")))
    other = await anne.send_text(channel, "Une faute")
    device = anne.device.keyring.device
    first, second = Target(device, urgent), Target(device, other)

    await anne.edit(channel, first, "Chute au lit 14")
    await anne.delete(channel, second)
    await bruno.until(lambda: len(bruno.messages(channel)) == 4)
    await bruno.react(channel, first, "👍")
    await bruno.take_charge(channel, first)
    await bruno.edit(channel, first, "Rien du tout")
    await bruno.delete(channel, first)
    for one in (anne, bruno):
        await one.until(lambda one=one: len(one.messages(channel)) == 8)  # type: ignore[misc]

    for one in (anne, bruno):
        chute, faute = one.view(channel)
        assert (chute.text, chute.is_edited, chute.is_deleted) == ("Chute au lit 14", True, False)
        assert isinstance(chute.said, Text)
        assert chute.said.intent == Intent("urgent")
        assert chute.reactions == {bruno.account: "👍"}
        assert chute.taken_by == [bruno.account]
        assert (faute.text, faute.is_deleted) == (None, True)


async def test_what_is_about_nothing_here_is_not_shown(enrol: Enrol) -> None:
    anne, bruno = await enrol(), await enrol()
    channel = await anne.open_direct(bruno.account)
    nowhere = Target(anne.device.keyring.device, EnvelopeId(anne.account))

    await anne.edit(channel, nowhere, "x")
    await anne.send(channel, Settings(picture=b""))
    await bruno.until(lambda: len(bruno.messages(channel)) == 2)

    assert bruno.view(channel) == []


async def test_too_late_is_too_late(enrol: Enrol) -> None:
    anne, bruno = await enrol(), await enrol()
    channel = await anne.open_direct(bruno.account)
    sent = await anne.send_text(channel, "Hier")
    target = Target(anne.device.keyring.device, sent)
    await anne.edit(channel, target, "Avant-hier")
    await bruno.until(lambda: len(bruno.messages(channel)) == 2)

    # As if the log's clock had said that the text is a day older.
    bruno.messages(channel)[0].at_ms = SystemClock().now_ms() - EDITABLE_MS - 60_000

    assert [one.text for one in bruno.view(channel)] == ["Hier"]


async def test_who_leaves_knows_the_key_of_nothing_that_follows(enrol: Enrol) -> None:
    anne, bruno, chloe = await enrol(), await enrol(), await enrol()
    channel = await anne.create_group("Équipe", [bruno.account, chloe.account])
    await anne.send_text(channel, "avant")
    for one in (bruno, chloe):
        await one.until(lambda one=one: len(one.messages(channel)) == 1)  # type: ignore[misc]

    await anne.leave(channel, hand_over_to=bruno.account)
    await bruno.send_text(channel, "sans Anne")
    await chloe.until(lambda: len(chloe.messages(channel)) == 2)

    assert bruno.device.get(channel).epoch == 3  # the leaver's, then one that she does not know
    assert 3 not in anne.device.get(channel).keys
    await bruno.rename(channel, "Équipe de nuit")
    assert [one.problem for one in chloe.messages(channel)] == ["", ""]


async def test_an_absence_is_told_to_those_one_talks_with(enrol: Enrol) -> None:
    anne, bruno, chloe = await enrol(), await enrol(), await enrol()
    channel = await anne.open_direct(bruno.account)
    await anne.send_text(channel, "Bonjour")
    now_ms = SystemClock().now_ms()
    absent = Availability(ABSENT, now_ms, now_ms + 3_600_000, chloe.account)
    await anne.tell_availability(absent)
    await bruno.until(lambda: bruno.availability_of(anne.account) is not None)

    told = bruno.availability_of(anne.account)
    assert told is not None
    assert (told.state, told.until_ms, told.cover) == (ABSENT, absent.until_ms, chloe.account)
    assert not told.is_current(absent.until_ms)
    assert [one.text for one in bruno.view(channel)] == ["Bonjour"]

    await anne.tell_availability(Availability(USUAL, now_ms + 1))
    await bruno.until(lambda: len(bruno.messages(channel)) == 3)
    told = bruno.availability_of(anne.account)
    assert told is not None
    assert told.state == USUAL
    assert chloe.availability_of(anne.account) is None
