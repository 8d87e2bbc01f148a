"""
Statements and keys of conversations: read and verified, or made.

A statement counts when the one before it did, a member's device signed it, and it may follow.
The server is asked for them and believed in nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from lien.client.contacts import Contacts
from lien.client.conversation import Conversation
from lien.client.errors import BadAnswer, ServerFailure, reading_answer
from lien.client.http import Http
from lien.client.keyring import Keyring
from lien.client.secrets import obtain
from lien.crypto.chain import ChainState
from lien.crypto.conversation_key import new_key
from lien.crypto.statement import (
    BadStatement,
    Draft,
    Member,
    Recipient,
    Role,
    SignedStatement,
    Statement,
    decode_statement,
    make_statement,
    open_key,
    open_name,
    open_previous_key,
    verify_statement,
)
from lien.crypto.succession import check_succession
from lien.errors import LienError
from lien.ids import AccountId, b64decode, b64encode

MAX_KEY_AGE_MS: Final = 7 * 24 * 60 * 60 * 1000
_PAGE: Final = 32
# Others may begin an epoch or rotate a secret at the same time; each attempt builds on theirs.
_ATTEMPTS: Final = 6
_TRY_AGAIN: Final = frozenset({"epoch_taken", "old_generation", "stale_epoch", "conflict"})


@dataclass(frozen=True, slots=True)
class Change:
    """What the next statement changes; nothing is a plain rotation of the key."""

    add: Mapping[AccountId, Role] = field(default_factory=dict)
    remove: frozenset[AccountId] = frozenset()
    roles: Mapping[AccountId, Role] = field(default_factory=dict)
    with_past: bool = True
    name: str | None = None


class Epochs:
    """The statements of one device's conversations."""

    def __init__(self, http: Http, keyring: Keyring, contacts: Contacts) -> None:
        self._http = http
        self._keyring = keyring
        self._contacts = contacts
        self.max_key_age_ms = MAX_KEY_AGE_MS

    async def update(self, conversation: Conversation) -> None:
        """
        Read, verify and open everything after the last known epoch.

        Raises: BadStatement, BadLink, ServerFailure (`not_a_member`), BadAnswer.
        """
        async with conversation.lock:
            await self._update(conversation)

    async def _update(self, conversation: Conversation) -> None:
        after = self._first_closed(conversation)
        while True:
            path = f"/api/conversations/{conversation.channel}/epochs"
            answer = await self._http.get(path, {"after": after})
            with reading_answer():
                conversation.is_stale = bool(answer["stale"])
                page = list(answer["epochs"])
            for one in page:
                epoch = await self._learn(conversation, one)
                if epoch <= after:
                    raise BadAnswer("the epochs do not go on")
                after = epoch
            if len(page) < _PAGE:
                self._open_past(conversation)
                return

    def lacks_keys(self, conversation: Conversation) -> bool:
        """Whether there are epochs that this account is a member of and no key of."""
        return self._first_closed(conversation) < conversation.epoch

    def _first_closed(self, conversation: Conversation) -> int:
        """Ask from before the first epoch whose key may still come, or after the last one."""
        closed = (
            statement.epoch - 1
            for statement in _decoded(conversation.statements)
            if statement.epoch not in conversation.keys
            and statement.find_member(self._keyring.account) is not None
        )
        return next(closed, conversation.epoch)

    def needs_rotation(self, conversation: Conversation) -> bool:
        """Whether a new epoch comes before the next message."""
        statement = conversation.statement
        if statement is None or conversation.is_stale or statement.epoch not in conversation.keys:
            return True
        if statement.find_member(statement.author) is None:
            return True  # who left knows its key
        if self._http.now_ms() - statement.at_ms > self.max_key_age_ms:
            return True
        return any(self._is_outdated(one.account, one.generation) for one in statement.members)

    async def begin(self, conversation: Conversation, change: Change) -> None:
        """
        Begin the conversation, or its next epoch.

        Raises: ServerFailure, BadStatement, BadLink.
        """
        async with conversation.lock:
            for _ in range(_ATTEMPTS):
                try:
                    await self._attempt(conversation, change)
                    return
                except ServerFailure as failure:
                    if failure.answer not in _TRY_AGAIN:
                        raise
                await self._update(conversation)
                if not self._is_still_wanted(conversation, change):
                    return
        raise ServerFailure("conflict")

    def name_of(self, conversation: Conversation) -> str:
        """The conversation's name, as its present statement says. Raises: BadSeal."""
        statement = conversation.statement
        key = conversation.keys.get(conversation.epoch)
        return open_name(statement, key) if statement is not None and key is not None else ""

    async def _attempt(self, conversation: Conversation, change: Change) -> None:
        statement = conversation.statement
        recipients = await self._recipients(statement, change)
        previous_key = conversation.keys.get(conversation.epoch)
        key = new_key()
        draft = Draft(
            channel=conversation.channel,
            previous=statement,
            recipients=recipients,
            key=key,
            name=self.name_of(conversation) if change.name is None else change.name,
            previous_key=previous_key if change.with_past else None,
        )
        keyring = self._keyring
        signed, sealed = make_statement(
            draft, keyring.account, keyring.device, keyring.key, self._http.now_ms()
        )
        made = decode_statement(signed.data)
        check_succession(statement, made, await self._departed(statement, made))
        body = {
            "statement": b64encode(signed.data),
            "signature": b64encode(signed.signature),
            "sealed_keys": {account: b64encode(box) for account, box in sealed.items()},
        }
        await self._http.post(f"/api/conversations/{conversation.channel}/epochs", body)
        conversation.statements.append((signed, made))
        conversation.keys[made.epoch] = key
        conversation.is_stale = False

    async def _recipients(self, previous: Statement | None, change: Change) -> list[Recipient]:
        roles: dict[AccountId, Role] = {
            member.account: member.role for member in (previous.members if previous else ())
        }
        roles.update(change.add)
        roles.update(change.roles)
        chains = await self._contacts.refresh_all(roles.keys() - change.remove)
        return [
            Recipient(account, roles[account], chain.generation, chain.sealing_public)
            for account, chain in chains.items()
            if not (chain.is_departed or self._has_left(previous, chain, change))
        ]

    @staticmethod
    def _has_left(previous: Statement | None, chain: ChainState, change: Change) -> bool:
        """
        Who left Lien since they were sealed to leaves the conversation, and comes back by being
        added. A direct conversation has its two members for ever.
        """
        if previous is None or previous.is_direct or chain.account in change.add:
            return False
        member = previous.find_member(chain.account)
        return member is not None and member.generation <= chain.departed_generation

    async def _departed(
        self, previous: Statement | None, new: Statement
    ) -> Mapping[AccountId, int]:
        """The generation with which those that the new statement treats otherwise left Lien."""
        otherwise = [
            member.account
            for member in (previous.members if previous else ())
            if (now := new.find_member(member.account)) is None
            or now.generation != member.generation
        ]
        chains = await self._contacts.refresh_all(otherwise)
        return {account: chain.departed_generation for account, chain in chains.items()}

    async def _learn(self, conversation: Conversation, one: Mapping[str, Any]) -> int:
        with reading_answer():
            signed = SignedStatement(b64decode(one["statement"]), b64decode(one["signature"]))
            text = one["sealed_key"]
            sealed = None if text is None else b64decode(text)
        claimed = decode_statement(signed.data)
        if claimed.channel != conversation.channel:
            raise BadStatement("a statement of another conversation")
        known = conversation.find_statement(claimed.epoch)
        if known is None:
            await self._verify(conversation, signed, claimed)
        elif known.hash != claimed.hash:
            raise BadStatement("another statement for an epoch that is known")
        key = conversation.keys.get(claimed.epoch) or await self._open(claimed, sealed)
        # Nothing is awaited from here on: a statement that was kept alone, by a save or because
        # this was cancelled, would be passed over at the next reading.
        if known is None:
            conversation.statements.append((signed, claimed))
        if key is not None:
            conversation.keys[claimed.epoch] = key
        return claimed.epoch

    async def _verify(
        self, conversation: Conversation, signed: SignedStatement, claimed: Statement
    ) -> None:
        public = await self._contacts.get_device_public(claimed.author, claimed.author_device)
        statement = verify_statement(signed, expected_device_public=public)
        previous = conversation.statement
        check_succession(previous, statement, await self._departed(previous, statement))
        await self._require_generations(statement)

    async def _require_generations(self, statement: Statement) -> None:
        """Nobody is sealed to a secret that their own chain does not know."""
        unknown = [one.account for one in statement.members if not self._knows(one)]
        await self._contacts.refresh_all(unknown)
        if not all(map(self._knows, statement.members)):
            raise BadStatement("a generation that is not in the member's chain")

    def _knows(self, member: Member) -> bool:
        chain = self._contacts.find(member.account)
        return chain is not None and member.generation in chain.signing_publics

    async def _open(self, statement: Statement, sealed: bytes | None) -> bytes | None:
        """The key, as far as it opens here and now."""
        account = self._keyring.account
        member = statement.find_member(account)
        if member is None or sealed is None:
            return None
        secret = await obtain(self._http, self._contacts, self._keyring, member.generation)
        if secret is None:
            return None
        try:
            return open_key(statement, account, sealed, secret.sealing)
        except LienError:
            # Someone sealed nonsense to this member: the epoch stays closed here, and the next
            # message of this device begins another one.
            return None

    def _open_past(self, conversation: Conversation) -> None:
        """From each key to the one before it, where its author shared that."""
        for statement in reversed(_decoded(conversation.statements)):
            key = conversation.keys.get(statement.epoch)
            if key is None or statement.epoch - 1 in conversation.keys:
                continue
            try:
                earlier = open_previous_key(statement, key)
            except LienError:
                continue
            if earlier is not None:
                conversation.keys[statement.epoch - 1] = earlier

    def _is_outdated(self, account: AccountId, generation: int) -> bool:
        chain = self._contacts.find(account)
        return chain is not None and (chain.is_stale or chain.generation != generation)

    def _is_still_wanted(self, conversation: Conversation, change: Change) -> bool:
        """Whether what another member did meanwhile leaves something of the change to do."""
        statement = conversation.statement
        if statement is None or change.name is not None or change.roles:
            return True
        missing = change.add.keys() - statement.accounts
        return bool(missing or change.remove & statement.accounts) or self.needs_rotation(
            conversation
        )


def _decoded(statements: Iterable[tuple[SignedStatement, Statement]]) -> Sequence[Statement]:
    return [statement for _, statement in statements]
