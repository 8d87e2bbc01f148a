"""Everyone reconnects at once: CPU of handshake, proof and resume."""

import asyncio
from collections.abc import Mapping, Sequence
from statistics import median

from benchmarks.deployment import Deployment
from benchmarks.figures import Figures, Size, micros, say
from benchmarks.load import FAILED, RESUMED, Device, connect_all
from benchmarks.people import Person, Room, Territory
from lien.ids import AccountId, inbox_channel
from lien.protocol.frames import Resume
from lien.protocol.positions import Cursor


async def run(deployment: Deployment, size: Size) -> Figures:
    """All devices vanish and come back at once: handshake, proof, resume of two channels."""
    async with Territory(deployment) as territory:
        people = await territory.add_people(size.connections // 2 * 2)
        made = await territory.add_rooms(list(zip(people[::2], people[1::2], strict=True)))
        room_of = {person.account: room for room in made for person in room.members}
        devices = [Device(one, deployment.origin, territory.cookie(one)) for one in people]
        await connect_all(devices)
        deployment.settle()
        runs = []
        for number in range(3):
            say(f"storm {number + 1} of 3")
            again = [Device(one, deployment.origin, territory.cookie(one)) for one in people]
            before = deployment.usage()
            for device in devices:
                device.abort()
            await connect_all(again)
            await _resume_all(people, again, room_of)
            await asyncio.sleep(0.3)
            deployment.settle()
            runs.append(deployment.usage() - before)
            devices = again
    servers = [micros(run.server, len(devices)) for run in runs]
    return {
        "connections": len(devices),
        "server_us_per_reconnect": median(servers),
        "server_us_per_reconnect_runs": servers,
        "valkey_us_per_reconnect": median(micros(run.valkey, len(devices)) for run in runs),
        "reconnects_per_server_cpu_second": int(1e6 / max(median(servers), 1.0)),
    }


async def _resume_all(
    people: Sequence[Person], devices: Sequence[Device], room_of: Mapping[AccountId, Room]
) -> None:
    """Each device holds the first entry of its conversation and one of its inbox."""
    left = len(devices)
    done = asyncio.Event()

    def hear(kind: int, data: bytes) -> None:
        nonlocal left
        if kind in (RESUMED, FAILED):
            assert kind == RESUMED
            left -= 1
            if left == 0:
                done.set()

    for person, device in zip(people, devices, strict=True):
        device.hear = hear
        channel = room_of[person.account].channel
        cursors = (Cursor(channel, 1, 1), Cursor(inbox_channel(person.account), 1, 1))
        device.ask(Resume(2, cursors))
    async with asyncio.timeout(60):
        await done.wait()
