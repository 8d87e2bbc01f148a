"""What people do, with real encryption, against a real server."""

import asyncio
from collections.abc import Iterator

import pytest

from lien.client import Client, ConnectionLost, ServerFailure, SoftwareAuthenticator
from lien.client.device_boxes import take_box
from lien.crypto.account import AccountSecret
from lien.crypto.device import seal_secret, sealing_key
from lien.crypto.envelope import BadEnvelope
from lien.ids import AccountId, RppsNumber, b64encode
from lien.protocol.codes import CloseCode
from lien.protocol.frames import Level
from tests.client.conftest import Enrol
from tests.running import RunningServer


async def test_a_message_from_one_phone_to_another(enrol: Enrol) -> None:
    anne, bruno = await enrol(), await enrol()
    channel = await anne.open_direct(bruno.account)

    await anne.send_text(channel, "Le lit 12 est prêt. 🏥")
    await bruno.until(lambda: len(bruno.messages(channel)) == 1)
    await bruno.send_text(channel, "Merci")
    await anne.until(lambda: len(anne.messages(channel)) == 2)
    await bruno.until(lambda: len(bruno.messages(channel)) == 2)

    assert anne.texts(channel) == bruno.texts(channel) == ["Le lit 12 est prêt. 🏥", "Merci"]
    assert [message.problem for message in bruno.messages(channel)] == ["", ""]
    assert anne.device.get(channel).outbox == {}


async def test_receipts_reach_the_author(enrol: Enrol) -> None:
    anne, bruno = await enrol(), await enrol()
    channel = await anne.open_direct(bruno.account)
    await anne.send_text(channel, "lu ?")
    await bruno.until(lambda: len(bruno.messages(channel)) == 1)
    await bruno.mark_read(channel)
    receipts = anne.device.get(channel).receipts

    await anne.until(lambda: Level.READ in receipts.get(bruno.account, {}))

    assert receipts[bruno.account][Level.READ] == anne.messages(channel)[0].position[1]  # type: ignore[index]


async def test_two_who_write_at_once_meet_in_one_conversation(enrol: Enrol) -> None:
    anne, bruno = await enrol(), await enrol()

    one, other = await asyncio.gather(
        anne.open_direct(bruno.account), bruno.open_direct(anne.account)
    )
    await asyncio.gather(anne.send_text(one, "a"), bruno.send_text(other, "b"))
    await anne.until(lambda: len(anne.messages(one)) == 2)
    await bruno.until(lambda: len(bruno.messages(one)) == 2)

    assert one == other
    assert anne.texts(one) == bruno.texts(one)


async def test_a_new_phone_reads_everything(enrol: Enrol, server: RunningServer) -> None:
    anne, bruno = await enrol(), await enrol()
    channel = await anne.open_direct(bruno.account)
    for text in ("un", "deux", "trois"):
        await anne.send_text(channel, text)
    passkey = SoftwareAuthenticator(is_synced=True)
    await anne.register_passkey(passkey)

    async with await Client.join(server.origin, passkey) as phone:
        await phone.connect()
        await phone.until(lambda: len(phone.messages(channel)) == 3)
        await phone.send_text(channel, "du nouveau téléphone")
        await bruno.until(lambda: len(bruno.messages(channel)) == 4)

    assert bruno.texts(channel) == ["un", "deux", "trois", "du nouveau téléphone"]
    assert {message.problem for message in bruno.messages(channel)} == {""}


async def test_a_revoked_device_is_out_and_cannot_read_on(
    enrol: Enrol, server: RunningServer
) -> None:
    anne, bruno = await enrol(), await enrol()
    channel = await anne.open_direct(bruno.account)
    await anne.send_text(channel, "avant")
    passkey = SoftwareAuthenticator(is_synced=True)
    await anne.register_passkey(passkey)
    async with await Client.join(server.origin, passkey) as stolen:
        await stolen.connect()
        await stolen.until(lambda: len(stolen.messages(channel)) == 1)
        for _ in range(2):  # the answer may be lost: it is done once
            await anne.revoke_device(stolen.device.keyring.device)
        with pytest.raises(ConnectionLost):
            await stolen.until(lambda: False)
        with pytest.raises((ConnectionLost, ServerFailure)):
            await stolen.connect()

    await bruno.send_text(channel, "après")
    await anne.until(lambda: len(anne.messages(channel)) == 2)
    await bruno.until(lambda: len(bruno.messages(channel)) == 2)

    assert stolen.close_code == CloseCode.REVOKED
    assert anne.texts(channel) == bruno.texts(channel) == ["avant", "après"]
    # The message after the revocation is under a key sealed to the new secret only.
    statement = bruno.device.get(channel).statement
    assert statement is not None
    member = statement.find_member(anne.account)
    assert member is not None
    assert (statement.epoch, member.generation) == (2, 2)
    assert 2 not in stolen.device.keyring.secrets


async def test_another_own_device_reads_on_after_a_rotation(
    enrol: Enrol, server: RunningServer
) -> None:
    anne, bruno = await enrol(), await enrol()
    passkey = SoftwareAuthenticator(is_synced=True)
    await anne.register_passkey(passkey)
    channel = await anne.open_direct(bruno.account)
    tablet = await Client.join(server.origin, passkey)
    lost = await Client.join(server.origin, passkey)
    async with tablet, lost:
        await tablet.connect()
        await tablet.settle()
        await anne.revoke_device(lost.device.keyring.device)
        await bruno.send_text(channel, "après")

        await tablet.until(lambda: tablet.texts(channel) == ["après"])

        assert sorted(tablet.device.keyring.secrets) == [1, 2]


async def test_a_device_without_a_passkey_reads_on_by_a_box_of_another(
    enrol: Enrol, server: RunningServer
) -> None:
    """Nothing of the vault opens for it: whoever rotates seals the new secret to its own key."""
    anne, bruno = await enrol(), await enrol()
    passkey = SoftwareAuthenticator(is_synced=True)
    await anne.register_passkey(passkey)
    channel = await anne.open_direct(bruno.account)
    tablet = await Client.join(server.origin, passkey)
    lost = await Client.join(server.origin, passkey)
    async with tablet, lost:
        tablet.device.keyring.wrappings.clear()
        await tablet.connect()
        await tablet.settle()
        await anne.revoke_device(lost.device.keyring.device)
        await bruno.send_text(channel, "après")

        await tablet.until(lambda: tablet.texts(channel) == ["après"])

        assert sorted(tablet.device.keyring.secrets) == [1, 2]
        # What the server alone says is worth nothing: a box of another secret is left alone.
        state = await tablet.device.contacts.get(anne.account)
        del tablet.device.keyring.secrets[2]
        public = sealing_key(tablet.device.keyring.key.seed).public
        forged = seal_secret(
            public, AccountSecret.generate(), anne.account, tablet.device.keyring.device, 2
        )
        box = {"device": tablet.device.keyring.device, "generation": 2, "sealed": b64encode(forged)}
        await anne.device.http.post("/api/devices/boxes", {"boxes": [box]})
        await take_box(tablet.device.http, tablet.device.keyring, state)
        assert 2 not in tablet.device.keyring.secrets


async def test_a_group_with_someone_who_may_not_read_the_past(enrol: Enrol) -> None:
    anne, bruno, chloe = await enrol(), await enrol(), await enrol()
    channel = await anne.create_group("Équipe de nuit", [bruno.account])
    await anne.send_text(channel, "avant Chloé")
    await anne.add_members(channel, [chloe.account])
    await bruno.until(lambda: bruno.device.get(channel).epoch == 2)
    await bruno.send_text(channel, "bonjour Chloé")
    await chloe.until(lambda: "bonjour Chloé" in chloe.texts(channel))

    assert chloe.name_of(channel) == bruno.name_of(channel) == "Équipe de nuit"
    assert "avant Chloé" not in chloe.texts(channel)


async def test_a_group_with_someone_who_may_read_the_past(enrol: Enrol) -> None:
    anne, bruno, chloe = await enrol(), await enrol(), await enrol()
    channel = await anne.create_group("Équipe", [bruno.account])
    await anne.send_text(channel, "avant Chloé")
    await anne.add_members(channel, [chloe.account], with_past=True)

    await chloe.until(lambda: chloe.texts(channel) == ["avant Chloé"])


async def test_someone_who_was_left_out_reads_nothing_more(enrol: Enrol) -> None:
    anne, bruno, chloe = await enrol(), await enrol(), await enrol()
    channel = await anne.create_group("Équipe", [bruno.account, chloe.account])
    await anne.send_text(channel, "à trois")
    await chloe.until(lambda: chloe.texts(channel) == ["à trois"])
    await anne.remove_member(channel, chloe.account)
    await anne.send_text(channel, "à deux")
    await bruno.until(lambda: bruno.texts(channel) == ["à trois", "à deux"])
    await chloe.until(lambda: chloe.device.get(channel).is_gone)

    assert chloe.texts(channel) == ["à trois"]
    assert chloe.channels == []
    with pytest.raises(ServerFailure, match="not_a_member"):
        await chloe.send_text(channel, "encore là ?")


async def test_only_an_admin_changes_a_group(enrol: Enrol) -> None:
    anne, bruno, chloe = await enrol(), await enrol(), await enrol()
    channel = await anne.create_group("Équipe", [bruno.account])
    await bruno.until(lambda: bruno.channels == [channel])

    with pytest.raises(Exception, match="admin"):
        await bruno.add_members(channel, [chloe.account])


async def test_a_device_restored_from_its_state_goes_on(
    enrol: Enrol, server: RunningServer, people: Iterator[RppsNumber]
) -> None:
    anne, rpps = await enrol(), next(people)
    bruno = await Client.enrol(server.origin, rpps)
    await bruno.connect()
    channel = await anne.open_direct(bruno.account)
    await anne.send_text(channel, "un")
    await bruno.until(lambda: bruno.texts(channel) == ["un"])
    state = bruno.export()
    await bruno.close()
    await anne.send_text(channel, "deux, pendant l'absence")

    async with Client.restore(state, server.origin) as again:
        await again.sign_in(rpps)
        await again.connect()
        await again.until(lambda: len(again.messages(channel)) == 2)
        await again.send_text(channel, "trois")
        await anne.until(lambda: len(anne.messages(channel)) == 3)

    assert anne.texts(channel) == ["un", "deux, pendant l'absence", "trois"]
    assert [message.problem for message in anne.messages(channel)] == [""] * 3


async def test_express_login(enrol: Enrol) -> None:
    anne = await enrol()
    passkey = SoftwareAuthenticator()
    await anne.register_passkey(passkey)
    await anne.sign_out()
    with pytest.raises(ServerFailure, match="not_signed_in"):
        await anne.connect()

    await anne.sign_in_express(passkey)
    await anne.connect()
    await anne.renew()
    await anne.settle()


async def test_an_account_is_not_taken_over_through_the_provider(
    server: RunningServer, people: Iterator[RppsNumber]
) -> None:
    """Proving the professional account again is never enough."""
    rpps = next(people)
    async with await Client.enrol(server.origin, rpps):
        with pytest.raises(ServerFailure, match="account_exists"):
            await Client.enrol(server.origin, rpps)


async def test_what_was_not_sent_goes_out_on_the_next_connection(enrol: Enrol) -> None:
    anne, bruno = await enrol(), await enrol()
    channel = await anne.open_direct(bruno.account)
    await anne.disconnect()
    with pytest.raises(ConnectionLost):
        await anne.send_text(channel, "sans réseau")
    stored: list[bytes] = []

    async def save(state: bytes) -> None:
        stored.append(state)

    anne.save_with(save)
    with pytest.raises(ConnectionLost):
        await anne.send_text(channel, "toujours sans réseau")
    assert len(stored) == 1  # before anything was tried
    await anne.connect()
    await bruno.until(lambda: len(bruno.messages(channel)) == 2)
    await anne.until(lambda: not anne.device.get(channel).outbox)

    assert bruno.texts(channel) == ["sans réseau", "toujours sans réseau"]


async def test_the_same_envelope_twice_is_one_message(enrol: Enrol) -> None:
    """A device that lost the reply sends again, and nobody reads it twice."""
    anne, bruno = await enrol(), await enrol()
    channel = await anne.open_direct(bruno.account)
    conversation = anne.device.get(channel)
    await anne.disconnect()
    with pytest.raises(ConnectionLost):
        await anne.send_text(channel, "une fois")
    [pending] = conversation.outbox.values()
    await anne.connect()
    await anne.until(lambda: not conversation.outbox)
    pending.is_accepted = False
    await anne.connection.deliver(conversation, pending)
    await anne.send_text(channel, "fin")
    await bruno.until(lambda: "fin" in bruno.texts(channel))

    assert bruno.texts(channel) == ["une fois", "fin"]


async def test_a_key_older_than_a_week_is_rotated_before_sending(enrol: Enrol) -> None:
    anne, bruno = await enrol(), await enrol()
    channel = await anne.open_direct(bruno.account)
    anne.device.epochs.max_key_age_ms = 0

    await asyncio.sleep(0.01)
    await anne.send_text(channel, "sous une nouvelle clé")
    await bruno.until(lambda: len(bruno.messages(channel)) == 1)

    assert bruno.device.get(channel).epoch == 2
    assert bruno.texts(channel) == ["sous une nouvelle clé"]


async def test_many_messages_arrive_in_one_order(enrol: Enrol) -> None:
    anne, bruno = await enrol(), await enrol()
    channel = await anne.open_direct(bruno.account)
    await bruno.until(lambda: bruno.channels == [channel])

    await asyncio.gather(
        *(anne.send_text(channel, f"a{number}") for number in range(25)),
        *(bruno.send_text(channel, f"b{number}") for number in range(25)),
    )
    await anne.until(lambda: len(anne.messages(channel)) == 50)
    await bruno.until(lambda: len(bruno.messages(channel)) == 50)

    assert anne.texts(channel) == bruno.texts(channel)
    assert len(set(anne.texts(channel))) == 50


async def test_resume_equals_replay(enrol: Enrol, server: RunningServer) -> None:
    """However often the connection was lost, a device holds what a fresh one reads."""
    anne, bruno = await enrol(), await enrol()
    passkey = SoftwareAuthenticator(is_synced=True)
    await bruno.register_passkey(passkey)
    channel = await anne.open_direct(bruno.account)
    for number in range(12):
        await anne.send_text(channel, f"message {number}")
        if number % 3 == 0:
            await bruno.disconnect()
        if number % 3 == 2:
            await bruno.connect()
        if number == 6:
            await anne.rotate(channel)
    await bruno.connect()
    await bruno.until(lambda: len(bruno.messages(channel)) == 12)

    async with await Client.join(server.origin, passkey) as fresh:
        await fresh.connect()
        await fresh.until(lambda: len(fresh.messages(channel)) == 12)

        assert fresh.texts(channel) == bruno.texts(channel)
        assert [one.position for one in fresh.messages(channel)] == [
            one.position for one in bruno.messages(channel)
        ]


async def test_a_text_too_long_is_refused_before_it_is_stored(enrol: Enrol) -> None:
    anne, bruno = await enrol(), await enrol()
    channel = await anne.open_direct(bruno.account)

    with pytest.raises(BadEnvelope):
        await anne.send_text(channel, "x" * 16_001)

    assert anne.device.get(channel).outbox == {}


async def test_the_directory_says_who_is_on_lien(enrol: Enrol) -> None:
    anne = await enrol()

    found = await anne.search("FICTIF")

    assert found
    assert all("FICTIF" in person["family_name"] for person in found)


async def test_a_conversation_with_nobody_is_refused(enrol: Enrol) -> None:
    anne = await enrol()

    with pytest.raises(ServerFailure, match="not_found"):
        await anne.open_direct(AccountId("A" * 22))


async def test_keep_connected_comes_back(enrol: Enrol) -> None:
    anne, bruno = await enrol(), await enrol()
    channel = await anne.open_direct(bruno.account)
    keeping = asyncio.create_task(bruno.keep_connected())
    try:
        await asyncio.sleep(0.05)
        socket = bruno.connection._socket
        assert socket is not None
        await socket.close()
        await anne.send_text(channel, "revenu ?")
        async with asyncio.timeout(10):
            while bruno.texts(channel) != ["revenu ?"]:
                await asyncio.sleep(0.02)
    finally:
        keeping.cancel()
