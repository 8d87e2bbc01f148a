"""Accounts, phones and conversations, and how they begin."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Final

from lien.client import SoftwareAuthenticator
from lien.ids import ChannelId, RppsNumber, direct_channel
from tests.crash.deployment import EXTRACT
from tests.running import RunningServer
from tests.twelve.log import Logs
from tests.twelve.node_phone import NodePhone
from tests.twelve.phone import Person, Phone
from tests.twelve.python_phone import PythonPhone
from tests.twelve.record import Group, Record

NAMES: Final = ("anne", "bruno", "clara", "david", "elise", "farid")
PHONES_EACH: Final = 2
GROUPS: Final = 4
_DIRECTS: Final = ((0, 1), (2, 3))


def people() -> Iterator[RppsNumber]:
    """Numbers of the demonstration, each once."""
    rows = EXTRACT.read_text().splitlines()[1:]
    found = dict.fromkeys(row.split("|")[1] for row in rows)
    return iter([RppsNumber(number) for number in found if len(number) == 11])


class MovedClock:
    """The server's time, later than the machine's; see `clock/sitecustomize.py`."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock"
        self._by_ms = 0
        self._file.write_text("0")
        path = str(Path(__file__).parent / "clock")
        self.environment = {"PYTHONPATH": path, "CLOCK_FILE": str(self._file)}

    def advance(self, days: int) -> None:
        self._by_ms += days * 86_400_000
        new = self._file.with_suffix(".new")
        new.write_text(str(self._by_ms))
        new.rename(self._file)

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000 + self._by_ms


class World:
    """Everything of one run."""

    def __init__(self, server: RunningServer, program: Path, folder: Path, seed: int) -> None:
        self.server = server
        self.random = Random(seed)
        self.record = Record()
        self.logs = Logs(server)
        self.people: list[Person] = []
        # Phones that were revoked, until a comparison sees that they know it.
        self.gone: list[Phone] = []
        self.clock = MovedClock(folder)
        server.environment |= self.clock.environment
        self._program, self._folder = program, folder
        self._count = 0

    @property
    def phones(self) -> list[Phone]:
        return [phone for person in self.people for phone in person.phones]

    def new_phone(self, person: Person, *, is_node: bool) -> Phone:
        """One that is in nobody's list yet."""
        if is_node:
            return self.new_node_phone(person)
        return PythonPhone(self._name(person, "py"), person, self.server.origin)

    def new_node_phone(self, person: Person) -> NodePhone:
        """The same, with the engine of the PWA."""
        name = self._name(person, "ts")
        return NodePhone(name, person, self._program, self._folder / name, self.server.origin)

    def _name(self, person: Person, engine: str) -> str:
        self._count += 1
        return f"{person.name}-{self._count}-{engine}"

    async def begin(self, numbers: Iterator[RppsNumber]) -> None:
        """Six people with two phones each, one of either engine; groups, and direct talks."""
        for place, name in enumerate(NAMES):
            person = Person(name, next(numbers), SoftwareAuthenticator(is_synced=True))
            self.people.append(person)
            for number in range(PHONES_EACH):
                phone = self.new_phone(person, is_node=(place + number) % 2 == 0)
                await (phone.join() if number else phone.sign_up())
                person.phones.append(phone)
        for number in range(GROUPS):
            admin = self.people[number]
            others = [person.account for person in self.people if person is not admin]
            members = self.random.sample(others, 3)
            phone = self.random.choice(admin.phones)
            channel = await phone.create_group(f"Groupe {number}", members)
            self.record.groups[channel] = Group(channel, admin.account, {*members, admin.account})
        for one, other in _DIRECTS:
            accounts = self.people[one].account, self.people[other].account
            channel = direct_channel(*accounts)
            assert await self.people[one].phones[0].open_direct(accounts[1]) == channel
            self.record.groups[channel] = Group(channel, accounts[0], set(accounts), True)

    def person_of(self, account: str) -> Person:
        return next(person for person in self.people if person.account == account)

    async def learnt(self, phone: Phone, channel: ChannelId) -> bool:
        """Whether a phone with network knows of a conversation, soon."""
        for _ in range(600):
            if channel in await phone.channels():
                return True
            await asyncio.sleep(0.05)
        return False

    async def close(self) -> None:
        for phone in [*self.phones, *self.gone]:
            await phone.close()
        await self.logs.close()
