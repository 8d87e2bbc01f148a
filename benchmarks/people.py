"""People with real keys and chains in the store, their sessions, their conversations."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from lien.accounts import Session
from lien.accounts.keyfiles import load_keys
from lien.accounts.store import AccountStore, Append
from lien.clock import SystemClock
from lien.conversations import Conversations
from lien.conversations.store import ConversationStore
from lien.crypto.account import AccountSecret
from lien.crypto.attestor import NO_ATTESTORS
from lien.crypto.chain import ChainState, Create, apply, create_chain
from lien.crypto.conversation_key import new_key
from lien.crypto.envelope import Content, Header, Kind, seal_envelope
from lien.crypto.signing import SigningKey
from lien.crypto.statement import Draft, Recipient, SignedStatement, make_statement
from lien.errors import NotFound
from lien.ids import AccountId, ChannelId, DeviceId, EnvelopeId, SessionId, new_channel, new_id
from lien.storage import keys
from lien.storage.shards import shard_of
from lien.storage.valkey import Store, open_store
from lien.telemetry import Telemetry

_TOGETHER = 50  # people under way at once while seeding
_MEMBERS_TOGETHER = 1_000
_HOUR_MS = 3_600_000
# Some 120 words. Sealed and padded, an envelope of the size people send: about 1 KiB.
TEXT = "Patient vu ce matin, pansement refait, prochain passage demain à 8 h. " * 11


@dataclass
class Person:
    """One account with one device and a session."""

    account: AccountId = field(default_factory=lambda: AccountId(new_id()))
    device: DeviceId = field(default_factory=lambda: DeviceId(new_id()))
    key: SigningKey = field(default_factory=SigningKey.generate, repr=False)
    session: SessionId = field(default_factory=lambda: SessionId(new_id()))

    @cached_property
    def secret(self) -> AccountSecret:
        return AccountSecret.generate()


@dataclass(frozen=True)
class Room:
    """A conversation in its first epoch."""

    channel: ChannelId
    members: Sequence[Person]
    statement: SignedStatement
    key: bytes = field(repr=False)

    def an_envelope(self, sender: Person, counter: int, envelope: str = "") -> tuple[bytes, bytes]:
        """Header and sealed content of one message; its id is random unless one is given."""
        chosen = EnvelopeId(envelope or new_id())
        header = Header(self.channel, 1, sender.account, sender.device, chosen, Kind.MESSAGE)
        content = Content.of_text(TEXT, counter, self.statement.hash)
        return seal_envelope(header, content, self.key, sender.key)


class Territory:
    """Brings people and conversations into a running deployment, beside its workers."""

    def __init__(self, data_dir: Path, store_url: str) -> None:
        self._store_url = store_url
        self._clock = SystemClock()
        self._tokens = load_keys(data_dir).tokens
        self._generations: dict[AccountId, int] = {}
        self._store: Store

    async def __aenter__(self) -> Self:
        self._store = await open_store(self._store_url, 8)
        self._accounts = AccountStore.of(self._store)
        self.conversations = Conversations(
            ConversationStore(self._store, 30 * 24 * _HOUR_MS),
            self,
            self._clock,
            Telemetry(write=lambda _: None),
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._store.close()

    def cookie(self, person: Person) -> str:
        """A session of this device, as signing in would give it; checked without the store."""
        now_ms = self._clock.now_ms()
        session = Session(
            session=person.session,
            account=person.account,
            device=person.device,
            device_public=person.key.public,
            started_at_ms=now_ms,
            idle_ends_at_ms=now_ms + _HOUR_MS // 2,
            ends_at_ms=now_ms + 4 * _HOUR_MS,
            provider_at_ms=now_ms,
        )
        return f"__Host-lien={self._tokens.issue_session(session)}"

    async def add_people(self, count: int) -> list[Person]:
        """Accounts with their chains."""
        people = [Person() for _ in range(count)]
        for start in range(0, count, _TOGETHER):
            await asyncio.gather(*map(self._add, people[start : start + _TOGETHER]))
        return people

    async def add_rooms(self, groups: Sequence[Sequence[Person]]) -> list[Room]:
        """One conversation per group; the first of each is its admin and sends."""
        rooms = []
        # Each asks for the chains of all its members at once.
        largest = max(map(len, groups), default=1)
        step = max(min(_MEMBERS_TOGETHER // largest, _TOGETHER), 1)
        for start in range(0, len(groups), step):
            batch = map(self._begin, groups[start : start + step])
            rooms += await asyncio.gather(*batch)
        return rooms

    async def copy_room(self, room: Room, count: int) -> list[Room]:
        """
        Conversations with the members and the state of one that was begun as people do, written
        past the product. Their logs begin after an entry that is not there.
        """
        shards, call = self._store.shards, self._store.pipe.call
        shard = shard_of(room.channel, shards)
        state = await call("HGETALL", keys.state(shard, room.channel))
        members = await call("HGETALL", keys.members(shard, room.channel))
        made = [replace(room, channel=new_channel()) for _ in range(count)]
        for start in range(0, count, _MEMBERS_TOGETHER):
            calls = []
            for each in made[start : start + _MEMBERS_TOGETHER]:
                shard = shard_of(each.channel, shards)
                calls.append(call("HSET", keys.state(shard, each.channel), *state))
                calls.append(call("HSET", keys.members(shard, each.channel), *members))
            await asyncio.gather(*calls)
        return made

    async def get_chain(self, account: AccountId) -> ChainState:
        """For `Conversations`, which verifies each statement's author."""
        links = await self._accounts.chains.list_links(account, 0, 1)
        if not links:
            raise NotFound("no such account")
        return apply(None, links[0], NO_ATTESTORS)

    async def departed_generations(
        self, accounts: Collection[AccountId]
    ) -> Mapping[AccountId, int]:
        """Nobody of a benchmark leaves."""
        return dict.fromkeys(accounts, 0)

    async def current_generations(self, accounts: Collection[AccountId]) -> Mapping[AccountId, int]:
        """For `Conversations`: nobody rotates here."""
        return self._generations

    async def _add(self, person: Person) -> None:
        body = Create(
            person.device,
            person.key.public,
            person.secret.signing.public,
            person.secret.sealing.public,
        )
        now_ms = self._clock.now_ms()
        link = create_chain(person.account, body, person.key, now_ms)
        state = apply(None, link, NO_ATTESTORS)
        self._generations[person.account] = state.generation
        await self._accounts.chains.append(
            Append(None, state, [link], {"rpps": "", "created": now_ms}), now_ms
        )

    async def _begin(self, members: Sequence[Person]) -> Room:
        author, key, channel = members[0], new_key(), new_channel()
        recipients = [
            Recipient(
                person.account,
                "admin" if person is author else "member",
                1,
                person.secret.sealing.public,
            )
            for person in members
        ]
        draft = Draft(channel, None, recipients, key, "", None)
        signed, sealed = make_statement(
            draft, author.account, author.device, author.key, self._clock.now_ms()
        )
        await self.conversations.begin_epoch(
            author.account, author.device, signed.data, signed.signature, sealed
        )
        return Room(channel, members, signed, key)
