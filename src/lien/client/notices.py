"""Notices of the inbox: hints, followed by asking for the signed structures behind them."""

from lien.client.device import Device
from lien.client.errors import ServerFailure
from lien.crypto.structure import Fields
from lien.errors import Malformed
from lien.ids import ChannelId
from lien.protocol.frames import Entry

_MAX_NOTICE_BYTES = 256
_GONE = frozenset({"not_a_member", "not_found"})


async def read_notice(device: Device, entry: Entry) -> list[ChannelId]:
    """
    Act on a notice; the channels to resume.

    Raises: ServerFailure, BadAnswer when the structures cannot be asked for.
    """
    try:
        fields = Fields.decode(entry.sealed, 3, _MAX_NOTICE_BYTES)
        kind, value = fields.text(32), fields.value()
        if kind == "chain":
            await device.refresh_own()
            return []
        channel = Fields([value]).channel() if kind in ("conversation", "removed") else None
    except Malformed:
        return []  # of a newer server, or nonsense: it was only a hint
    if channel is None:
        return []
    conversation = device.get(channel)
    try:
        await device.update(conversation)
    except ServerFailure as failure:
        if failure.answer not in _GONE:
            raise
        conversation.is_gone = True
        return []
    conversation.is_gone = False
    return [channel]
