"""
The steps: what each kind does to the world, and what is noted about it.

Several are under way at once. A step chooses its phones before it waits for anything, and holds
them until it is over. It answers what it did in a few words, or "" when nothing of its kind can
be done now.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from tests.twelve.choices import Choices
from tests.twelve.phone import Held, Key, Phone
from tests.twelve.record import Group, Said
from tests.twelve.world import World

MOST_PHONES: Final = 3
MOST_AWAY: Final = 4
# Less than keys may be old, more than that, more than everything is kept.
DAYS: Final = (3, 8, 22)
RETENTION_DAYS: Final = 10
DAY_MS: Final = 86_400_000


class Steps(Choices):
    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._days_passed_at = 0
        self.kinds: dict[str, Callable[[int], Awaitable[str]]] = {
            "send": self.send,
            "receive": self.receive,
            "edit": self.edit,
            "delete": self.delete,
            "drop": self.drop,
            "come back": self.come_back,
            "crash": self.crash,
            "crash while sending": self.crash_sending,
            "add a device": self.add_device,
            "revoke a device": self.revoke,
            "evict storage": self.evict,
            "make a code": self.make_code,
            "add a member": self.add_member,
            "remove a member": self.remove_member,
            "rotate": self.rotate,
            "let days pass": self.let_days_pass,
        }

    # Saying things

    async def send(self, number: int) -> str:
        if (found := self.a_writer()) is None:
            return ""
        phone, group = found
        with self.hold(phone):
            if not await self.is_known(phone, group):
                return ""
            said = self._say(phone, group, number)
            said.key = await phone.send(group.channel, said.text)
            return f"{phone.name} {said.text} in {group.channel}"

    async def receive(self, _: int) -> str:
        """A phone with network comes to show the newest text that was certainly sent."""
        if (found := self.a_reader()) is None:
            return ""
        phone, writer, said = found
        with self.hold(phone, writer):
            assert said.key is not None
            for _ in range(900):
                if await phone.shows(said.channel, said.key):
                    return f"{phone.name} shows {said.text}"
                await asyncio.sleep(0.1)
            raise AssertionError(await self._why_not_shown(phone, said))

    async def edit(self, _: int) -> str:
        return await self._change(lambda said: f"{said.text} edited {len(said.changes)}")

    async def delete(self, _: int) -> str:
        return await self._change(lambda _: None)

    # The life of a phone

    async def drop(self, _: int) -> str:
        phone = self.any_phone(lambda phone: not phone.is_away)
        if phone is None or sum(one.is_away for one in self.world.phones) >= MOST_AWAY:
            return ""
        with self.hold(phone):
            await phone.drop()
            return phone.name

    async def come_back(self, _: int) -> str:
        if (phone := self.any_phone(lambda phone: phone.is_away)) is None:
            return ""
        with self.hold(phone):
            await phone.be_online()
            return phone.name

    async def crash(self, _: int) -> str:
        if (phone := self.any_phone()) is None:
            return ""
        with self.hold(phone):
            await phone.crash(None, "")
            return phone.name

    async def crash_sending(self, number: int) -> str:
        if (found := self.a_writer()) is None:
            return ""
        phone, group = found
        with self.hold(phone):
            if not await self.is_known(phone, group):
                return ""
            said = self._say(phone, group, number)
            said.is_certain = False
            await phone.crash(group.channel, said.text)
            return f"{phone.name} {said.text} in {group.channel}"

    async def add_device(self, _: int) -> str:
        person = self.a_person(lambda person: len(person.phones) < MOST_PHONES)
        if person is None:
            return ""
        by_code = person.code != "" and self.random.random() < 0.5
        is_node = self.random.random() < 0.5 or by_code
        with self.hold(*person.phones):
            phone = self.world.new_phone(person, is_node=is_node)
            await phone.join(by_code=by_code)
            person.phones.append(phone)
            return f"{phone.name} by {'code' if by_code else 'passkey'}"

    async def revoke(self, _: int) -> str:
        person = self.a_person(lambda person: len(person.phones) > 2)
        if person is None:
            return ""
        by, lost = self.random.sample(person.phones, 2)
        if by.is_away:
            return ""
        with self.hold(*person.phones):
            self.world.record.doubt(lost.device)
            await by.revoke(lost.device)
            person.phones.remove(lost)
            self.world.gone.append(lost)
            person.code = ""  # whoever rotates may not know it
            return f"{lost.name} by {by.name}"

    async def evict(self, _: int) -> str:
        """The storage is gone; the person comes back by what they have in hand."""
        if (person := self.a_person(lambda person: len(person.phones) > 1)) is None:
            return ""
        lost, helper = self.random.sample(person.phones, 2)
        with self.hold(*person.phones):
            self.world.record.doubt(lost.device)
            await lost.discard()
            person.phones.remove(lost)
            phone = self.world.new_phone(person, is_node=lost.name.endswith("ts"))
            await phone.join(by_code=False)
            person.phones.append(phone)
            if not helper.is_away:
                await helper.revoke(lost.device)
                person.code = ""
            return f"{lost.name}, now {phone.name}"

    async def make_code(self, _: int) -> str:
        if (phone := self.any_phone(lambda phone: not phone.is_away)) is None:
            return ""
        with self.hold(*phone.person.phones):
            phone.person.code = await phone.make_code()
            return phone.name

    async def let_days_pass(self, number: int) -> str:
        """Phones lie in a drawer, then are switched on again; their sessions are over."""
        phones = self.world.phones
        held = await asyncio.gather(*map(self._held_by, phones))
        await asyncio.gather(*(phone.drop() for phone in phones if not phone.is_away))
        days = self.random.choice(DAYS)
        self.world.clock.advance(days)
        self._days_passed_at = number
        await asyncio.gather(*(phone.crash(None, "") for phone in phones))
        over_ms = self.world.clock.now_ms() - RETENTION_DAYS * DAY_MS
        for phone, before in zip(phones, held, strict=True):
            # What the server sweeps later may come again to a phone that never had it.
            over = {one.key for one in before if one.offset and one.at_ms < over_ms}
            await self._until_forgotten(phone, over)
        return f"{days} days"

    async def _until_forgotten(self, phone: Phone, over: set[Key]) -> None:
        kept = over
        for _ in range(300):
            kept = over & {one.key for one in await self._held_by(phone)}
            if not kept:
                return
            await asyncio.sleep(0.1)
        raise AssertionError(f"{phone.name} keeps {kept}, which is over")

    async def _held_by(self, phone: Phone) -> list[Held]:
        return [one for group in self.world.record.groups for one in await phone.read(group)]

    # Who is in a conversation

    async def add_member(self, _: int) -> str:
        if (found := self.an_admin()) is None:
            return ""
        phone, group = found
        outside = [one for one in self.world.people if one.account not in group.members]
        if not outside:
            return ""
        person, with_past = self.random.choice(outside), self.random.random() < 0.5
        with self.hold(phone, group):
            await self.is_known(phone, group)
            await phone.add(group.channel, person.account, with_past=with_past)
            group.members.add(person.account)
            return f"{person.name} in {group.channel} by {phone.name}, past {with_past}"

    async def remove_member(self, _: int) -> str:
        if (found := self.an_admin()) is None:
            return ""
        phone, group = found
        person = self.a_person(
            lambda person: person.account in group.members and person.account != group.admin
        )
        if person is None or len(group.members) < 3:
            return ""
        with self.hold(phone, group, *person.phones):
            await self.is_known(phone, group)
            self.world.record.doubt_account(group.channel, person.account)
            await phone.remove(group.channel, person.account)
            group.members.remove(person.account)
            return f"{person.name} from {group.channel} by {phone.name}"

    async def rotate(self, _: int) -> str:
        if (found := self.an_admin()) is None:
            return ""
        phone, group = found
        with self.hold(phone, group):
            await self.is_known(phone, group)
            await phone.rotate(group.channel)
            return f"{group.channel} by {phone.name}"

    # Parts of steps

    def _say(self, phone: Phone, group: Group, number: int) -> Said:
        said = Said(
            f"t{len(self.world.record.said)}",
            group.channel,
            phone.person.account,
            phone.device,
            number,
        )
        self.world.record.said[said.text] = said
        return said

    async def _change(self, change: Callable[[Said], str | None]) -> str:
        found = self.something_said(self._days_passed_at)
        if found is None:
            return ""
        phone, said = found
        with self.hold(phone):
            assert said.key is not None
            if not await phone.shows(said.channel, said.key):
                return ""  # it has not come there yet
            words = change(said)
            said.changes.append((phone.device, words))
            if words is None:
                await phone.delete(said.channel, said.key)
            else:
                await phone.edit(said.channel, said.key, words)
            return f"{phone.name} {said.text}"

    async def _why_not_shown(self, phone: Phone, said: Said) -> str:
        log = await self.world.logs.read(said.channel)
        line = next((one for one in log.lines.values() if one.key == said.key), None)
        writers = [one for one in self.world.phones if one.device == said.device]
        known = [await one.describe(said.channel) for one in [phone, *writers]]
        return f"{phone.name} never showed {said}; in the log {line}; {known}"
