"""One publisher, many subscribers: CPU per delivery."""

import asyncio
import time
from collections.abc import Sequence
from statistics import median

from benchmarks.deployment import Deployment
from benchmarks.figures import Figures, Size, costs, say
from benchmarks.load import ENTRY, FAILED, Device, connect_all, masked_frame
from benchmarks.people import Room, Territory
from lien.protocol.codec import encode
from lien.protocol.frames import Send


class _Count:
    """Entries at all devices; wakes whoever waits for a round number of them."""

    def __init__(self, step: int) -> None:
        self._step = step
        self._reached = asyncio.Event()
        self.entries = 0
        self.payload_bytes = 0

    def hear(self, kind: int, data: bytes) -> None:
        if kind == ENTRY:
            self.entries += 1
            self.payload_bytes += len(data)
            if self.entries % self._step == 0:
                self._reached.set()
        elif kind == FAILED:
            raise RuntimeError("a send was refused")

    async def until(self, posts: int) -> None:
        """Wait until that many posts have reached everybody."""
        while self.entries < posts * self._step:
            self._reached.clear()
            async with asyncio.timeout(30):
                await self._reached.wait()


async def run(deployment: Deployment, size: Size) -> Figures:
    """One publisher; subscribers in conversations of at most 500 members, all connected."""
    async with Territory(deployment) as territory:
        count = max(1, -(-size.connections // 500))
        each = size.connections // count  # members beside the publisher make 500 with it
        say(f"{count} conversations of {each} members")
        people = await territory.add_people(1 + count * (each - 1))
        publisher, others = people[0], people[1:]
        groups = [
            [publisher, *others[number * (each - 1) : (number + 1) * (each - 1)]]
            for number in range(count)
        ]
        rooms = await territory.add_rooms(groups)
        devices = [Device(one, deployment.origin, territory.cookie(one)) for one in people]
        await connect_all(devices)
        deployment.settle()
        one = await _publish(deployment, rooms, devices, size.messages, in_flight=1)
        many = await _publish(deployment, rooms, devices, size.messages, in_flight=16)
    return {
        "connections": len(devices),
        "conversations": count,
        "members_each": each,
        "messages": size.messages,
        "one_in_flight": one,
        "sixteen_in_flight": many,
    }


async def _publish(
    deployment: Deployment,
    rooms: Sequence[Room],
    devices: Sequence[Device],
    messages: int,
    in_flight: int,
) -> Figures:
    """
    Send each message to every room; the next when all members have an earlier one.

    The publisher is a member of each room and gets its own entries too: they count.
    """
    publisher = devices[0]
    sender = rooms[0].members[0]
    posts = [
        b"".join(
            masked_frame(encode(Send(1 + place, *room.an_envelope(sender, number))))
            for place, room in enumerate(rooms)
        )
        for number in range(messages)
    ]
    count = _Count(sum(len(room.members) for room in rooms))
    for device in devices:
        device.hear = count.hear
    latencies: list[float] = []
    started: dict[int, float] = {}
    before = deployment.usage()
    for number, post in enumerate(posts):
        await count.until(number - in_flight + 1)
        if number >= in_flight:
            latencies.append(time.perf_counter() - started.pop(number - in_flight))
        started[number] = time.perf_counter()
        publisher.write(post)
    await count.until(messages)
    used = deployment.usage() - before
    return {
        **costs(used, count.entries),
        "bytes_per_frame": round(count.payload_bytes / count.entries),
        "median_ms_to_all": round(median(latencies) * 1000, 2) if latencies else None,
    }
