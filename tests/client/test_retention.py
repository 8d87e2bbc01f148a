"""What a device forgets, and what stays agreed."""

from lien.client.conversation import Conversation, Message
from lien.client.retention import Bounds, forget_old, kept_days
from lien.crypto.contents import Said, Settings, Text
from lien.crypto.envelope import Content, Header, Kind
from lien.ids import EnvelopeId, new_id
from lien.protocol.positions import Position
from tests.client.people import Person, begin_direct

DAY_MS = 24 * 60 * 60 * 1000
NOW_MS = 100 * DAY_MS
BOUNDS = Bounds(30)
ANNE, BRUNO, CHLOE = Person(), Person(), Person()


def a_conversation() -> Conversation:
    return begin_direct(ANNE, BRUNO)[0]


def say(conversation: Conversation, said: Said, days_ago: float, by: Person = ANNE) -> None:
    header = Header(
        *(conversation.channel, 1, by.account, by.keyring.device, EnvelopeId(new_id())),
        Kind.MESSAGE,
    )
    at_ms = NOW_MS - int(days_ago * DAY_MS)
    position = Position(1, len(conversation.messages) + 2)
    conversation.keep(Message(header, at_ms, position, Content.of(said, 1, b"")))


def held(conversation: Conversation) -> list[str | None]:
    return [message.text for message in conversation.ordered()]


def test_what_is_older_than_the_deployment_keeps_goes() -> None:
    conversation = a_conversation()
    say(conversation, Text("over"), 30.1)
    say(conversation, Text("kept"), 29.9)

    forget_old(conversation, NOW_MS, kept_days(conversation, BOUNDS))

    assert held(conversation) == ["kept"]


def test_an_admins_choice_counts_and_outlives_what_it_makes_go() -> None:
    conversation = a_conversation()
    say(conversation, Text("over"), 8)
    say(conversation, Settings(retention_days=7), 7.5)
    say(conversation, Settings(retention_days=1), 7.4, by=CHLOE)  # is no member
    say(conversation, Text("kept"), 6)

    for _ in range(2):
        forget_old(conversation, NOW_MS, kept_days(conversation, BOUNDS))

    assert held(conversation) == [None, None, "kept"]


def test_a_choice_that_is_said_again_stands_where_it_was_made() -> None:
    conversation = a_conversation()
    say(conversation, Settings(retention_days=3), 20)
    say(conversation, Settings(retention_days=20), 10)
    say(conversation, Settings(retention_days=3, since=2), 5)
    say(conversation, Text("kept"), 15)

    forget_old(conversation, NOW_MS, kept_days(conversation, BOUNDS))

    assert "kept" in held(conversation)


def test_a_choice_stays_within_what_the_operator_allows() -> None:
    conversation = a_conversation()
    assert kept_days(conversation, BOUNDS) == 30
    say(conversation, Settings(retention_days=3), 1)

    assert kept_days(conversation, Bounds(30, 7)) == 7
    assert kept_days(conversation, Bounds(2)) == 2
