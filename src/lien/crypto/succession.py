"""Which statement may follow which: who may change the members of a conversation."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from lien.crypto.statement import BadStatement, Statement
from lien.ids import AccountId, direct_channel

NOBODY: Final[Mapping[AccountId, int]] = MappingProxyType({})


def check_succession(
    previous: Statement | None, new: Statement, departed: Mapping[AccountId, int] = NOBODY
) -> None:
    """
    Whether `new` may follow `previous`, None meaning the beginning.

    `departed` has, of accounts that left Lien, the generation they last left with (the
    `departed_generation` of their chain). Anyone may leave out whoever left since they were
    sealed to; only an admin brings them back. A member may leave out themselves, and become admin
    when nobody else of those who stay is one.

    Raises: BadStatement.
    """
    if new.is_direct:
        _require_direct(new)
    if previous is None:
        if new.epoch != 1:
            raise BadStatement("a conversation begins with epoch 1")
        if new.find_member(new.author) is None:
            raise BadStatement("the author is not a member")
        return
    if (new.channel, new.epoch) != (previous.channel, previous.epoch + 1):
        raise BadStatement("an epoch does not follow")
    if new.previous != previous.hash:
        raise BadStatement("a statement does not follow the statement before")
    author = previous.find_member(new.author)
    if author is None:
        raise BadStatement("the author was not a member")
    if author.role != "admin":
        _require_unchanged(previous, new, departed)


def _require_direct(statement: Statement) -> None:
    accounts = [member.account for member in statement.members]
    if len(accounts) != 2 or direct_channel(*accounts) != statement.channel:
        raise BadStatement("a direct conversation has the two members of its id")
    if any(member.role != "admin" for member in statement.members):
        raise BadStatement("both members of a direct conversation are admins")


def _require_unchanged(
    previous: Statement, new: Statement, departed: Mapping[AccountId, int]
) -> None:
    before = {member.account: member for member in previous.members}
    after = {member.account: member for member in new.members}
    gone = {
        account
        for account, member in before.items()
        if member.generation <= departed.get(account, 0)
    }
    has_admin = any(one.role == "admin" for one in previous.members if one.account not in gone)
    for account, member in after.items():
        known = before.get(account)
        takes_over = account == new.author and member.role == "admin" and not has_admin
        if known is None or (known.role != member.role and not takes_over):
            raise BadStatement("only an admin adds members or changes a role")
        if account in gone and member.generation > departed[account]:
            raise BadStatement("only an admin brings back who had left")
    if not before.keys() - after.keys() <= gone | {new.author}:
        raise BadStatement("only an admin leaves out a member")
