"""What the server itself says to an account, through its inbox."""

from collections.abc import Sequence

from lien.clock import Clock
from lien.conversations import rules
from lien.conversations.store.writing import Writes
from lien.crypto.envelope import encode_header
from lien.ids import AccountId, new_id
from lien.protocol.positions import Position


class Notices:
    """Notices are hints: the signed structures behind them are the truth."""

    def __init__(self, writes: Writes, clock: Clock) -> None:
        self._writes = writes
        self._clock = clock

    async def notify(
        self, account: AccountId, notice: Sequence[str], cause: bytes | None = None
    ) -> Position:
        """Write a notice, once for one `cause`; without one, each call writes."""
        envelope = rules.notice_id(account, notice, cause or new_id().encode())
        header = rules.notice_header(account, envelope)
        return await self._writes.append_notice(
            header, encode_header(header), rules.encode_notice(notice), self._clock.now_ms()
        )
