"""Notices of the inbox: hints, followed by asking for the signed structures behind them."""

from typing import Final

from lien.client.device import Device
from lien.crypto.structure import Fields
from lien.errors import Malformed
from lien.ids import ChannelId
from lien.protocol.frames import Entry

_MAX_NOTICE_BYTES: Final = 256


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
    await device.update(conversation)
    return [] if conversation.is_gone else [channel]
