"""What a person is shown of what the log holds."""

from lien.client.conversation import Message
from lien.client.shown import reduce_messages
from lien.crypto.envelope import Header, Kind
from lien.ids import EnvelopeId, new_id
from lien.protocol.positions import Position
from tests.client.people import Person, begin_direct


def test_what_cannot_be_read_is_shown_unless_it_is_about_something_else() -> None:
    anne, bruno = Person(), Person()
    channel = begin_direct(anne, bruno)[0].channel
    device = anne.keyring.device
    messages = [
        Message(
            Header(channel, 1, anne.account, device, EnvelopeId(new_id()), kind),
            at_ms=1,
            position=Position(1, offset),
            problem="no_key",
        )
        for offset, kind in enumerate((Kind.MESSAGE, Kind.QUIET, Kind.URGENT), start=1)
    ]

    shown = [one.message for one in reduce_messages(messages)]

    assert shown == [messages[0], messages[2]]
