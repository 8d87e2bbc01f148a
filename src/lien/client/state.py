"""
A device as bytes, to be stored and restored: `encode_device`, `decode_device`.

The bytes hold every secret in clear: whoever stores them encrypts them. They are this program's
own; chains and statements are verified again all the same, which costs a tenth of a millisecond
each and makes a damaged store an error instead of a lie.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgpack

from lien.client.contacts import Contacts
from lien.client.conversation import Conversation, Message, Pending
from lien.client.device import Device
from lien.client.documents import Received
from lien.client.errors import reading_answer
from lien.client.http import Http
from lien.client.keyring import Keyring
from lien.crypto.account import AccountSecret
from lien.crypto.chain import Attestors, Link
from lien.crypto.document_content import decode_content, encode_content
from lien.crypto.envelope import Content, decode_header, encode_header
from lien.crypto.signing import SigningKey
from lien.crypto.statement import SignedStatement, decode_statement
from lien.errors import Malformed
from lien.ids import AccountId, DeviceId, require_channel
from lien.protocol.frames import Level
from lien.protocol.positions import Position

_VERSION: Final = 3


def encode_device(device: Device) -> bytes:
    """Everything that must survive."""
    keyring = device.keyring
    value = [
        _VERSION,
        device.http.origin,
        list(device.contacts.attestors.publics),
        [keyring.account, keyring.device, keyring.key.seed],
        {generation: secret.to_bytes() for generation, secret in keyring.secrets.items()},
        keyring.wrappings,
        {
            account: [[link.data, link.signature] for link in links]
            for account, links in device.contacts.links.items()
        },
        [_encode_conversation(one) for one in device.conversations.values()],
        [_encode_received(one) for one in device.documents.values()],
    ]
    return bytes(msgpack.packb(value, use_bin_type=True))


def decode_device(data: bytes, http: Http) -> Device:
    """
    The device that was encoded.

    Raises: Malformed, BadLink.
    """
    with reading_answer():
        value = msgpack.unpackb(data, raw=False, strict_map_key=False)
        version, origin, attestors, own, secrets, wrappings, chains, *kept = value
        conversations, documents = kept
        if version != _VERSION or origin != http.origin:
            raise Malformed("a state of another version or origin")
        account, device_id, seed = own
        keyring = Keyring(
            AccountId(account),
            DeviceId(device_id),
            SigningKey.from_seed(seed),
            {number: AccountSecret.from_bytes(secret) for number, secret in secrets.items()},
            dict(wrappings),
        )
        contacts = Contacts(http, Attestors(tuple(attestors)))
        for owner, links in chains.items():
            contacts.add(AccountId(owner), [Link(*link) for link in links])
        device = Device(http, keyring, contacts)
        for one in conversations:
            conversation = _decode_conversation(one)
            device.conversations[conversation.channel] = conversation
        for received in map(_decode_received, documents):
            device.documents[received.delivery] = received
        return device


def _encode_conversation(one: Conversation) -> list[Any]:
    return [
        one.channel,
        list(one.cursor),
        [[signed.data, signed.signature] for signed, _ in one.statements],
        one.keys,
        one.is_stale,
        one.is_gone,
        one.refused,
        one.sent_count,
        one.log_epoch,
        one.counters,
        [_encode_message(message) for message in one.messages.values()],
        [_encode_pending(pending) for pending in one.outbox.values()],
        {
            account: {int(level): offset for level, offset in levels.items()}
            for account, levels in one.receipts.items()
        },
    ]


def _decode_conversation(value: Any) -> Conversation:
    (
        channel,
        cursor,
        statements,
        keys,
        is_stale,
        is_gone,
        refused,
        sent_count,
        log_epoch,
        counters,
        messages,
        outbox,
        receipts,
    ) = value
    conversation = Conversation(
        require_channel(channel),
        Position(*cursor),
        [(SignedStatement(*one), decode_statement(one[0])) for one in statements],
        dict(keys),
        is_stale,
        is_gone,
        refused,
        sent_count,
        log_epoch,
        dict(counters),
        receipts=_decode_receipts(receipts),
    )
    for message in map(_decode_message, messages):
        conversation.messages[message.key] = message
    for pending in map(_decode_pending, outbox):
        conversation.outbox[pending.key] = pending
    return conversation


def _encode_message(one: Message) -> list[Any]:
    position = None if one.position is None else list(one.position)
    content = None if one.content is None else _encode_content(one.content)
    return [
        *(encode_header(one.header), one.at_ms, position, content),
        *(one.problem, one.sealed, one.is_late),
    ]


def _decode_message(value: Any) -> Message:
    header, at_ms, position, content, problem, sealed, is_late = value
    return Message(
        decode_header(header),
        at_ms,
        None if position is None else Position(*position),
        None if content is None else Content(*content),
        problem,
        sealed,
        is_late,
    )


def _encode_pending(one: Pending) -> list[Any]:
    return [one.data, _encode_content(one.content), one.sealed, one.is_accepted]


def _decode_pending(value: Any) -> Pending:
    data, content, sealed, is_accepted = value
    return Pending(decode_header(data), Content(*content), data, sealed, is_accepted)


def _encode_content(content: Content) -> list[Any]:
    return [content.type, dict(content.body), content.counter, content.statement_hash]


def _encode_received(one: Received) -> list[Any]:
    content = None if one.content is None else encode_content(one.content)
    return [
        *(encode_header(one.header), one.at_ms, one.offset, one.sealed),
        *(content, one.gateway_name, one.problem),
    ]


def _decode_received(value: Any) -> Received:
    header, at_ms, offset, sealed, content, gateway_name, problem = value
    return Received(
        decode_header(header),
        at_ms,
        offset,
        sealed,
        None if content is None else decode_content(content),
        gateway_name,
        problem,
    )


def _decode_receipts(value: Mapping[str, Any]) -> dict[AccountId, dict[Level, int]]:
    return {
        AccountId(account): {Level(level): offset for level, offset in levels.items()}
        for account, levels in value.items()
    }
