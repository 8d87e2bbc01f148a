"""The life of a phone, as steps: cut off, killed, let in, revoked, emptied."""

from tests.twelve.choices import Choices
from tests.twelve.node_phone import NodePhone
from tests.twelve.phone import Person, Phone

MOST_PHONES = 3
MOST_AWAY = 4


class Lives(Choices):
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
            said = self.say(phone, group, number)
            said.is_certain = False
            await phone.crash(group.channel, said.text)
            return f"{phone.name} {said.text} in {group.channel}"

    async def add_device(self, _: int) -> str:
        person = self.a_person(lambda person: len(person.phones) < MOST_PHONES)
        if person is None:
            return ""
        with self.hold(*person.phones):
            phone, way = await self._let_in(person)
            person.phones.append(phone)
            return f"{phone.name} by {way}"

    async def _let_in(self, person: Person) -> tuple[Phone, str]:
        """
        A further phone, and the way it came.

        The Python engine reads no QR code. It takes a recovery code, but has no way to open by
        the passkey afterwards: what it would rotate then, the passkey could not open.
        """
        ways = ["passkey"]
        olds = [one for one in person.phones if isinstance(one, NodePhone) and not one.is_away]
        ways += ["QR code"] if olds else []
        ways += ["recovery code"] if person.code else []
        way = self.random.choice(ways)
        if way == "passkey":
            phone = self.world.new_phone(person, is_node=self.random.random() < 0.5)
            await phone.join()
            return phone, way
        new = self.world.new_node_phone(person)
        await (new.join_by_qr(olds[0]) if way == "QR code" else new.join_by_code())
        return new, way

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
            phone = self.world.new_phone(person, is_node=isinstance(lost, NodePhone))
            await phone.join()
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
