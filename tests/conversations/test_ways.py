"""What is packed once for many messages gives no right and changes no answer."""

import pytest

from lien.conversations import Conversations, NotAMember
from lien.conversations.store import ConversationStore
from lien.crypto.envelope import BadEnvelope
from lien.protocol.frames import Level
from lien.storage.valkey import Store
from tests.conversations.asking import begin, read_all
from tests.conversations.people import Town, a_statement, an_envelope
from tests.fakes import FakeClock


async def test_a_known_way_is_for_its_own_device_only(
    conversations: Conversations, town: Town
) -> None:
    ana, ben = town.person(), town.person()
    made = a_statement(ana, ben)
    await begin(conversations, ana, made)
    await conversations.send(ana.account, ana.device, *an_envelope(ana, made))
    header, sealed = an_envelope(ana, made)

    for account, device in ((ben.account, ben.device), (ana.account, ben.device)):
        with pytest.raises(BadEnvelope):
            await conversations.send(account, device, header, sealed)
    for changed in (header[:-1] + b"\x02", header[:-3] + b"\xff\x81\x01", header + b"\x01"):
        with pytest.raises(BadEnvelope):
            await conversations.send(ana.account, ana.device, changed, sealed)
    assert len(await read_all(conversations, ben, made.channel)) == 2


async def test_a_known_way_does_not_outlive_a_membership(
    conversations: Conversations, conversation_store: ConversationStore, store: Store, town: Town
) -> None:
    ana, ben = town.person(), town.person()
    made = a_statement(ana, ben)
    await begin(conversations, ana, made)
    await conversations.send(ben.account, ben.device, *an_envelope(ben, made))
    await conversations.acknowledge(ben.account, ben.device, made.channel, 1, 1, Level.READ)
    for name in await store.redis.keys("*:members:*"):
        await store.redis.hdel(name, ben.account)

    with pytest.raises(NotAMember):
        await conversations.send(ben.account, ben.device, *an_envelope(ben, made))
    with pytest.raises(NotAMember):
        await conversations.acknowledge(ben.account, ben.device, made.channel, 1, 2, Level.READ)


async def test_a_script_that_the_store_forgot_is_sent_in_full(
    conversations: Conversations, store: Store, town: Town
) -> None:
    ana, ben = town.person(), town.person()
    made = a_statement(ana, ben)
    await begin(conversations, ana, made)
    await conversations.send(ana.account, ana.device, *an_envelope(ana, made))
    await store.redis.script_flush()

    accepted = await conversations.send(ana.account, ana.device, *an_envelope(ana, made))

    assert accepted.offset == 3
    assert len(await read_all(conversations, ben, made.channel)) == 3


async def test_a_way_goes_on_in_the_next_part_of_the_duplicate_table(
    conversations: Conversations, town: Town, clock: FakeClock
) -> None:
    ana, ben = town.person(), town.person()
    made = a_statement(ana, ben)
    await begin(conversations, ana, made)
    sent = []
    for _ in range(4):
        envelope = an_envelope(ana, made)
        sent.append((envelope, await conversations.send(ana.account, ana.device, *envelope)))
        clock.advance(days=9)

    for envelope, accepted in sent[1:]:
        assert (await conversations.send(ana.account, ana.device, *envelope))[:3] == accepted[:3]
