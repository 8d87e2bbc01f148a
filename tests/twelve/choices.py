"""Who takes part in a step: at random, among those that no other step holds."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from tests.twelve.phone import Person, Phone
from tests.twelve.record import Group, Said
from tests.twelve.world import World

RECENT = 800  # texts that are still edited and withdrawn


class Choices:
    def __init__(self, world: World) -> None:
        self.world = world
        self.random = world.random
        self.days_passed_at = 0  # the step: what was said before may be over
        self._held: list[Phone | Group] = []

    @contextmanager
    def hold(self, *those: Phone | Group) -> Iterator[None]:
        """Nobody else uses them meanwhile."""
        self._held.extend(those)
        try:
            yield
        finally:
            for one in those:
                self._held.remove(one)

    def any_phone(self, is_wanted: Callable[[Phone], bool] = lambda _: True) -> Phone | None:
        wanted = [one for one in self.world.phones if self._is_free(one) and is_wanted(one)]
        return self.random.choice(wanted) if wanted else None

    def a_person(self, is_wanted: Callable[[Person], bool]) -> Person | None:
        """Somebody all of whose phones are free."""
        wanted = [
            one
            for one in self.world.people
            if all(map(self._is_free, one.phones)) and is_wanted(one)
        ]
        return self.random.choice(wanted) if wanted else None

    def a_writer(self) -> tuple[Phone, Group] | None:
        group = self.random.choice(list(self.world.record.groups.values()))
        phone = self.any_phone(lambda phone: phone.person.account in group.members)
        return None if phone is None else (phone, group)

    def an_admin(self) -> tuple[Phone, Group] | None:
        """A group that nobody is changing, and a phone with network of who may."""
        groups = [
            one
            for one in self.world.record.groups.values()
            if not one.is_direct and self._is_free(one)
        ]
        if not groups:
            return None
        group = self.random.choice(groups)
        phone = self.any_phone(
            lambda phone: phone.person.account == group.admin and not phone.is_away
        )
        return None if phone is None else (phone, group)

    def a_reader(self) -> tuple[Phone, Phone, Said] | None:
        """The newest text on its way, the phone that surely sends it, and one to show it."""
        for said in reversed(list(self.world.record.said.values())[-20:]):
            group = self.world.record.groups[said.channel]
            writer = self.any_phone(partial(_sends, said))
            if not (said.is_certain and said.key and writer and self._is_free(group)):
                continue
            if said.account not in group.members or said.step <= self.days_passed_at:
                continue
            phone = self.any_phone(partial(_reads, group))
            return None if phone is None else (phone, writer, said)
        return None

    def something_said(self, *, is_plain: bool) -> tuple[Phone, Said] | None:
        """A text that its author may still change, and one of their phones; plain: it is alone."""
        record = self.world.record
        recent = [
            said
            for said in list(record.said.values())[-RECENT:]
            if said.text in record.confirmed
            and said.step > self.days_passed_at
            and not (is_plain and said.photograph)
            and said.account in record.groups[said.channel].members
            and not any(words is None for _, words in said.changes)
        ]
        if not recent:
            return None
        said = self.random.choice(recent)
        phone = self.any_phone(lambda phone: phone.person.account == said.account)
        return None if phone is None else (phone, said)

    def a_viewer(self) -> tuple[Phone, Said] | None:
        """A photograph that is surely in the log, and a phone with network of a member."""
        record = self.world.record
        there = [
            said
            for said in record.said.values()
            if said.photograph
            and said.text in record.confirmed
            and said.step > self.days_passed_at
            and not said.changes
        ]
        if not there:
            return None
        said = self.random.choice(there)
        phone = self.any_phone(partial(_reads, record.groups[said.channel]))
        return None if phone is None else (phone, said)

    def say(self, phone: Phone, group: Group, number: int) -> Said:
        """Note what a phone is told to say; each text is another one."""
        said = Said(
            f"t{len(self.world.record.said)}",
            group.channel,
            phone.person.account,
            phone.device,
            number,
        )
        self.world.record.said[said.text] = said
        return said

    async def is_known(self, phone: Phone, group: Group) -> bool:
        """Whether a phone knows of a conversation; with network it learns of it soon."""
        # A direct talk that somebody else began is shown once it says something.
        may_wait = group.is_direct and phone.person.account != group.admin
        if phone.is_away or may_wait:
            return group.channel in await phone.channels()
        assert await self.world.learnt(phone, group.channel), f"{phone.name} {group.channel}"
        return True

    def _is_free(self, one: Phone | Group) -> bool:
        return not any(one is other for other in self._held)


def _sends(said: Said, phone: Phone) -> bool:
    return phone.device == said.device and not phone.is_away


def _reads(group: Group, phone: Phone) -> bool:
    return phone.person.account in group.members and not phone.is_away
