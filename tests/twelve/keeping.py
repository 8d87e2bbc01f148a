"""What is kept and for how long, as steps: an admin chooses, and days pass."""

import asyncio
from collections.abc import Iterable
from typing import Final

from tests.twelve.choices import Choices
from tests.twelve.phone import Key, Phone
from tests.twelve.record import DAY_MS, Group, Retention

# Less than keys may be old, more than that, more than everything is kept.
DAYS: Final = (3, 8, 22)
# Of conversations, where the deployment keeps 10: gone after one, two or three of those.
_CHOICES: Final = (2, 5, 10)


class Keeping(Choices):
    async def keep_for(self, _: int) -> str:
        """An admin chooses how long messages of a group stay."""
        if (found := self.an_admin()) is None:
            return ""
        phone, group = found
        days = self.random.choice(_CHOICES)
        with self.hold(phone, group):
            await self.is_known(phone, group)
            epoch = max((await self.world.logs.read(group.channel)).statements)
            await phone.set_retention(group.channel, days)
            await self._until_chosen(phone, group, days)
            now_ms = self.world.clock.now_ms()
            group.retention = Retention(days, now_ms, epoch)
            group.forget(now_ms)
            return f"{group.channel} for {days} days by {phone.name}"

    async def let_days_pass(self, number: int) -> str:
        """Phones lie in a drawer, then are switched on again; their sessions are over."""
        phones, groups = self.world.phones, self.world.record.groups.values()
        for group in groups:
            await self.world.logs.read(group.channel)  # what the server sweeps now stays known
        kept = [await self._kept_by(phone, groups) for phone in phones]
        await asyncio.gather(*(phone.drop() for phone in phones if not phone.is_away))
        await self._let_go()
        days = self.random.choice(DAYS)
        self.world.clock.advance(days)
        self.days_passed_at = number
        self.world.record.doubt_changes()
        for group in groups:
            group.forget(self.world.clock.now_ms())
        await asyncio.gather(*(phone.crash(None, "") for phone in phones))
        now_ms = self.world.clock.now_ms()
        for phone, ends in zip(phones, kept, strict=True):
            # What the server sweeps later may come again to a phone that never had it.
            over = {key for key, end_ms in ends.items() if end_ms < now_ms}
            await self._until_forgotten(phone, groups, over)
        return f"{days} days"

    async def _let_go(self) -> None:
        """A revoked phone without network is told when its person signs in: nobody will."""
        for phone in [one for one in self.world.gone if one.is_away]:
            self.world.gone.remove(phone)
            await phone.close()

    async def _until_chosen(self, phone: Phone, group: Group, days: int) -> None:
        """The log has shown it to who chose: what is chosen next comes after it."""
        for _ in range(900):
            if await phone.kept_days(group.channel) == days:
                return
            await asyncio.sleep(0.1)
        raise AssertionError(f"{phone.name} never keeps {group.channel} for {days} days")

    async def _until_forgotten(self, phone: Phone, groups: Iterable[Group], over: set[Key]) -> None:
        kept = over
        for _ in range(300):
            kept = over & (await self._kept_by(phone, groups)).keys()
            if not kept:
                return
            await asyncio.sleep(0.1)
        raise AssertionError(f"{phone.name} keeps {kept}, which is over")

    async def _kept_by(self, phone: Phone, groups: Iterable[Group]) -> dict[Key, int]:
        """When each message that a phone shows is over, as it believes."""
        ends: dict[Key, int] = {}
        for channel in (group.channel for group in groups):
            if held := await phone.read(channel):
                kept_ms = await phone.kept_days(channel) * DAY_MS
                ends |= {one.key: one.at_ms + kept_ms for one in held if one.offset}
        return ends
