"""Devices that know each other, made without a server."""

from collections.abc import Sequence

from lien.client.contacts import Contacts
from lien.client.conversation import Conversation
from lien.client.device import Device
from lien.client.http import Http
from lien.client.keyring import Keyring
from lien.clock import SystemClock
from lien.crypto import chain, statement
from lien.crypto.account import AccountSecret
from lien.crypto.chain import Create, Identity, Link
from lien.crypto.conversation_key import new_key
from lien.crypto.signing import SigningKey
from lien.crypto.statement import Draft, Recipient
from lien.ids import AccountId, DeviceId, RppsNumber, direct_channel, new_id

ATTESTOR = SigningKey.generate()
ATTESTORS = chain.Attestors.of(ATTESTOR.public)
ORIGIN = "http://localhost:1"
IDENTITY = Identity(RppsNumber("99000000018"), "FICTIF-HOARAU", "Anne", "10", "C", "mock", 1)


class Person:
    """A keyring and the chain that goes with it."""

    def __init__(self) -> None:
        secret, key = AccountSecret.generate(), SigningKey.generate()
        self.keyring = Keyring(AccountId(new_id()), DeviceId(new_id()), key, {1: secret})
        body = Create(self.keyring.device, key.public, secret.signing.public, secret.sealing.public)
        first = chain.create_chain(self.keyring.account, body, key, 1)
        state = chain.apply(None, first, ATTESTORS)
        self.links: list[Link] = [first, chain.attest(state, IDENTITY, ATTESTOR, 2)]

    @property
    def account(self) -> AccountId:
        return self.keyring.account

    @property
    def recipient(self) -> Recipient:
        public = self.keyring.secrets[1].sealing.public
        return Recipient(self.account, "admin", 1, public)


def a_device(person: Person, known: Sequence[Person]) -> Device:
    """This person's device, which has read the chains of the others."""
    http = Http(ORIGIN, SystemClock())
    contacts = Contacts(http, ATTESTORS)
    for one in (person, *known):
        contacts.add(one.account, one.links)
    return Device(http, person.keyring, contacts)


def begin_direct(author: Person, other: Person) -> tuple[Conversation, bytes]:
    """Epoch 1 of their direct conversation as either of them knows it, and its key."""
    channel = direct_channel(author.account, other.account)
    conversation, key = Conversation(channel), new_key()
    draft = Draft(channel, None, [author.recipient, other.recipient], key, "", None)
    keyring = author.keyring
    signed, _ = statement.make_statement(draft, keyring.account, keyring.device, keyring.key, 1)
    conversation.statements.append((signed, statement.decode_statement(signed.data)))
    conversation.keys[1] = key
    return conversation, key
