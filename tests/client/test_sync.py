"""From pushes to what a device holds, whatever order they come in. The socket is a queue."""

import asyncio
from collections.abc import Callable

import pytest

from lien.client.conversation import Conversation, Pending
from lien.client.device import Device
from lien.client.errors import BadAnswer
from lien.client.socket import Socket
from lien.client.sync import Sync
from lien.crypto.envelope import Content, Header, Kind, encode_header, seal_envelope
from lien.crypto.signing import SigningKey
from lien.ids import AccountId, DeviceId, EnvelopeId, new_id
from lien.protocol.frames import (
    Ack,
    Behind,
    BehindReason,
    Command,
    Entry,
    Gap,
    Level,
    Ok,
    Push,
    Receipt,
    Reset,
    Resume,
    Resumed,
)
from lien.protocol.positions import ChannelState, Cursor, Position
from tests.client.people import Person, a_device, begin_direct

ANNE, BRUNO, CHLOE = Person(), Person(), Person()


class ScriptedSocket(Socket):
    """A peer that pushes what a test says and answers a Resume with the rest of its log."""

    def __init__(self, log: list[Entry]) -> None:
        self.pushes: asyncio.Queue[Push | None] = asyncio.Queue()
        self.has_left_out = False
        self.log = log
        self.commands: list[Command] = []
        self._is_over = False

    @property
    def is_over(self) -> bool:
        return self._is_over

    def wake(self) -> None:
        self.pushes.put_nowait(None)

    def end(self) -> None:
        self._is_over = True
        self.wake()

    async def ask(self, make: Callable[[int], Command]) -> Ok | Resumed:
        command = make(1)
        self.commands.append(command)
        if not isinstance(command, Resume):
            return Ok(1)
        states = []
        for channel, incarnation, offset in command.cursors:
            entries = [entry for entry in self.log if entry.channel == channel]
            if not entries:
                continue
            for entry in entries:
                if (entry.incarnation, entry.offset) > (incarnation, offset):
                    self.pushes.put_nowait(entry)
            last = entries[-1]
            states.append(ChannelState(channel, last.incarnation, last.offset, last.offset))
        return Resumed(1, tuple(states))

    def resumed(self) -> list[Cursor]:
        return [
            cursor
            for command in self.commands
            if isinstance(command, Resume)
            for cursor in command.cursors
        ]


class Scene:
    """Bruno's device, and what Anne's device writes into their log."""

    def __init__(self) -> None:
        self.conversation, self.key = begin_direct(ANNE, BRUNO)
        self.channel = self.conversation.channel
        self.device: Device = a_device(BRUNO, [ANNE, CHLOE])
        self.device.conversations[self.channel] = self.conversation
        self.socket = ScriptedSocket([])
        self.resets = 0
        # At the end of the logs: what had come so far.
        self.heads: list[list[str | None]] = []
        self.sync = Sync(self.device, self.socket, self._changed, self._reset, self._head)

    async def play(self, *pushes: Push) -> Conversation:
        """Apply these and everything they lead to."""
        for push in pushes:
            self.socket.pushes.put_nowait(push)
        running = asyncio.create_task(self.sync.run())
        async with asyncio.timeout(5):
            while not (self.sync.is_settled and self.socket.pushes.empty()):
                if running.done():
                    break
                await asyncio.sleep(0)
            self.socket.end()
            await running
        return self.conversation

    def entry(self, offset: int, text: str, incarnation: int = 1, **change: object) -> Entry:
        """What Anne's device would write, with one thing changed."""
        author = change.get("author", ANNE)
        assert isinstance(author, Person)
        statement = self.conversation.statement
        assert statement is not None
        header = Header(
            self.channel,
            1,
            author.account,
            author.keyring.device,
            EnvelopeId(str(change.get("envelope", new_id()))),
            Kind.MESSAGE,
        )
        hashed = change.get("statement_hash", statement.hash)
        assert isinstance(hashed, bytes)
        key = change.get("key", author.keyring.key)
        assert isinstance(key, SigningKey)
        content = Content.of_text(text, offset, hashed)
        data, sealed = seal_envelope(header, content, self.key, key)
        return Entry(self.channel, incarnation, offset, 1000 + offset, data, sealed)

    def texts(self) -> list[str | None]:
        return [message.text for message in self.conversation.ordered()]

    async def _changed(self) -> None:
        return

    async def _head(self) -> None:
        self.heads.append(self.texts())

    def _reset(self) -> None:
        self.resets += 1


@pytest.fixture
def scene() -> Scene:
    return Scene()


async def test_entries_in_order_are_kept_and_acknowledged_once_stored(scene: Scene) -> None:
    saved: list[Position] = []

    async def save(device: Device) -> None:
        assert not any(isinstance(command, Ack) for command in scene.socket.commands)
        saved.append(device.get(scene.channel).cursor)

    scene.device.save_with(save)
    await scene.play(scene.entry(1, "un"), scene.entry(2, "deux"))

    assert scene.texts() == ["un", "deux"]
    assert saved == [Position(1, 2)]
    assert scene.socket.commands == [Ack(1, scene.channel, 1, 2, Level.DELIVERED)]


async def test_a_repeat_is_ignored(scene: Scene) -> None:
    first = scene.entry(1, "un")
    await scene.play(first, first, scene.entry(2, "deux"), first)

    assert scene.texts() == ["un", "deux"]


async def test_what_is_missing_is_asked_for(scene: Scene) -> None:
    entries = [scene.entry(number, str(number)) for number in (1, 2, 3)]
    scene.socket.log = entries
    await scene.play(entries[0], entries[2])

    assert scene.texts() == ["1", "2", "3"]
    assert scene.socket.resumed() == [Cursor(scene.channel, 1, 1)]


async def test_the_end_of_the_log_is_said_once_nothing_of_it_is_missing(scene: Scene) -> None:
    """By what is read before it, nothing is erased: what comes later may take it back."""
    entries = [scene.entry(offset, str(offset)) for offset in (1, 2, 3, 4)]
    scene.socket.log = entries
    scene.sync.want_all()
    await scene.play(entries[0], entries[3])

    assert scene.heads == [["1", "2", "3", "4"]]


async def test_after_behind_everything_is_asked_for(scene: Scene) -> None:
    entries = [scene.entry(number, str(number)) for number in (1, 2)]
    scene.socket.log = entries
    await scene.play(Behind(BehindReason.SLOW_READER))

    assert scene.texts() == ["1", "2"]


async def test_pushes_that_were_left_out_here_are_asked_for(scene: Scene) -> None:
    scene.socket.log = [scene.entry(1, "un")]
    scene.socket.has_left_out = True
    await scene.play()

    assert scene.texts() == ["un"]


async def test_a_gap_moves_the_cursor(scene: Scene) -> None:
    conversation = await scene.play(Gap(scene.channel, 1, 1, 4), scene.entry(5, "cinq"))

    assert scene.texts() == ["cinq"]
    assert conversation.cursor == Position(1, 5)


async def test_a_gap_that_is_not_next_is_ignored(scene: Scene) -> None:
    conversation = await scene.play(scene.entry(1, "un"), Gap(scene.channel, 1, 4, 9))

    assert conversation.cursor == Position(1, 1)


async def test_a_server_that_pushes_nothing_of_what_there_is_is_left(scene: Scene) -> None:
    scene.socket.log = [scene.entry(3, "trois")]

    with pytest.raises(BadAnswer):
        await scene.play(Behind(BehindReason.FEED_GAP))


async def test_a_rebuilt_log_takes_back_positions_and_gets_own_messages_again(
    scene: Scene,
) -> None:
    own = scene.entry(2, "de Bruno", author=BRUNO)
    await scene.play(scene.entry(1, "un"), own, scene.entry(3, "perdu"))
    scene.socket = ScriptedSocket([])
    scene.sync = Sync(scene.device, scene.socket, scene._changed, scene._reset, scene._head)

    conversation = await scene.play(Reset(scene.channel, 2, 1))

    [pending] = conversation.outbox.values()
    assert (pending.data, pending.sealed) == (own.header, own.sealed)
    assert scene.texts() == ["un"]
    assert {message.text for message in conversation.messages.values()} == {
        "un",
        "de Bruno",
        "perdu",
    }
    assert conversation.cursor == Position(2, 1)
    assert scene.resets == 1

    # The envelope comes back through the log: it has a place again, and is not shown twice.
    scene.socket = ScriptedSocket([])
    scene.sync = Sync(scene.device, scene.socket, scene._changed, scene._reset, scene._head)
    await scene.play(Entry(scene.channel, 2, 2, 5, own.header, own.sealed))
    assert scene.texts() == ["un", "de Bruno"]
    assert conversation.outbox == {}


async def test_an_own_envelope_leaves_the_outbox_when_the_log_shows_it(scene: Scene) -> None:
    entry = scene.entry(1, "de Bruno", author=BRUNO)
    waiting = await _pending_of(scene, entry)
    scene.conversation.outbox[waiting.key] = waiting
    conversation = await scene.play(entry)

    assert conversation.outbox == {}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"author": CHLOE}, "not_a_member"),
        ({"statement_hash": bytes(32)}, "split_view"),
        ({"key": SigningKey.generate()}, "bad_seal"),
    ],
)
async def test_a_message_with_a_problem_does_not_stop_the_next(
    scene: Scene, change: dict[str, object], problem: str
) -> None:
    bad = scene.entry(1, "faux", **change)  # type: ignore[arg-type]
    conversation = await scene.play(bad, scene.entry(2, "vrai"))

    assert [message.problem for message in conversation.ordered()] == [problem, ""]
    assert scene.texts()[1] == "vrai"


async def test_bytes_that_are_no_envelope_only_move_the_cursor(scene: Scene) -> None:
    nonsense = Entry(scene.channel, 1, 1, 0, b"\xc1", b"nonsense")
    other = encode_header(
        Header(
            begin_direct(ANNE, CHLOE)[0].channel,
            1,
            ANNE.account,
            DeviceId(new_id()),
            EnvelopeId(new_id()),
            Kind.MESSAGE,
        )
    )
    elsewhere = Entry(scene.channel, 1, 2, 0, other, bytes(300))
    conversation = await scene.play(nonsense, elsewhere, scene.entry(3, "trois"))

    assert scene.texts() == ["trois"]
    assert conversation.cursor == Position(1, 3)


async def test_a_message_of_an_older_epoch_than_the_log_has_shown_is_marked(scene: Scene) -> None:
    """A removed device with the server's help could still write with an old key."""
    scene.conversation.log_epoch = 2
    conversation = await scene.play(scene.entry(1, "tard"))

    assert [message.problem for message in conversation.ordered()] == ["stale_epoch"]


async def test_a_message_without_its_key_is_opened_when_the_key_comes(scene: Scene) -> None:
    key = scene.conversation.keys.pop(1)
    entry = scene.entry(1, "plus tard")
    conversation = await scene.play(entry)
    assert [message.problem for message in conversation.ordered()] == ["no_key"]

    conversation.keys[1] = key
    from lien.client.reading import reopen

    await reopen(scene.device.contacts, BRUNO.keyring.device, conversation)

    assert scene.texts() == ["plus tard"]
    assert [message.problem for message in conversation.ordered()] == [""]


async def test_receipts_only_grow(scene: Scene) -> None:
    account: AccountId = ANNE.account
    conversation = await scene.play(
        Receipt(scene.channel, account, Level.DELIVERED, 5),
        Receipt(scene.channel, account, Level.DELIVERED, 3),
        Receipt(scene.channel, account, Level.READ, 2),
    )

    assert conversation.receipts == {account: {Level.DELIVERED: 5, Level.READ: 2}}


async def _pending_of(scene: Scene, entry: Entry) -> Pending:
    from lien.crypto.envelope import decode_header

    content = Content.of_text("de Bruno", 1, bytes(32))
    return Pending(decode_header(entry.header), content, entry.header, entry.sealed)
