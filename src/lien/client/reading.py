"""Open one message and judge it: everything that can be wrong gets a word, nothing is raised."""

from lien.client.contacts import Contacts
from lien.client.conversation import Conversation, Message
from lien.crypto.chain import BadLink
from lien.crypto.envelope import encode_header, open_envelope
from lien.errors import Malformed
from lien.ids import DeviceId

NO_KEY = "no_key"


async def read_message(
    contacts: Contacts, own: DeviceId, conversation: Conversation, message: Message
) -> None:
    """
    Fill in the content of a message from its `sealed`, or its problem.

    Only what is needed again keeps `sealed`: own messages, which may have to be offered once
    more, and those whose key may still come.

    Raises: ServerFailure, BadAnswer when the author's chain cannot be asked for.
    """
    await _open(contacts, conversation, message)
    if message.header.device != own and message.problem != NO_KEY:
        message.sealed = b""


async def reopen(contacts: Contacts, own: DeviceId, conversation: Conversation) -> None:
    """Try again what had no key when it came. Raises: as `read_message`."""
    for message in conversation.messages.values():
        if message.problem == NO_KEY and message.header.epoch in conversation.keys:
            message.problem = ""
            await read_message(contacts, own, conversation, message)


async def _open(contacts: Contacts, conversation: Conversation, message: Message) -> None:
    header = message.header
    statement = conversation.find_statement(header.epoch)
    key = conversation.keys.get(header.epoch)
    if header.device is None or (statement and header.account not in statement.accounts):
        message.problem = "not_a_member"
        return
    if statement is None or key is None:
        message.problem = NO_KEY
        return
    try:
        public = await contacts.get_device_public(header.account, header.device)
        # Decoding is strict: a header has one form, and this is the one that was signed.
        data = encode_header(header)
        content = open_envelope(data, message.sealed, key=key, expected_device_public=public)
    except (Malformed, BadLink) as error:
        message.problem = error.code
        return
    message.content = content
    if message.is_late:
        # The server refuses those; one that lets them through may be helping a removed device.
        message.problem = "stale_epoch"
    elif content.statement_hash != statement.hash:
        message.problem = "split_view"
    before = conversation.counters.get(header.device, 0)
    conversation.counters[header.device] = max(before, content.counter)
