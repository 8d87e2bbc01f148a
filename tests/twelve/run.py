"""A whole run: begin, take steps, stop now and then to compare everything, and at the end."""

import asyncio
import time
import traceback
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from hashlib import sha256

from lien.ids import ChannelId
from tests.twelve.judge import Judge, View
from tests.twelve.phone import Phone
from tests.twelve.plan import ALONE, choose
from tests.twelve.steps import Steps
from tests.twelve.world import World

CHECKS = 10
LANES = 10
DAYS_EVERY = 1_250  # steps
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

    async def take(self, steps: int) -> None:
        """Raises: Failed."""
        check = max(100, steps // CHECKS)
        checks, days = range(check, steps, check), range(DAYS_EVERY, steps, DAYS_EVERY)
        try:
            for stop in sorted({*checks, *days, steps}):
                await self._take_until(stop)
                if stop in days:
                    await self._one(ALONE)
                if stop not in days or stop in checks:
                    await self.compare()
            await self.open_photographs()
        except* Exception as group:
            error = group.exceptions[0]
            frames = traceback.format_tb(error.__traceback__)
            ours = [frame for frame in frames if "site-packages" not in frame]
            trail = "\n".join([*self._trail, *ours[-8:]])
            raise Failed(f"step {self._begun}: {error!r}\n{trail}") from error

    async def _take_until(self, end: int) -> None:
        """Several steps at once."""
        async with asyncio.TaskGroup() as lanes:
            for _ in range(LANES):
                lanes.create_task(self._lane(end))

    async def _lane(self, end: int) -> None:
        while self._begun < end:
            await self._one(choose(self._world.random))

    async def _one(self, kind: str) -> None:
        number, began = self._begun + 1, time.monotonic()
        self._begun = number
        self._trail.append(f"{number} {kind} …")
        async with asyncio.timeout(_STEP_SECONDS):
            try:
                did = await self._steps.kinds[kind](number)
            except Exception:
                self._trail.append(f"{number} {kind}: this one failed")
                raise
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
        faults = await self._faults()
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while faults:
            await asyncio.sleep(1)
            before, faults = faults, await self._faults()
            if faults != before:
                # Phones still read, on a busy machine: as long as something comes of it.
                deadline = time.monotonic() + _PATIENCE_SECONDS
            elif time.monotonic() > deadline:
                raise AssertionError("\n".join(faults[:20] + await self._describe(faults)))
        for phone in world.gone:
            await phone.close()
        world.gone.clear()
        said = len(world.record.confirmed)
        self._tell(f"{self._begun} steps, {len(world.phones)} phones, {said} texts: all is well")

    async def _describe(self, faults: list[str]) -> list[str]:
        """The phones that they name, as they see the conversations that they name."""
        return [
            await phone.describe(channel)
            for channel in self._world.record.groups
            for phone in self._world.phones
            if any(one.startswith(f"{channel}: {phone.name} ") for one in faults)
        ]

    async def _faults(self) -> list[str]:
        world, faults = self._world, list[str]()
        for channel in world.record.groups:
            judge, _ = await self._judge(channel)
            if not judge.faults:
                judge.confirm()
            faults += judge.faults
        await asyncio.gather(*(phone.find_network() for phone in world.gone if phone.is_away))
        return faults + [
            f"{phone.name} was revoked and is not wiped"
            for phone in world.gone
            if not await phone.is_wiped()
        ]

    async def open_photographs(self) -> None:
        """Each phone opens everything that it must show. Raises: AssertionError."""
        opened = 0
        for channel in self._world.record.groups:
            judge, views = await self._judge(channel)
            for phone, view in zip(self._world.phones, views, strict=True):
                for said in judge.photographs(view):
                    assert said.key is not None
                    content = await phone.open_photograph(channel, said.key)
                    assert sha256(content).hexdigest() == said.photograph, (phone.name, said)
                    opened += 1
        self._tell(f"photographs opened {opened} times, with the bytes that were sent")

    async def _judge(self, channel: ChannelId) -> tuple[Judge, list[View]]:
        """What each phone shows of a conversation, compared."""
        world = self._world
        views = await asyncio.gather(*(_view(phone, channel) for phone in world.phones))
        judge = Judge(world.record, channel, await world.logs.read(channel))
        judge.compare(views)
        return judge, views


async def _view(phone: Phone, channel: ChannelId) -> View:
    days = await phone.kept_days(channel) if channel in await phone.channels() else 0
    return View(phone.name, phone.person.account, await phone.read(channel), days)
