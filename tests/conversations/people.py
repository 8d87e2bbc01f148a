"""People with real devices, real secrets and real chains, and a town where chains are looked up."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from lien.crypto.account import AccountSecret
from lien.crypto.attestor import NO_ATTESTORS
from lien.crypto.chain import ChainState, apply, create_chain, make_link
from lien.crypto.conversation_key import new_key
from lien.crypto.envelope import (
    Content,
    Header,
    Kind,
    seal_envelope,
)
from lien.crypto.link import Create, RevokeDevice, RotateSecret, Signer
from lien.crypto.signing import SigningKey
from lien.crypto.statement import (
    Draft,
    Recipient,
    Role,
    SignedStatement,
    Statement,
    decode_statement,
    make_statement,
)
from lien.errors import NotFound
from lien.ids import AccountId, ChannelId, DeviceId, EnvelopeId, direct_channel, new_channel, new_id

AT_MS = 1_790_000_000_000


class Person:
    """One account with one device."""

    def __init__(self) -> None:
        self.account = AccountId(new_id())
        self.device = DeviceId(new_id())
        self.device_key = SigningKey.generate()
        self.secret = AccountSecret.generate()
        body = Create(
            self.device,
            self.device_key.public,
            self.secret.signing.public,
            self.secret.sealing.public,
        )
        link = create_chain(self.account, body, self.device_key, AT_MS)
        self.chain = apply(None, link, NO_ATTESTORS)

    def recipient(self, role: Role = "member") -> Recipient:
        return Recipient(self.account, role, self.chain.generation, self.chain.sealing_public)

    def rotate(self) -> None:
        """Replace the account secret."""
        self.secret = AccountSecret.generate()
        body = RotateSecret(
            self.chain.generation + 1, self.secret.signing.public, self.secret.sealing.public
        )
        self._extend(body)

    def close(self) -> None:
        """Revoke the last device."""
        self._extend(RevokeDevice(self.device))

    def _extend(self, body: RotateSecret | RevokeDevice) -> None:
        signer = Signer.device(self.device, self.device_key)
        self.chain = apply(self.chain, make_link(self.chain, body, signer, AT_MS), NO_ATTESTORS)


class Town:
    """Where conversations look chains up: what `lien.accounts` offers, without sign-in."""

    def __init__(self) -> None:
        self.people: dict[AccountId, Person] = {}
        self.looks = 0

    def person(self) -> Person:
        person = Person()
        self.people[person.account] = person
        return person

    async def get_chain(self, account: AccountId) -> ChainState:
        if account not in self.people:
            raise NotFound
        return self.people[account].chain

    async def current_generations(self, accounts: Collection[AccountId]) -> Mapping[AccountId, int]:
        self.looks += 1
        chains = {each: self.people[each].chain for each in accounts if each in self.people}
        return {
            account: 0 if chain.is_departed else chain.generation
            for account, chain in chains.items()
        }

    async def departed_generations(
        self, accounts: Collection[AccountId]
    ) -> Mapping[AccountId, int]:
        return {each: self.people[each].chain.departed_generation for each in accounts}


@dataclass
class Made:
    """A statement ready to be brought to the server."""

    signed: SignedStatement
    sealed_keys: dict[AccountId, bytes]
    key: bytes = field(repr=False)

    @property
    def statement(self) -> Statement:
        return decode_statement(self.signed.data)

    @property
    def channel(self) -> ChannelId:
        return self.statement.channel


def a_statement(
    author: Person,
    *others: Person,
    after: Made | None = None,
    channel: ChannelId | None = None,
    has_past: bool = True,
    roles: Mapping[AccountId, Role] | None = None,
    includes_author: bool = True,
) -> Made:
    """A group's statement by `author`, who is its admin."""
    key = new_key()
    given = roles or {}
    members = [author, *others] if includes_author else list(others)
    recipients = [
        person.recipient(given.get(person.account, "admin" if person is author else "member"))
        for person in members
    ]
    draft = Draft(
        channel=after.channel if after else channel or new_channel(),
        previous=after.statement if after else None,
        recipients=recipients,
        key=key,
        name="",
        previous_key=after.key if after and has_past else None,
    )
    signed, sealed = make_statement(draft, author.account, author.device, author.device_key, AT_MS)
    return Made(signed, sealed, key)


def a_direct_statement(author: Person, other: Person, after: Made | None = None) -> Made:
    """The statement of a direct conversation."""
    return a_statement(
        author,
        other,
        after=after,
        channel=direct_channel(author.account, other.account),
        roles={author.account: "admin", other.account: "admin"},
    )


def an_envelope(
    sender: Person, made: Made, text: str = "Bonjour", envelope: str | None = None
) -> tuple[bytes, bytes]:
    """A real header and sealed content."""
    header = Header(
        made.channel,
        made.statement.epoch,
        sender.account,
        sender.device,
        EnvelopeId(envelope or new_id()),
        Kind.MESSAGE,
    )
    content = Content.of_text(text, 1, made.signed.hash)
    return seal_envelope(header, content, made.key, sender.device_key)
