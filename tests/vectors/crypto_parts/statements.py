"""Statements: read, refused, and whether they may follow."""

from dataclasses import replace
from typing import Any

import msgpack

from lien.crypto import conversation_key, statement
from lien.ids import AccountId, ChannelId, direct_channel
from tests.vectors.crypto_parts.people import (
    ANNE,
    AT_MS,
    BRUNO,
    CHLOE,
    Person,
    flip,
    ident,
    raw,
)


def statements() -> dict[str, Any]:
    secret = conversation_key.new_key()
    channel = direct_channel(ANNE.account, BRUNO.account)
    pair_of = [ANNE.recipient("admin"), BRUNO.recipient("admin")]
    draft = statement.Draft(channel, None, pair_of, secret, "", None)
    direct, keys = statement.make_statement(draft, ANNE.account, ANNE.device, ANNE.key, AT_MS)
    first = statement.decode_statement(direct.data)
    second_key = conversation_key.new_key()
    draft = statement.Draft(channel, first, pair_of, second_key, "Équipe", secret)
    after, after_keys = statement.make_statement(
        draft, BRUNO.account, BRUNO.device, BRUNO.key, AT_MS
    )
    return {
        "statements": [
            statement_vector(None, direct, keys, ANNE, secret, "", None),
            statement_vector(direct, after, after_keys, BRUNO, second_key, "Équipe", secret),
        ],
        "statement_refused": statements_refused(direct, after),
        "succession": successions(),
    }


def statement_vector(
    previous: statement.SignedStatement | None,
    signed: statement.SignedStatement,
    sealed_keys: dict[AccountId, bytes],
    author: Person,
    secret: bytes,
    name: str,
    previous_key: bytes | None,
) -> dict[str, Any]:
    reader = BRUNO
    return {
        "previous": previous.data if previous else None,
        "data": signed.data,
        "signature": signed.signature,
        "device_public": author.key.public,
        "hash": signed.hash,
        "sealed_keys": sealed_keys,
        "reader": reader.account,
        "reader_secret": reader.secret.to_bytes(),
        "key": secret,
        "name": name,
        "previous_key": previous_key,
    }


def statements_refused(
    first: statement.SignedStatement, second: statement.SignedStatement
) -> list[dict[str, Any]]:
    """Statements that are refused by themselves: by their signature or their shape."""
    refused: list[dict[str, Any]] = []

    def edit(why: str, signed: statement.SignedStatement, place: int, value: object) -> None:
        fields = msgpack.unpackb(signed.data)
        fields[place] = value
        data = msgpack.packb(fields)
        signature = ANNE.key.sign(statement.LABEL, data)
        refused.append({"why": why, "data": data, "signature": signature})

    members = msgpack.unpackb(first.data)[4]
    refused.append(
        {"why": "a bad signature", "data": first.data, "signature": flip(first.signature)}
    )
    refused.append({"why": "changed bytes", "data": flip(first.data), "signature": first.signature})
    edit("an inbox", first, 1, "i" + ANNE.account)
    edit("epoch 0", first, 2, 0)
    edit("a previous hash in epoch 1", first, 3, raw("previous"))
    edit("no previous hash in epoch 2", second, 3, b"")
    edit("no member", first, 4, [])
    edit("members out of order", first, 4, members[::-1])
    edit("a member twice", first, 4, [members[0], members[0]])
    edit("an unknown role", first, 4, [[members[0][0], "owner", *members[0][2:]], members[1]])
    edit("generation 0", first, 4, [[*members[0][:2], 0, members[0][3]], members[1]])
    edit("a short hash", first, 4, [[*members[0][:3], members[0][3][1:]], members[1]])
    edit("a name too short to open", second, 5, bytes(40))
    edit("a name too long", second, 5, bytes(297))
    edit("a previous key in epoch 1", first, 6, bytes(72))
    edit("a previous key of another length", second, 6, bytes(71))
    edit("an author that is none", first, 7, "anne")
    edit("a negative time", first, 9, -1)
    return refused


def successions() -> list[dict[str, Any]]:
    """Statements that are well made, and whether they may follow."""
    group = ChannelId("c" + ident("group"))
    direct = direct_channel(ANNE.account, BRUNO.account)
    trio: dict[Person, statement.Role] = {ANNE: "admin", BRUNO: "member", CHLOE: "member"}
    found: list[dict[str, Any]] = []

    def step(
        why: str,
        accepted: bool,
        channel: ChannelId,
        previous: dict[Person, statement.Role] | None,
        members: dict[Person, statement.Role],
        author: Person,
        departed: dict[Person, int] | None = None,
        *,
        after: int = 1,
        generations: tuple[int, int] = (1, 1),
    ) -> None:
        """`generations` are those of Chloé, before and after."""
        before: statement.SignedStatement | None = None
        decoded: statement.Statement | None = None
        if previous is not None:
            before = sign(channel, None, previous, ANNE, generations[0])
            decoded = statement.decode_statement(before.data)
        new = sign(channel, decoded if after else None, members, author, generations[1])
        found.append(
            {
                "why": why,
                "accepted": accepted,
                "previous": before.data if before else None,
                "data": new.data,
                "departed": {person.account: left for person, left in (departed or {}).items()},
            }
        )

    def sign(
        channel: ChannelId,
        previous: statement.Statement | None,
        members: dict[Person, statement.Role],
        author: Person,
        generation: int,
    ) -> statement.SignedStatement:
        recipients = [
            replace(person.recipient(role), generation=generation if person is CHLOE else 1)
            for person, role in members.items()
        ]
        draft = statement.Draft(channel, previous, recipients, raw("key"), "", None)
        return statement.make_statement(draft, author.account, author.device, author.key, AT_MS)[0]

    both: dict[Person, statement.Role] = {ANNE: "admin", BRUNO: "admin"}
    duo: dict[Person, statement.Role] = {ANNE: "admin", BRUNO: "member"}
    step("a group begins", True, group, None, trio, ANNE)
    step("begun by a stranger", False, group, None, duo, CHLOE)
    step("an admin adds", True, group, duo, trio, ANNE)
    step("an admin leaves out", True, group, trio, duo, ANNE)
    step("an admin promotes", True, group, duo, both, ANNE)
    step("a member rotates the key", True, group, trio, trio, BRUNO)
    step("a member adds", False, group, duo, trio, BRUNO)
    step("a member leaves out", False, group, trio, duo, BRUNO)
    step("a member leaves out the departed", True, group, trio, duo, BRUNO, {CHLOE: 1})
    step(
        "leaves out who came back before",
        False,
        group,
        trio,
        duo,
        BRUNO,
        {CHLOE: 1},
        generations=(2, 2),
    )
    step("before someone departed", True, group, trio, trio, BRUNO, {CHLOE: 1})
    step(
        "a member brings one back", False, group, trio, trio, BRUNO, {CHLOE: 1}, generations=(1, 2)
    )
    step("an admin brings one back", True, group, trio, trio, ANNE, {CHLOE: 1}, generations=(1, 2))
    step("a rotation since", True, group, trio, trio, BRUNO, {CHLOE: 1}, generations=(2, 3))
    step("a member promotes", False, group, duo, both, BRUNO)
    alone: dict[Person, statement.Role] = {ANNE: "admin"}
    handed: dict[Person, statement.Role] = {BRUNO: "admin", CHLOE: "member"}
    step("a member leaves", True, group, trio, duo, CHLOE)
    step("a member leaves with another", False, group, trio, alone, CHLOE)
    step("a member leaves and promotes", False, group, trio, both, CHLOE)
    step("an admin hands over and leaves", True, group, trio, handed, ANNE)
    step("a member takes over from nobody", True, group, trio, handed, BRUNO, {ANNE: 1})
    step("a member makes another take over", False, group, trio, handed, CHLOE, {ANNE: 1})
    step("a stranger follows", False, group, duo, trio, CHLOE)
    step("epoch 1 again", False, group, duo, trio, ANNE, after=0)
    step("a direct conversation begins", True, direct, None, both, BRUNO)
    step("a direct conversation rotates", True, direct, both, both, BRUNO)
    step("a direct conversation with a member", False, direct, None, duo, ANNE)
    step("a direct conversation of three", False, direct, None, {**both, CHLOE: "admin"}, ANNE)
    step(
        "a direct conversation of others",
        False,
        direct,
        None,
        {ANNE: "admin", CHLOE: "admin"},
        ANNE,
    )
    step("a direct conversation of one", False, direct, both, {ANNE: "admin"}, ANNE, {BRUNO: 1})
    return found
