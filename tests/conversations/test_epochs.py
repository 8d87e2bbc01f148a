"""Beginning an epoch: who may, with which keys, and only once."""

import asyncio
from collections.abc import Collection, Mapping

import pytest

from lien.accounts import DeviceRevoked
from lien.conversations import (
    Conversations,
    EpochTaken,
    OldGeneration,
    StaleEpoch,
    TooManyConversations,
)
from lien.conversations.models import Channel
from lien.conversations.store.reading import Reads
from lien.crypto.statement import BadStatement, Role
from lien.ids import AccountId, ChannelId, inbox_channel
from lien.protocol.positions import Position
from tests.conversations.asking import begin, read_all
from tests.conversations.people import (
    Town,
    a_direct_statement,
    a_statement,
    an_envelope,
)


async def test_a_direct_conversation_begins_once(conversations: Conversations, town: Town) -> None:
    """Two people write to each other at the same moment: one statement wins, both are in it."""
    ana, ben = town.person(), town.person()
    made = [a_direct_statement(ana, ben), a_direct_statement(ben, ana)]

    answers = await asyncio.gather(
        begin(conversations, ana, made[0]),
        begin(conversations, ben, made[1]),
        return_exceptions=True,
    )

    assert {type(answer) for answer in answers} == {EpochTaken, Position}
    page = await conversations.read_epochs(ana.account, made[0].channel, 0)
    winner = made[answers.index(Position(1, 1))]
    assert [epoch.statement for epoch in page.epochs] == [winner.signed.data]


async def test_the_later_of_two_beginners_is_told_to_read(
    conversations: Conversations, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other's statement lands between two questions to the store: still no stranger."""
    ana, ben = town.person(), town.person()
    find_channels = Reads.find_channels
    is_first = True

    async def find_then_be_overtaken(
        self: Reads, account: AccountId, channels: Collection[ChannelId]
    ) -> dict[ChannelId, Channel]:
        nonlocal is_first
        found = await find_channels(self, account, channels)
        if is_first:
            is_first = False
            await begin(conversations, ana, a_direct_statement(ana, ben))
        return found

    monkeypatch.setattr(Reads, "find_channels", find_then_be_overtaken)
    with pytest.raises(EpochTaken):
        await begin(conversations, ben, a_direct_statement(ben, ana))


async def test_sixteen_statements_for_one_epoch_have_one_winner(
    conversations: Conversations, town: Town
) -> None:
    people = [town.person() for _ in range(4)]
    ana = people[0]
    roles: dict[AccountId, Role] = {person.account: "admin" for person in people}
    first = a_statement(*people, roles=roles)
    await begin(conversations, ana, first)
    rivals = [
        (
            one,
            a_statement(
                one, *(each for each in people if each is not one), after=first, roles=roles
            ),
        )
        for one in people * 4
    ]

    answers = await asyncio.gather(
        *(begin(conversations, person, made) for person, made in rivals), return_exceptions=True
    )

    assert sum(isinstance(answer, Position) for answer in answers) == 1
    assert sum(isinstance(answer, EpochTaken) for answer in answers) == 15
    page = await conversations.read_epochs(ana.account, first.channel, 0)
    assert (len(page.epochs), page.epoch, page.is_stale) == (2, 2, False)


async def test_a_repeated_statement_gets_the_same_answer(
    conversations: Conversations, town: Town
) -> None:
    """Also after a rotation: its outcome was unknown to the device, not to the log."""
    ana, ben = town.person(), town.person()
    made = a_statement(ana, ben)
    first = await begin(conversations, ana, made)
    ben.rotate()

    assert await begin(conversations, ana, made) == first

    assert len(await read_all(conversations, ben, made.channel)) == 1
    assert len(await read_all(conversations, ben, inbox_channel(ben.account))) == 1


async def test_each_member_gets_the_own_key_only(conversations: Conversations, town: Town) -> None:
    ana, ben = town.person(), town.person()
    made = a_statement(ana, ben)
    await begin(conversations, ana, made)

    for person in (ana, ben):
        page = await conversations.read_epochs(person.account, made.channel, 0)
        assert [epoch.sealed_key for epoch in page.epochs] == [made.sealed_keys[person.account]]


async def test_a_key_for_an_old_secret_is_refused(conversations: Conversations, town: Town) -> None:
    ana, ben = town.person(), town.person()
    made = a_statement(ana, ben)
    ben.rotate()

    with pytest.raises(OldGeneration):
        await begin(conversations, ana, made)
    await begin(conversations, ana, a_statement(ana, ben))


async def test_a_rotation_during_the_check_is_noticed(
    conversations: Conversations, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look at the generations and the write, a member's phone is revoked."""
    ana, ben = town.person(), town.person()
    made = a_statement(ana, ben)
    look = town.current_generations

    async def look_then_rotate(accounts: Collection[AccountId]) -> Mapping[AccountId, int]:
        found = await look(accounts)
        if town.looks == 2:
            ben.rotate()
            await conversations.mark_stale(ben.account)
        return found

    monkeypatch.setattr(town, "current_generations", look_then_rotate)

    with pytest.raises(OldGeneration):
        await begin(conversations, ana, made)


async def test_a_revocation_stops_sending_until_the_next_epoch(
    conversations: Conversations, town: Town
) -> None:
    ana, ben = town.person(), town.person()
    made = a_statement(ana, ben)
    await begin(conversations, ana, made)
    ben.rotate()
    await conversations.mark_stale(ben.account)

    with pytest.raises(StaleEpoch):
        await conversations.send(ana.account, ana.device, *an_envelope(ana, made))
    assert (await conversations.read_epochs(ana.account, made.channel, 0)).is_stale

    following = a_statement(ana, ben, after=made)
    await begin(conversations, ana, following)
    await conversations.send(ana.account, ana.device, *an_envelope(ana, following))


async def test_a_closed_account_may_be_left_out_by_anyone(
    conversations: Conversations, town: Town
) -> None:
    ana, ben, cyr = town.person(), town.person(), town.person()
    first = a_statement(ana, ben, cyr)
    await begin(conversations, ana, first)
    roles: dict[AccountId, Role] = {ana.account: "admin", ben.account: "member"}
    without = a_statement(ben, ana, after=first, roles=roles)

    with pytest.raises(BadStatement):
        await begin(conversations, ben, without)
    cyr.close()
    await begin(conversations, ben, without)

    assert (await conversations.audience([first.channel]))[first.channel].accounts == {
        ana.account,
        ben.account,
    }


async def test_a_revoked_device_makes_no_statement(
    conversations: Conversations, town: Town
) -> None:
    ana, ben = town.person(), town.person()
    made = a_statement(ana, ben)
    ana.close()

    with pytest.raises(DeviceRevoked):
        await begin(conversations, ana, made)


async def test_a_statement_is_brought_by_its_author(
    conversations: Conversations, town: Town
) -> None:
    ana, ben = town.person(), town.person()
    made = a_statement(ana, ben)

    with pytest.raises(BadStatement):
        await begin(conversations, ben, made)


@pytest.mark.parametrize("change", ["missing", "other", "more"])
async def test_the_sealed_set_is_the_member_set(
    conversations: Conversations, town: Town, change: str
) -> None:
    ana, ben, cyr = town.person(), town.person(), town.person()
    made = a_statement(ana, ben)
    match change:
        case "missing":
            del made.sealed_keys[ben.account]
        case "other":
            made.sealed_keys[ben.account] = made.sealed_keys[ana.account]
        case _:
            made.sealed_keys[cyr.account] = made.sealed_keys[ana.account]

    with pytest.raises(BadStatement):
        await begin(conversations, ana, made)


async def test_new_conversations_are_limited(conversations: Conversations, town: Town) -> None:
    ana = town.person()
    for _ in range(20):
        await begin(conversations, ana, a_statement(ana))

    with pytest.raises(TooManyConversations) as refused:
        await begin(conversations, ana, a_statement(ana))
    assert refused.value.retry_after_ms > 0
    assert refused.value.code == "too_many"
