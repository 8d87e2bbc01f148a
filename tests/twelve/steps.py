"""
The steps: what each kind does to the world, and what is noted about it.

Several are under way at once. A step chooses its phones before it waits for anything, and holds
them until it is over. It answers what it did in a few words, or "" when nothing of its kind can
be done now.
"""

import asyncio
from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Final

from lien.client import ServerFailure
from tests.twelve.keeping import Keeping
from tests.twelve.lives import Lives
from tests.twelve.node_process import Refused
from tests.twelve.phone import Phone
from tests.twelve.plan import ALONE
from tests.twelve.record import Said
from tests.twelve.world import World

# Smaller and larger than what travels at once.
_PHOTOGRAPH_BYTES: Final = (1_000, 60_000, 300_000)


class Steps(Lives, Keeping):
    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.kinds: dict[str, Callable[[int], Awaitable[str]]] = {
            "send": self.send,
            "receive": self.receive,
            "send a photograph": self.send_photograph,
            "open a photograph": self.open_photograph,
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
            "keep for fewer days": self.keep_for,
            ALONE: self.let_days_pass,
        }

    # Saying things

    async def send(self, number: int) -> str:
        if (found := self.a_writer()) is None:
            return ""
        phone, group = found
        with self.hold(phone):
            if not await self.is_known(phone, group):
                return ""
            said = self.say(phone, group, number)
            said.key = await phone.send(group.channel, said.text)
            return f"{phone.name} {said.text} in {group.channel}"

    async def send_photograph(self, number: int) -> str:
        if (found := self.a_writer()) is None:
            return ""
        phone, group = found
        with self.hold(phone):
            if not phone.may_send_photograph or not await self.is_known(phone, group):
                return ""
            content = self.random.randbytes(self.random.choice(_PHOTOGRAPH_BYTES))
            said = self.say(phone, group, number)
            said.photograph = sha256(content).hexdigest()
            said.key = await phone.send_photograph(group.channel, said.text, content)
            return f"{phone.name} {said.text} in {group.channel}, {len(content)} bytes"

    async def open_photograph(self, _: int) -> str:
        """Whoever shows one opens it, with the bytes that were sent."""
        if (found := self.a_viewer()) is None:
            return ""
        phone, said = found
        with self.hold(phone):
            assert said.key is not None
            if not await phone.shows(said.channel, said.key):
                return ""  # it was said before this person came
            try:
                content = await phone.open_photograph(said.channel, said.key)
            except (Refused, ServerFailure):
                if said.changes:
                    return ""  # withdrawn meanwhile
                raise
            assert sha256(content).hexdigest() == said.photograph, f"{phone.name} {said.text}"
            return f"{phone.name} {said.text}"

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
        found = self.something_said(is_plain=True)
        return await self._change(found, lambda said: f"{said.text} edited {len(said.changes)}")

    async def delete(self, _: int) -> str:
        return await self._change(self.something_said(is_plain=False), lambda _: None)

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

    async def _change(
        self, found: tuple[Phone, Said] | None, change: Callable[[Said], str | None]
    ) -> str:
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
