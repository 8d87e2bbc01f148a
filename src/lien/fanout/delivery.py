"""
From an entry to the devices here: once, and in the order of its log.

The feed brings every entry. What this worker has had appended itself, it knows from the store's
answer already: if all before it was delivered here, it is delivered at once, in one write with
the answer to its sender, and passed over when the feed brings it.
"""

from collections.abc import Sequence

from lien.fanout.audiences import Audiences
from lien.fanout.frames import prepare_frame
from lien.fanout.gathering import Gathering
from lien.fanout.hub import Hub
from lien.ids import AccountId, ChannelId
from lien.protocol.codec import encode, encode_entry
from lien.protocol.frames import Level, Receipt, Typed
from lien.storage.feeds import EntryAppended, ReceiptMoved, TypingSeen

Message = EntryAppended | ReceiptMoved | TypingSeen


class Delivery:
    """One per worker, shared by its relay and its connections."""

    def __init__(self, hub: Hub, audiences: Audiences) -> None:
        self._hub = hub
        self._audiences = audiences
        self._gathering = Gathering(hub)
        self.flush = self._gathering.flush

    def show(
        self,
        channel: ChannelId,
        version: int,
        incarnation: int,
        offset: int,
        at_ms: int,
        header: bytes,
        sealed: bytes,
    ) -> None:
        """Deliver what was appended from here, or leave it to the feed."""
        accounts = self._audiences.follow_on(channel, version, incarnation, offset)
        if accounts is not None:
            frame = prepare_frame(encode_entry(channel, incarnation, offset, at_ms, header, sealed))
            self._audiences.tails.add(channel, version, incarnation, offset, frame)
            self._gathering.deliver(channel, accounts, (frame,))

    def relay(
        self, channel: ChannelId, accounts: frozenset[AccountId], messages: Sequence[Message]
    ) -> tuple[int, int]:
        """Deliver what a feed brought; how many frames that makes, and how many writes now."""
        if not self._hub.has_any(accounts):
            return 0, 0
        frames = [frame for each in messages if (frame := self._frame_of(each)) is not None]
        if not frames:
            return 0, 0
        return len(frames), self._gathering.deliver(channel, accounts, frames)

    def _frame_of(self, message: Message) -> bytes | None:
        """None for an entry that was delivered before."""
        if isinstance(message, EntryAppended):  # a class pattern costs more than the frame
            _, channel, version, incarnation, offset, at_ms, header, sealed = message
            if not self._audiences.tell(channel, incarnation, offset):
                return None
            frame = prepare_frame(encode_entry(channel, incarnation, offset, at_ms, header, sealed))
            self._audiences.tails.add(channel, version, incarnation, offset, frame)
            return frame
        match message:
            case ReceiptMoved(_, channel, _, account, level, offset):
                return prepare_frame(encode(Receipt(channel, account, Level(level), offset)))
            case TypingSeen(_, channel, _, account):
                return prepare_frame(encode(Typed(channel, account)))
