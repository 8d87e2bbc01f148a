"""A device as bytes, and back; and what is not believed of it."""

import pytest

from lien.client.conversation import Message, Pending
from lien.client.http import Http
from lien.client.state import decode_device, encode_device
from lien.clock import SystemClock
from lien.crypto.chain import BadLink
from lien.crypto.envelope import Content, Header, Kind, seal_envelope
from lien.errors import Malformed
from lien.ids import EnvelopeId, new_id
from lien.protocol.frames import Level
from lien.protocol.positions import Position
from tests.client.people import ORIGIN, Person, a_device, begin_direct

ANNE, BRUNO = Person(), Person()


def a_state() -> bytes:
    device = a_device(ANNE, [BRUNO])
    device.keyring.wrappings["recovery"] = bytes(16)
    conversation, key = begin_direct(ANNE, BRUNO)
    device.conversations[conversation.channel] = conversation
    header = Header(
        conversation.channel,
        1,
        ANNE.account,
        ANNE.keyring.device,
        EnvelopeId(new_id()),
        Kind.MESSAGE,
    )
    content = Content.of_text("Où est le scanner ?", 3, bytes(32))
    data, sealed = seal_envelope(header, content, key, ANNE.keyring.key)
    pending = Pending(header, content, data, sealed, is_accepted=True)
    conversation.outbox[pending.key] = pending
    message = Message(header, 5, Position(1, 7), content, "", sealed)
    conversation.messages[message.key] = message
    conversation.cursor = Position(1, 7)
    conversation.sent_count = 3
    conversation.counters[ANNE.keyring.device] = 3
    conversation.receipts[BRUNO.account] = {Level.READ: 7}
    return encode_device(device)


def http(origin: str = ORIGIN) -> Http:
    return Http(origin, SystemClock())


async def test_a_device_comes_back_as_it_was() -> None:
    data = a_state()
    device = decode_device(data, http())
    [conversation] = device.conversations.values()

    assert encode_device(device) == data
    assert device.account == ANNE.account
    assert device.keyring.key.public == ANNE.keyring.key.public
    assert device.keyring.secrets[1].to_bytes() == ANNE.keyring.secrets[1].to_bytes()
    assert [message.text for message in conversation.ordered()] == ["Où est le scanner ?"]
    assert conversation.cursor == Position(1, 7)
    assert conversation.receipts == {BRUNO.account: {Level.READ: 7}}
    assert len(conversation.outbox) == 1


async def test_a_state_of_another_deployment_is_refused() -> None:
    with pytest.raises(Malformed):
        decode_device(a_state(), http("http://localhost:2"))


@pytest.mark.parametrize("data", [b"", b"\xc0", b"\x98", b"[]", b"\x91\x01"])
async def test_bytes_that_are_no_state_are_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        decode_device(data, http())


async def test_a_damaged_chain_is_refused() -> None:
    data = a_state()
    link = BRUNO.links[0].data
    place = data.index(link) + len(link) - 30

    with pytest.raises(BadLink):
        decode_device(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :], http())


async def test_a_fork_of_a_known_chain_is_refused() -> None:
    """What was verified once is never given up."""
    device, other = a_device(ANNE, [BRUNO]), Person()
    known = device.contacts.find(BRUNO.account)

    with pytest.raises(BadLink):
        device.contacts.add(BRUNO.account, other.links)
    for repeated in (BRUNO.links, BRUNO.links[1:]):
        assert device.contacts.add(BRUNO.account, repeated) == known

    assert device.contacts.find(BRUNO.account) == known
    assert len(device.contacts.links[BRUNO.account]) == len(BRUNO.links)


async def test_secrets_are_not_shown() -> None:
    device = a_device(ANNE, [BRUNO])

    shown = repr(device.keyring) + str(device.keyring)

    assert ANNE.keyring.key.seed.hex() not in shown
    assert "SigningKey" not in shown
    assert "secrets" not in shown
