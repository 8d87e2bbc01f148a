"""A server killed in the middle: nothing acknowledged is lost, nothing is read twice."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from lien.client import Client, ConnectionLost
from lien.ids import RppsNumber
from tests.running import RunningServer, deployed

MESSAGES = 60


@pytest.fixture
def mortal() -> Iterator[RunningServer]:
    """A server of this test's own."""
    with deployed() as server:
        yield server


async def test_a_killed_server_loses_and_repeats_nothing(
    mortal: RunningServer, people: Iterator[RppsNumber]
) -> None:
    anne = await Client.enrol(mortal.origin, next(people))
    bruno = await Client.enrol(mortal.origin, next(people))
    async with anne, bruno:
        keeping = [asyncio.create_task(one.keep_connected()) for one in (anne, bruno)]
        await _until(lambda: anne.is_connected and bruno.is_connected)
        channel = await anne.open_direct(bruno.account)
        for number in range(MESSAGES):
            if number == MESSAGES // 2:
                mortal.kill()
            # Whatever the outcome, the text is in the outbox.
            with suppress(ConnectionLost):
                await anne.send_text(channel, f"message {number}")
        await asyncio.to_thread(mortal.start)
        await _until(lambda: len(anne.texts(channel)) == len(bruno.texts(channel)) == MESSAGES)
        for task in keeping:
            task.cancel()

        assert anne.texts(channel) == bruno.texts(channel)
        assert set(bruno.texts(channel)) == {f"message {number}" for number in range(MESSAGES)}
        assert {message.problem for message in bruno.messages(channel)} == {""}
        assert anne.device.get(channel).outbox == {}


async def _until(is_true: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not is_true():
            await asyncio.sleep(0.02)
