"""A whole run: begin, take steps, stop now and then to compare everything, and at the end."""

import asyncio
import time
import traceback
from collections import Counter, defaultdict, deque
from collections.abc import Callable

from tests.twelve.judge import Judge, View
from tests.twelve.plan import choose
from tests.twelve.steps import DAY_MS, RETENTION_DAYS, Steps
from tests.twelve.world import World

CHECKS = 10
LANES = 10
ALONE = "let days pass"
# Time goes on while phones are compared one after the other.
_MARGIN_MS = 3_600_000
_PATIENCE_SECONDS = 60.0
_TRAIL = 120
_SLOW_SECONDS = 10.0
_STEP_SECONDS = 300.0


class Failed(Exception):
    """Says the step, the trail that led there, and what is wrong."""


class Run:
    """`counts` of the steps taken, by kind, and the time `spent` on them in seconds."""

    def __init__(self, world: World, tell: Callable[[str], None]) -> None:
        self._world = world
        self._steps = Steps(world)
        self._tell = tell
        self.counts: Counter[str] = Counter()
        self.spent: dict[str, float] = defaultdict(float)
        self._trail: deque[str] = deque(maxlen=_TRAIL)
        self._begun = 0
        self._is_everyone_needed = False

    async def take(self, steps: int) -> None:
        """Raises: Failed."""
        try:
            while self._begun < steps:
                await self._take_until(min(steps, self._begun + max(100, steps // CHECKS)))
                await self.compare()
        except* Exception as group:
            error = group.exceptions[0]
            trail = "\n".join([*self._trail, *traceback.format_tb(error.__traceback__)[-6:]])
            raise Failed(f"step {self._begun}: {error!r}\n{trail}") from error

    async def _take_until(self, end: int) -> None:
        """Several steps at once; those that need everyone, alone."""
        while self._begun < end:
            async with asyncio.TaskGroup() as lanes:
                for _ in range(LANES):
                    lanes.create_task(self._lane(end))
            if self._is_everyone_needed:
                self._is_everyone_needed = False
                await self._one(ALONE)

    async def _lane(self, end: int) -> None:
        while self._begun < end and not self._is_everyone_needed:
            kind = choose(self._world.random)
            if kind == ALONE:
                self._is_everyone_needed = True
            else:
                await self._one(kind)

    async def _one(self, kind: str) -> None:
        number, began = self._begun + 1, time.monotonic()
        self._begun = number
        self._trail.append(f"{number} {kind} …")
        async with asyncio.timeout(_STEP_SECONDS):
            did = await self._steps.kinds[kind](number)
        if not did:
            # Nothing of the kind could be done: it does not count.
            self._begun -= 1
            await asyncio.sleep(0.01)
            return
        spent = time.monotonic() - began
        self.spent[kind] += spent
        self.counts[kind] += 1
        line = f"{number} {kind}: {did} ({spent:.2f} s)"
        self._trail.append(line)
        if spent > _SLOW_SECONDS:
            self._tell(line)

    async def compare(self) -> None:
        """Everyone comes online; soon all phones show the same. Raises: AssertionError."""
        world = self._world
        await asyncio.gather(*(phone.be_online() for phone in world.phones))
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while faults := await self._faults():
            if time.monotonic() > deadline:
                raise AssertionError("\n".join(faults[:20]))
            await asyncio.sleep(1)
        said = len(world.record.confirmed)
        self._tell(f"{self._begun} steps, {len(world.phones)} phones, {said} texts: all is well")

    async def _faults(self) -> list[str]:
        world, faults = self._world, list[str]()
        kept_from_ms = world.clock.now_ms() - RETENTION_DAYS * DAY_MS + _MARGIN_MS
        for channel in world.record.groups:
            shown = await asyncio.gather(*(phone.read(channel) for phone in world.phones))
            views = [
                View(phone.name, phone.person.account, held)
                for phone, held in zip(world.phones, shown, strict=True)
            ]
            judge = Judge(world.record, channel, await world.logs.read(channel), kept_from_ms)
            judge.compare(views)
            if not judge.faults:
                judge.confirm()
            faults += judge.faults
        return faults + [
            f"{phone.name} was revoked and is not wiped"
            for phone in world.gone
            if not phone.is_away and not await phone.is_wiped()
        ]
