"""
What starts an epoch: who is in, and the conversation's key sealed to each of them.

A statement is a member's word, not the server's: the set that can read is the set that a member
signed, and everyone checks it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, cast

from lien.crypto.conversation_key import (
    MAX_NAME_BYTES,
    SEALED_KEY_BYTES,
    WRAPPED_KEY_BYTES,
    open_sealed_key,
    open_sealed_name,
    seal_key,
    seal_name,
    unwrap_previous,
    wrap_previous,
)
from lien.crypto.sealing import SealingKey
from lien.crypto.signing import BadSignature, SigningKey, verify
from lien.crypto.structure import Fields, encode, reading
from lien.crypto.suite import BOX_OVERHEAD_BYTES, HASH_BYTES, hash32
from lien.errors import Malformed
from lien.ids import AccountId, ChannelId, DeviceId

LABEL: Final = "lien/v1/statement"
MAX_STATEMENT_BYTES: Final = 49_152
MAX_MEMBERS: Final = 500

Role = Literal["admin", "member"]


class BadStatement(Malformed):
    """A statement cannot be read, is not signed by its author, or breaks a rule of membership."""

    code = "bad_statement"


@dataclass(frozen=True, slots=True)
class SignedStatement:
    """As it travels."""

    data: bytes = field(repr=False)
    signature: bytes = field(repr=False)

    @property
    def hash(self) -> bytes:
        return hash32(self.data)


@dataclass(frozen=True, slots=True)
class Member:
    """One member: `sealed_hash` ties the key sealed to them to the statement."""

    account: AccountId
    role: Role
    generation: int
    sealed_hash: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom to seal the next key to, as their chain says it now."""

    account: AccountId
    role: Role
    generation: int
    sealing_public: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Statement:
    """The decoded fields; `hash` is of the bytes they were read from."""

    channel: ChannelId
    epoch: int
    previous: bytes = field(repr=False)
    members: tuple[Member, ...]
    sealed_name: bytes = field(repr=False)
    previous_key: bytes = field(repr=False)
    author: AccountId
    author_device: DeviceId
    at_ms: int
    hash: bytes = field(repr=False)

    def find_member(self, account: AccountId) -> Member | None:
        return next((member for member in self.members if member.account == account), None)

    @property
    def accounts(self) -> frozenset[AccountId]:
        return frozenset(member.account for member in self.members)

    @property
    def is_direct(self) -> bool:
        return self.channel[0] == "d"


@dataclass(frozen=True, slots=True)
class Draft:
    """
    What the author of an epoch decides; `previous` is None for a new conversation.

    Without `previous_key`, the key of the epoch before, newcomers cannot read the past.
    """

    channel: ChannelId
    previous: Statement | None
    recipients: Sequence[Recipient]
    key: bytes = field(repr=False)
    name: str = field(repr=False)
    previous_key: bytes | None = field(repr=False)

    @property
    def epoch(self) -> int:
        return self.previous.epoch + 1 if self.previous else 1


def make_statement(
    draft: Draft, author: AccountId, author_device: DeviceId, device_key: SigningKey, at_ms: int
) -> tuple[SignedStatement, dict[AccountId, bytes]]:
    """
    The next epoch's statement and the key sealed to each member.

    Raises: Malformed for a name too long or a bad sealing public key.
    """
    channel, epoch, key = draft.channel, draft.epoch, draft.key
    ordered = sorted(draft.recipients, key=lambda recipient: recipient.account)
    sealed = {
        one.account: seal_key(key, channel, epoch, one.account, one.generation, one.sealing_public)
        for one in ordered
    }
    data = encode(
        channel,
        epoch,
        draft.previous.hash if draft.previous else b"",
        [[one.account, one.role, one.generation, hash32(sealed[one.account])] for one in ordered],
        seal_name(draft.name, key, channel, epoch),
        wrap_previous(draft.previous_key, key, channel, epoch),
        author,
        author_device,
        at_ms,
    )
    return SignedStatement(data, device_key.sign(LABEL, data)), sealed


def decode_statement(data: bytes) -> Statement:
    """
    Read a statement's bytes; nothing is verified yet.

    Raises: BadStatement.
    """
    with reading(BadStatement):
        fields = Fields.decode(data, 10, MAX_STATEMENT_BYTES)
        channel = fields.channel()
        epoch = fields.integer(1)
        previous = fields.blob(HASH_BYTES if epoch > 1 else 0)
        members = tuple(_parse_member(item) for item in fields.items(1, MAX_MEMBERS))
        sealed_name = fields.blob_up_to(MAX_NAME_BYTES + BOX_OVERHEAD_BYTES)
        previous_key = fields.blob(0, WRAPPED_KEY_BYTES) if epoch > 1 else fields.blob(0)
        author = AccountId(fields.identifier())
        author_device = DeviceId(fields.identifier())
        at_ms = fields.integer()
    if channel[0] == "i":
        raise BadStatement("an inbox has no statement")
    if 0 < len(sealed_name) <= BOX_OVERHEAD_BYTES:
        raise BadStatement("a sealed name is too short")
    accounts = [member.account for member in members]
    if sorted(set(accounts)) != accounts:
        raise BadStatement("members are not in order, each once")
    return Statement(
        channel,
        epoch,
        previous,
        members,
        sealed_name,
        previous_key,
        author,
        author_device,
        at_ms,
        hash32(data),
    )


def verify_statement(signed: SignedStatement, *, expected_device_public: bytes) -> Statement:
    """
    The statement, if the device with this key signed it.

    The caller takes the key from the author's chain, by `decode_statement`'s author and device.

    Raises: BadStatement.
    """
    try:
        verify(expected_device_public, LABEL, signed.data, signed.signature)
    except BadSignature as error:
        raise BadStatement("a statement's signature is wrong") from error
    return decode_statement(signed.data)


def check_sealed_keys(statement: Statement, sealed_keys: Mapping[AccountId, bytes]) -> None:
    """
    Whether exactly the members have a key, and the one that the statement names.

    Raises: BadStatement.
    """
    if sealed_keys.keys() != statement.accounts:
        raise BadStatement("the sealed set is not the member set")
    for member in statement.members:
        sealed = sealed_keys[member.account]
        if len(sealed) != SEALED_KEY_BYTES or hash32(sealed) != member.sealed_hash:
            raise BadStatement("a sealed key is not the one that was signed")


def open_key(statement: Statement, account: AccountId, sealed: bytes, sealing: SealingKey) -> bytes:
    """
    The conversation key from the own sealed key.

    Raises: BadStatement when it is not the signed one, BadSeal when it does not open.
    """
    member = statement.find_member(account)
    if member is None or hash32(sealed) != member.sealed_hash:
        raise BadStatement("a sealed key is not the one that was signed")
    channel, epoch = statement.channel, statement.epoch
    return open_sealed_key(sealed, channel, epoch, account, member.generation, sealing)


def open_name(statement: Statement, key: bytes) -> str:
    """
    The conversation's name, empty without one.

    Raises: BadSeal.
    """
    return open_sealed_name(statement.sealed_name, key, statement.channel, statement.epoch)


def open_previous_key(statement: Statement, key: bytes) -> bytes | None:
    """
    The key of the epoch before, None when the author did not share it.

    Raises: BadSeal.
    """
    return unwrap_previous(statement.previous_key, key, statement.channel, statement.epoch)


def _parse_member(value: object) -> Member:
    fields = Fields.of_list(value, 4)
    account = AccountId(fields.identifier())
    role = fields.text(6)
    if role not in ("admin", "member"):
        raise BadStatement("a role is unknown")
    return Member(account, cast(Role, role), fields.integer(1), fields.blob(HASH_BYTES))
