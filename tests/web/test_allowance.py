"""How much one connection may ask besides sending."""

import pytest

from lien.ids import inbox_channel
from lien.protocol import frames
from lien.protocol.codec import encode
from lien.protocol.limits import COMMAND_INTERVAL_MS, COMMANDS_AT_ONCE
from lien.protocol.positions import Cursor
from lien.storage.valkey import Store
from lien.web.allowance import Allowance, TooManyCommands
from tests.fakes import FakeClock
from tests.web.sockets import ask, read, serving


def taken_from(allowance: Allowance, now_ms: int, wanted: int) -> int:
    for count in range(wanted):
        try:
            allowance.take(now_ms)
        except TooManyCommands:
            return count
    return wanted


def test_much_at_once_then_one_in_its_time() -> None:
    allowance = Allowance()

    assert taken_from(allowance, 5_000, 2_000) == COMMANDS_AT_ONCE
    with pytest.raises(TooManyCommands) as refused:
        allowance.take(5_000)
    assert refused.value.retry_after_ms == COMMAND_INTERVAL_MS
    assert taken_from(allowance, 6_000, 2_000) == 1_000 // COMMAND_INTERVAL_MS
    assert taken_from(allowance, 10_000_000, 2_000) == COMMANDS_AT_ONCE


async def test_commands_without_end_are_refused_and_the_connection_stays(
    store: Store, clock: FakeClock
) -> None:
    """Each would be work for the store, or for this worker."""
    async with serving(store, clock) as server:
        peer = await server.open()
        pings = [frames.Ping(ref) for ref in range(1, COMMANDS_AT_ONCE + 2)]
        for ping in pings:
            await peer.send(encode(ping))

        answers = [await read(peer) for _ in pings]

        assert answers[:-1] == [frames.Ok(ping.ref) for ping in pings[:-1]]
        assert answers[-1] == frames.Failed(pings[-1].ref, "too_many", COMMAND_INTERVAL_MS)
        resume = frames.Resume(1, (Cursor(inbox_channel(server.anne.account), 0, 0),))
        assert await ask(peer, resume) == [frames.Failed(1, "too_many", COMMAND_INTERVAL_MS)]
        clock.advance(seconds=1)
        [resumed] = await ask(peer, resume)
        assert isinstance(resumed, frames.Resumed)
        await peer.close()
