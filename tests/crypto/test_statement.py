"""Statements: read, refused, and whether they may follow."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lien.crypto import statement
from lien.crypto.account import AccountSecret
from lien.crypto.conversation_key import new_key
from lien.crypto.signing import SigningKey
from lien.crypto.statement import BadStatement, Draft, Recipient, SignedStatement
from lien.crypto.succession import check_succession
from lien.crypto.suite import BadSeal
from lien.errors import Malformed
from lien.ids import AccountId, DeviceId, new_channel, new_id
from tests.crypto.vectors import Vector, entries, section

AUTHOR_PUBLIC = bytes.fromhex(section("statements")[0]["device_public"])
SECRET = AccountSecret.generate()
DEVICE_KEY = SigningKey.generate()
DEVICE = DeviceId(new_id())


def signed_of(vector: Vector) -> SignedStatement:
    return SignedStatement(vector.bytes_of("data"), vector.bytes_of("signature"))


def sealed_keys_of(vector: Vector) -> dict[AccountId, bytes]:
    return {AccountId(who): bytes.fromhex(key) for who, key in vector["sealed_keys"].items()}


@entries("statements")
def test_a_member_reads_a_statement(vector: Vector) -> None:
    signed, public = signed_of(vector), vector.bytes_of("device_public")
    read = statement.verify_statement(signed, expected_device_public=public)
    sealed_keys = sealed_keys_of(vector)
    statement.check_sealed_keys(read, sealed_keys)
    reader = AccountSecret.from_bytes(vector.bytes_of("reader_secret"))
    key = statement.open_key(read, vector["reader"], sealed_keys[vector["reader"]], reader.sealing)
    previous_key = statement.open_previous_key(read, key)

    assert read.hash == signed.hash == vector.bytes_of("hash")
    assert key == vector.bytes_of("key")
    assert statement.open_name(read, key) == vector["name"]
    assert (previous_key.hex() if previous_key else None) == vector["previous_key"]
    assert read.is_direct


@entries("statements")
def test_a_statement_follows_the_one_before(vector: Vector) -> None:
    before = vector["previous"]
    previous = statement.decode_statement(bytes.fromhex(before)) if before else None

    check_succession(previous, statement.decode_statement(vector.bytes_of("data")))


@entries("statement_refused")
def test_a_statement_is_refused(vector: Vector) -> None:
    with pytest.raises(BadStatement):
        statement.verify_statement(signed_of(vector), expected_device_public=AUTHOR_PUBLIC)


@entries("succession")
def test_who_may_change_what(vector: Vector) -> None:
    before = vector["previous"]
    previous = statement.decode_statement(bytes.fromhex(before)) if before else None
    new = statement.decode_statement(vector.bytes_of("data"))
    departed = {AccountId(one): number for one, number in vector["departed"].items()}

    if vector["accepted"]:
        check_succession(previous, new, departed)
        return
    with pytest.raises(BadStatement):
        check_succession(previous, new, departed)


def test_a_statement_that_skips_or_forks_is_refused() -> None:
    first = a_statement(2)
    second = a_statement(2, first)
    fork = a_statement(2)

    check_succession(first, second)
    for previous in (None, fork, second):
        with pytest.raises(BadStatement):
            check_succession(previous, second)


def test_the_sealed_set_is_the_member_set() -> None:
    vector = Vector(section("statements")[0])
    read = statement.decode_statement(vector.bytes_of("data"))
    sealed = sealed_keys_of(vector)
    one, other = sealed
    for wrong in (
        {},
        {one: sealed[one]},
        {**sealed, AccountId(new_id()): sealed[one]},
        {one: sealed[other], other: sealed[one]},
        {one: sealed[one], other: sealed[other][:-1]},
    ):
        with pytest.raises(BadStatement):
            statement.check_sealed_keys(read, wrong)


def test_a_sealed_key_that_was_not_signed_is_not_opened() -> None:
    vector = Vector(section("statements")[0])
    read = statement.decode_statement(vector.bytes_of("data"))
    sealed = sealed_keys_of(vector)[vector["reader"]]
    reader = AccountSecret.from_bytes(vector.bytes_of("reader_secret"))

    with pytest.raises(BadStatement):
        statement.open_key(read, vector["reader"], sealed[:-1] + b"\0", reader.sealing)
    with pytest.raises(BadStatement):
        statement.open_key(read, AccountId(new_id()), sealed, reader.sealing)
    with pytest.raises(BadSeal):
        statement.open_key(read, vector["reader"], sealed, AccountSecret.generate().sealing)


def test_a_name_opens_with_its_own_key_only() -> None:
    vector = Vector(section("statements")[1])
    read = statement.decode_statement(vector.bytes_of("data"))

    with pytest.raises(BadSeal):
        statement.open_name(read, new_key())
    with pytest.raises(BadSeal):
        statement.open_previous_key(read, new_key())


def test_a_name_that_is_too_long_is_refused() -> None:
    with pytest.raises(Malformed):
        a_statement(1, name="é" * 129)


def test_the_largest_group_fits() -> None:
    """500 members stay below the bound of a statement."""
    account = AccountId(new_id())
    accounts = [account, *(AccountId(new_id()) for _ in range(499))]
    sealed_hash = bytes(32)
    from lien.crypto.structure import encode

    data = encode(
        new_channel(),
        2**53 - 1,
        bytes(32),
        [[one, "member", 4096, sealed_hash] for one in sorted(accounts)],
        bytes(296),
        bytes(72),
        account,
        DEVICE,
        2**53 - 1,
    )

    assert len(statement.decode_statement(data).members) == 500


@given(st.data())
@settings(max_examples=60)
def test_every_changed_byte_is_refused(data: st.DataObject) -> None:
    signed = signed_of(Vector(section("statements")[0]))
    place = data.draw(st.integers(0, len(signed.data) - 1))
    changed = bytearray(signed.data)
    changed[place] ^= data.draw(st.integers(1, 255))

    with pytest.raises(BadStatement):
        statement.verify_statement(
            SignedStatement(bytes(changed), signed.signature), expected_device_public=AUTHOR_PUBLIC
        )


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    with pytest.raises(BadStatement):
        statement.decode_statement(data)


CHANNEL = new_channel()
AUTHOR = AccountId(new_id())


def a_statement(
    members: int, previous: statement.Statement | None = None, name: str = ""
) -> statement.Statement:
    others = [AccountId(new_id()) for _ in range(members - 1)]
    if previous is not None:
        others = [account for account in previous.accounts if account != AUTHOR]
    public = SECRET.sealing.public
    recipients = [Recipient(account, "admin", 1, public) for account in (AUTHOR, *others)]
    draft = Draft(CHANNEL, previous, recipients, new_key(), name, None)
    signed, _ = statement.make_statement(draft, AUTHOR, DEVICE, DEVICE_KEY, 0)
    return statement.decode_statement(signed.data)
