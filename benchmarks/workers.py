"""What each further worker costs: all of them read every shard's feed."""

from collections.abc import Iterator
from typing import Final

from benchmarks import rooms
from benchmarks.figures import Figures, Own, Size
from benchmarks.floor import Floor
from benchmarks.product import Lien


def run(size: Size, workers: int) -> Iterator[tuple[str, Figures]]:
    """
    `rooms` with 1, 2 and 4 workers on one core, or as many as asked for.

    On one core this is the price of the division of labour, not the gain of it: CPU of all
    workers together for each message.
    """
    with Floor() as floor_server:
        (floor,) = rooms.run(floor_server, size)
    yield "floor", {**floor, "case": "1 worker", "ratio_to_floor": 1.0}
    for count in (1, 2, 4) if workers == 1 else (1, workers):
        with Lien(count) as server:
            (figures,) = rooms.run(server, size)
            ratio = round(figures["cpu_us_per_delivery"] / floor["cpu_us_per_delivery"], 2)
            case = f"{count} worker{'s' if count > 1 else ''}"
            extra = {"ratio_to_floor": ratio, "versions": server.versions()}
            yield "lien", {**figures, "case": case, "workers": count, **extra}


OWN: Final = Own(
    "conversations of two with 1, 2 and 4 workers: CPU of all of them per message",
    run,
    Size(1_000, 5_000),
)
