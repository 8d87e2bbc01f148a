"""Open one message and judge it: everything that can be wrong gets a word, nothing is raised."""

from lien.client.conversation import Conversation, Message
from lien.client.device import Device
from lien.crypto.chain import BadLink
from lien.crypto.envelope import open_envelope
from lien.errors import Malformed
from lien.protocol.frames import Entry


async def read_message(
    device: Device, conversation: Conversation, message: Message, entry: Entry
) -> None:
    """
    Fill in the content of a message, or its problem.

    Raises: ServerFailure, BadAnswer when the author's chain cannot be asked for.
    """
    header = message.header
    statement = conversation.find_statement(header.epoch)
    key = conversation.keys.get(header.epoch)
    if statement is None or key is None or header.device is None:
        message.problem = "no_key"
        return
    if header.account not in statement.accounts:
        message.problem = "not_a_member"
        return
    try:
        public = await device.contacts.get_device_public(header.account, header.device)
        content = open_envelope(entry.header, entry.sealed, key=key, expected_device_public=public)
    except (Malformed, BadLink) as error:
        message.problem = error.code
        return
    message.content = content
    if header.device == device.keyring.device:
        message.sealed = entry.sealed
    if header.epoch < conversation.log_epoch:
        # The server refuses those; one that lets them through may be helping a removed device.
        message.problem = "stale_epoch"
    elif content.statement_hash != statement.hash:
        message.problem = "split_view"
    before = conversation.counters.get(header.device, 0)
    conversation.counters[header.device] = max(before, content.counter)
