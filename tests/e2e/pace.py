"""How fast, how late and how surely a bad network carries bytes: one direction of it."""

import asyncio
from random import Random
from typing import Final

SEGMENT_BYTES: Final = 1_400
# 2G at the edge of a cirque: 35 kbit/s, 650 ms there and back, three segments of ten lost.
_BYTES_PER_SECOND: Final = 35_000 / 8
_DELAY_SECONDS: Final = 0.325
_LOSS: Final = 0.3
# What is lost is sent again after this, then after twice that, as TCP does; what follows waits.
_AGAIN_SECONDS: Final = 1.0
_LONGEST_SECONDS: Final = 4.0


class Pace:
    """The same losses every time."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._is_free_at = 0.0

    def due(self, size: int) -> float:
        """When bytes that are offered now arrive, on the clock of the loop."""
        now = asyncio.get_running_loop().time()
        self._is_free_at = max(self._is_free_at, now) + size / _BYTES_PER_SECOND
        late, again = 0.0, _AGAIN_SECONDS
        while self._random.random() < _LOSS:
            late += again
            again = min(2 * again, _LONGEST_SECONDS)
        return self._is_free_at + _DELAY_SECONDS + late
