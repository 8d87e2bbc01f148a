"""Conversations of two: CPU per message, the log and the durable acknowledgement included."""

import asyncio
from collections.abc import Sequence

from benchmarks.deployment import Deployment
from benchmarks.figures import Figures, Size, costs, say
from benchmarks.load import ACCEPTED, ENTRY, FAILED, Device, connect_all, masked_frame
from benchmarks.people import Room, Territory
from lien.protocol.codec import encode
from lien.protocol.frames import Send

_IN_FLIGHT = 50


class _Tally:
    """What came back; `done` when every message was accepted, delivered and seen by its sender."""

    def __init__(self, messages: int) -> None:
        self._messages = messages
        self.places = asyncio.Semaphore(_IN_FLIGHT)
        self.done = asyncio.Event()
        self.accepted = self.echoed = self.delivered = 0

    def hear_sender(self, kind: int, data: bytes) -> None:
        if kind == ACCEPTED:
            self.accepted += 1
        elif kind == ENTRY:
            self.echoed += 1
        elif kind == FAILED:
            raise RuntimeError("a send was refused")
        self._look()

    def hear_receiver(self, kind: int, data: bytes) -> None:
        if kind == ENTRY:
            self.delivered += 1
            self.places.release()
            self._look()

    def _look(self) -> None:
        if self.accepted == self.echoed == self.delivered == self._messages:
            self.done.set()


async def run(deployment: Deployment, size: Size) -> Figures:
    """One of each room sends, the other receives, the sender hears that it is durable."""
    async with Territory(deployment) as territory:
        say(f"{size.connections // 2} rooms of 2")
        people = await territory.add_people(size.connections // 2 * 2)
        rooms = await territory.add_rooms(list(zip(people[::2], people[1::2], strict=True)))
        devices = [Device(one, deployment.origin, territory.cookie(one)) for one in people]
        await connect_all(devices)
        say(f"sealing {size.messages} messages")
        sends = _messages(rooms, devices, size.messages)
        tally = _Tally(size.messages)
        for sender, receiver in zip(devices[::2], devices[1::2], strict=True):
            sender.hear, receiver.hear = tally.hear_sender, tally.hear_receiver
        deployment.settle()
        before = deployment.usage()
        for device, frame in sends:
            await tally.places.acquire()
            device.write(frame)
        async with asyncio.timeout(60):
            await tally.done.wait()
        used = deployment.usage() - before
    return {
        "connections": len(devices),
        "rooms": len(rooms),
        "messages": size.messages,
        "in_flight": _IN_FLIGHT,
        # Each message is also pushed to its sender, whose outbox waits for it: not counted here.
        **costs(used, tally.delivered),
    }


def _messages(
    rooms: Sequence[Room], devices: Sequence[Device], messages: int
) -> list[tuple[Device, bytes]]:
    sends = []
    for number in range(messages):
        place = number % len(rooms)
        room = rooms[place]
        envelope = room.an_envelope(room.members[0], number // len(rooms) + 1)
        frame = masked_frame(encode(Send(1 + number, *envelope)))
        sends.append((devices[2 * place], frame))
    return sends
