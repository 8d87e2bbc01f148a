"""
Beginning an epoch: what the server checks before it takes a statement.

The order of the steps is what makes a crash or a race between any two of them harmless:

1. everything that can be judged from the statement, the one before it and the generations now;
2. the channel is noted in the index of every member, so that a rotation finds it;
3. the count of rotations is read, then the generations once more;
4. the statement is stored, unless that count has moved (then 3 again) or the epoch was taken;
5. notices. A repeated statement repeats 5 with the same ids.
"""

from asyncio import gather
from collections.abc import Collection, Mapping
from typing import Final, Protocol

from lien.accounts import DeviceRevoked
from lien.clock import Clock
from lien.conversations import rules
from lien.conversations.errors import (
    EpochTaken,
    NotAMember,
    OldGeneration,
    TooManyConversations,
)
from lien.conversations.models import Begun, Channel
from lien.conversations.service.notices import Notices
from lien.conversations.store import ConversationStore
from lien.crypto.chain import ChainState
from lien.crypto.envelope import encode_header
from lien.crypto.statement import (
    SignedStatement,
    Statement,
    check_sealed_keys,
    decode_statement,
    verify_statement,
)
from lien.crypto.succession import check_succession
from lien.ids import AccountId, DeviceId
from lien.protocol.positions import Position

_BURST: Final = 20  # new conversations of one account
_PER_SECOND: Final = 1 / 60
# Each look that is overtaken means a rotation in between; four in a row is a storm.
_LOOKS: Final = 4


class Chains(Protocol):
    """What conversations need to know of accounts."""

    async def get_chain(self, account: AccountId) -> ChainState:
        """Raises: NotFound."""

    async def current_generations(self, accounts: Collection[AccountId]) -> Mapping[AccountId, int]:
        """The generation to seal to; 0 for an account that departed or is unknown."""

    async def departed_generations(
        self, accounts: Collection[AccountId]
    ) -> Mapping[AccountId, int]:
        """The generation each account last left with, 0 for one that never did."""


class Beginning:
    """Takes one statement after the other."""

    def __init__(
        self, store: ConversationStore, accounts: Chains, notices: Notices, clock: Clock
    ) -> None:
        self._store = store
        self._accounts = accounts
        self._notices = notices
        self._clock = clock

    async def begin(
        self,
        account: AccountId,
        device: DeviceId,
        data: bytes,
        signature: bytes,
        sealed_keys: Mapping[AccountId, bytes],
    ) -> Position:
        """
        Check, store and announce a statement.

        Raises: BadStatement, NotAMember, EpochTaken, OldGeneration, DeviceRevoked, Overloaded.
        """
        signed = SignedStatement(data, signature)
        statement = await self._verify(account, device, signed)
        check_sealed_keys(statement, sealed_keys)
        channel = await self._find_channel(account, statement)
        previous = await self._find_previous(statement)
        position = await self._find_taken(channel, statement)
        if position is None:
            members = previous.accounts if previous else frozenset()
            departed = await self._accounts.departed_generations(members)
            check_succession(previous, statement, departed)
            # Before anything is written: nothing is noted for accounts that do not exist.
            generations = await self._accounts.current_generations(statement.accounts)
            rules.require_current(statement, generations)
            await self._store.index.add(statement.accounts, statement.channel, self._clock.now_ms())
            position = await self._append(statement, signed, sealed_keys)
        await self._announce(previous, statement)
        return position

    async def _verify(
        self, account: AccountId, device: DeviceId, signed: SignedStatement
    ) -> Statement:
        chain = await self._accounts.get_chain(account)
        public = chain.devices.get(device)
        if public is None:
            raise DeviceRevoked("the device is not in the account's chain")
        statement = verify_statement(signed, expected_device_public=public)
        rules.require_own_statement(statement, account, device)
        return statement

    async def _find_channel(self, account: AccountId, statement: Statement) -> Channel | None:
        """
        The channel if its author may know of it, None to begin it.

        Raises: NotAMember, TooManyConversations.
        """
        name = statement.channel
        # Asked first: of two who begin at the same moment, the later one is a member of what the
        # other has just begun, and is told that the epoch is taken.
        is_begun = statement.epoch > 1 or await self._store.reads.has_epoch(name)
        channel = (await self._store.reads.find_channels(account, [name])).get(name)
        if channel is not None:
            return channel
        if is_begun:
            raise NotAMember("no such conversation for this caller")
        wait_ms = await self._store.buckets.take(f"begin:{account}", _BURST, _PER_SECOND)
        if wait_ms:
            raise TooManyConversations("too many new conversations", retry_after_ms=wait_ms)
        return None

    async def _find_previous(self, statement: Statement) -> Statement | None:
        """
        The statement that this one follows.

        Raises: EpochTaken if there is none, or another one.
        """
        if statement.epoch == 1:
            return None
        [stored] = await self._store.reads.read_epochs(statement.channel, [statement.epoch - 1])
        if stored is None or stored.signed.hash != statement.previous:
            raise EpochTaken("this epoch does not follow the one before")
        return decode_statement(stored.signed.data)

    async def _find_taken(self, channel: Channel | None, statement: Statement) -> Position | None:
        """
        Where this very statement was stored before; None when its number is free.

        Raises: EpochTaken if another statement has the number.
        """
        if channel is None or statement.epoch > channel.epoch:
            return None
        [stored] = await self._store.reads.read_epochs(statement.channel, [statement.epoch])
        if stored is None or stored.signed.hash != statement.hash:
            raise EpochTaken("another statement has this number")
        return Position(channel.incarnation, stored.offset)

    async def _append(
        self,
        statement: Statement,
        signed: SignedStatement,
        sealed_keys: Mapping[AccountId, bytes],
    ) -> Position:
        begun = Begun(
            channel=statement.channel,
            epoch=statement.epoch,
            previous_hash=statement.previous,
            header=encode_header(rules.statement_header(statement)),
            signed=signed,
            has_past=bool(statement.previous_key),
            is_leaving=statement.find_member(statement.author) is None,
            members=tuple(
                (each.account, each.role, each.generation, sealed_keys[each.account])
                for each in statement.members
            ),
        )
        for _ in range(_LOOKS):
            marks = await self._store.reads.read_marks(statement.channel)
            generations = await self._accounts.current_generations(statement.accounts)
            rules.require_current(statement, generations)
            position = await self._store.writes.append_statement(begun, marks, self._clock.now_ms())
            if position is not None:
                return position
        raise OldGeneration("members' secrets are being rotated")

    async def _announce(self, previous: Statement | None, statement: Statement) -> None:
        added, removed = rules.changes(previous, statement)
        channel, cause = statement.channel, statement.hash
        await gather(
            *(self._notices.notify(each, ["conversation", channel], cause) for each in added),
            *(self._notices.notify(each, ["removed", channel], cause) for each in removed),
        )
