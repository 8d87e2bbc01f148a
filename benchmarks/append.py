"""What one append costs, whatever is in the store already."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from statistics import median
from typing import Final

from benchmarks.figures import Figures, Own, Size, micros, say
from benchmarks.load import marker
from benchmarks.people import Room, Territory
from benchmarks.product import Lien
from lien.storage import keys
from lien.storage.shards import shard_of
from lien.storage.valkey import Store, open_store

_TOGETHER: Final = 50  # under way at once, as in `rooms`
_SEEDED_TOGETHER: Final = 1_000
_SHARDS: Final = 8
_MANY: Final = 500  # rooms of the case with short logs

Sending = Callable[[], Awaitable[None]]


def run(size: Size, workers: int) -> Iterator[tuple[str, Figures]]:
    """
    With 1, 1,000 and `connections` conversations, and logs of 10 and 100,000 entries.

    The floor is two bare `XADD`s of the same bytes in the same store: no membership, duplicate
    check, epoch or feed number.
    """
    with Lien(workers) as server:
        found = asyncio.run(_measure(server, size))
        floor = found[0][2]["store_cpu_us_per_delivery"]
        for subject, case, figures in found:
            ratio = round(figures["store_cpu_us_per_delivery"] / floor, 2)
            extra = {"ratio_to_floor": ratio, "versions": server.versions()}
            yield subject, {"case": case, **figures, **extra}


async def _measure(server: Lien, size: Size) -> list[tuple[str, str, Figures]]:
    async with server.territory as territory:
        store = await open_store(server.deployment.store_url, _SHARDS)
        try:
            return await _cases(server, territory, store, size)
        finally:
            await store.close()


async def _cases(
    server: Lien, territory: Territory, store: Store, size: Size
) -> list[tuple[str, str, Figures]]:
    people = await territory.add_people(2)
    (first,) = await territory.add_rooms([people])
    scene = _Scene(server, territory, size)
    found = [("floor", "two XADD", await scene.time(_bare(store, first, size.messages)))]
    thousand = await territory.copy_room(first, min(1_000, size.connections))
    say(f"{size.connections} conversations")
    everything = thousand + await territory.copy_room(first, size.connections - len(thousand))
    cases = {
        "1 conversation": [first],
        f"{len(thousand):,} conversations": thousand,
        f"{len(everything):,} conversations": everything,
    }
    for case, rooms in cases.items():
        found.append(("lien", case, await scene.time(scene.sending(rooms))))
    short = await territory.copy_room(first, _MANY)
    (long,) = await territory.copy_room(first, 1)
    for case, rooms, entries in (("10", short, 10), (f"{size.connections:,}", [long], 0)):
        await _lengthen(store, rooms, entries or size.connections)
        figures = await scene.time(scene.sending(rooms))
        found.append(("lien", f"logs of {case} entries", figures))
    return found


class _Scene:
    def __init__(self, server: Lien, territory: Territory, size: Size) -> None:
        self._server, self._territory, self._size = server, territory, size
        self._turn = 0

    async def time(self, making: Callable[[int], Sequence[Sending]]) -> Figures:
        """Medians of the runs; the commands are made before the clock starts."""
        stores, ours = [], []
        for _ in range(self._size.runs):
            self._turn += 1
            sends = making(self._turn)
            await asyncio.sleep(0.3)
            before, own = self._server.usage(), time.process_time()
            await _all(sends)
            used = self._server.usage() - before
            stores.append(micros(used.store, len(sends)))
            ours.append(micros(time.process_time() - own, len(sends)))
        say(f"{median(stores)} µs of the store")
        return {
            "appends": self._size.messages,
            "store_cpu_us_per_delivery": median(stores),
            "cpu_us_per_delivery": median(ours),
            "runs": stores,
        }

    def sending(self, rooms: Sequence[Room]) -> Callable[[int], Sequence[Sending]]:
        """Through the product's own service, a message to one room after the other."""
        conversations = self._territory.conversations
        sender = rooms[0].members[0]
        step = max(len(rooms) // self._size.messages, 1)

        def make(turn: int) -> Sequence[Sending]:
            sends: list[Sending] = []
            for message in range(self._size.messages):
                room = rooms[message * step % len(rooms)]
                envelope = marker(message, turn) + "A"
                header, sealed = room.an_envelope(sender, message + 1, envelope)

                async def send(header: bytes = header, sealed: bytes = sealed) -> None:
                    await conversations.send(sender.account, sender.device, header, sealed)

                sends.append(send)
            return sends

        return make


async def _all(sends: Sequence[Sending]) -> None:
    """At most 50 under way."""
    left = iter(sends)

    async def some() -> None:
        for send in left:
            await send()

    await asyncio.gather(*(some() for _ in range(_TOGETHER)))


def _bare(store: Store, room: Room, messages: int) -> Callable[[int], Sequence[Sending]]:
    header, sealed = room.an_envelope(room.members[0], 1)

    async def send() -> None:
        entry = ("*", "h", header, "s", sealed)
        await asyncio.gather(
            store.pipe.call("XADD", "benchmark:log", *entry),
            store.pipe.call("XADD", "benchmark:feed", "MAXLEN", "~", 8192, *entry),
        )

    return lambda _: [send] * messages


async def _lengthen(store: Store, rooms: Sequence[Room], entries: int) -> None:
    """Logs of that many entries, written past the product: only their length matters."""
    header, sealed = rooms[0].an_envelope(rooms[0].members[0], 1)
    places = [
        (room.channel, shard_of(room.channel, _SHARDS), offset)
        for room in rooms
        for offset in range(1, entries + 1)
    ]
    for start in range(0, len(places), _SEEDED_TOGETHER):
        await asyncio.gather(
            *(
                store.pipe.call(
                    *("XADD", keys.log(shard, channel), f"{offset}-0"),
                    *("t", 1, "h", header, "s", sealed, "c", "0" * 16),
                )
                for channel, shard, offset in places[start : start + _SEEDED_TOGETHER]
            )
        )
    for room in rooms:
        state = keys.state(shard_of(room.channel, _SHARDS), room.channel)
        await store.pipe.call("HSET", state, "offset", entries)


OWN: Final = Own(
    "one append with 1 to 100,000 conversations, and logs of 10 and 100,000 entries: store CPU",
    run,
    Size(100_000, 5_000),
)
