"""
Someone with an account who is not in a conversation.

What the outsider may learn is what anyone learns about a conversation that does not exist, so
each probe is made twice: at the real conversation and at an id that nobody uses.
"""

from collections.abc import Callable
from dataclasses import replace

import pytest

from lien.client import Client, ServerFailure
from lien.client.http import SESSION_COOKIE
from lien.client.socket import Socket
from lien.crypto.envelope import Header, Kind, encode_header
from lien.ids import ChannelId, EnvelopeId, RppsNumber, direct_channel, new_channel, new_id
from lien.protocol.frames import Ack, Command, Level, Resume, Send, Typing
from lien.protocol.positions import Cursor
from tests.running import RunningServer

DOCTOR, NURSE, OUTSIDER = (RppsNumber(f"990000000{end}") for end in ("02", "10", "28"))


async def test_outsider_cannot_read_write_or_learn(server: RunningServer) -> None:
    async with (
        await Client.enrol(server.origin, DOCTOR) as doctor,
        await Client.enrol(server.origin, NURSE) as nurse,
        await Client.enrol(server.origin, OUTSIDER) as outsider,
    ):
        for client in (doctor, nurse, outsider):
            await client.connect()
        direct = await doctor.open_direct(nurse.account)
        group = await doctor.create_group("Équipe", [nurse.account])
        for channel in (direct, group):
            await doctor.send_text(channel, "confidentiel")
        await nurse.until(lambda: _texts(nurse, direct, group) == [["confidentiel"]] * 2)

        # An outsider can compute a direct conversation's id: it must be worth nothing.
        assert direct == direct_channel(doctor.account, nurse.account)
        nobody = direct_channel(doctor.account, outsider.account)
        for real, unused in ((direct, nobody), (group, new_channel())):
            for probe in (_epochs, _send, _resume, _acknowledge, _type):
                assert await probe(outsider, real) == await probe(outsider, unused)
        assert outsider.channels == []
        # Nothing the outsider did shows up on the other side, between what came before and after.
        for channel in (direct, group):
            await doctor.send_text(channel, "encore")
        await nurse.until(lambda: _texts(nurse, direct, group) == [["confidentiel", "encore"]] * 2)


def _texts(client: Client, *channels: ChannelId) -> list[list[str | None]]:
    return [client.texts(channel) if channel in client.channels else [] for channel in channels]


async def _epochs(outsider: Client, channel: ChannelId) -> object:
    with pytest.raises(ServerFailure) as failure:
        await outsider.device.http.get(f"/api/conversations/{channel}/epochs", {"after": "0"})
    return failure.value.code


async def _send(outsider: Client, channel: ChannelId) -> object:
    header = Header(
        channel,
        1,
        outsider.account,
        outsider.device.keyring.device,
        EnvelopeId(new_id()),
        Kind.MESSAGE,
    )
    return await _ask(outsider, lambda ref: Send(ref, encode_header(header), bytes(400)))


async def _resume(outsider: Client, channel: ChannelId) -> object:
    return await _ask(outsider, lambda ref: Resume(ref, (Cursor(channel, 0, 0),)))


async def _acknowledge(outsider: Client, channel: ChannelId) -> object:
    return await _ask(outsider, lambda ref: Ack(ref, channel, 1, 1, Level.READ))


async def _type(outsider: Client, channel: ChannelId) -> object:
    return await _ask(outsider, lambda ref: Typing(ref, channel))


async def _ask(outsider: Client, make: Callable[[int], Command]) -> object:
    """What the server says, refused or not, on a socket of the test's own."""
    device = outsider.device
    assert outsider.session is not None
    cookie = f"{SESSION_COOKIE}={device.http.cookies[SESSION_COOKIE]}"
    socket = await Socket.open(
        device.http.origin, cookie, outsider.session.session, device.keyring.key
    )
    try:
        answer = await socket.ask(make)
    except ServerFailure as failure:
        return failure.code
    finally:
        await socket.close()
    return replace(answer, ref=1)
