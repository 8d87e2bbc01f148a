"""Everything one device holds, in one place, and the only ways to change it."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Final

from lien.client.contacts import Contacts
from lien.client.conversation import Conversation
from lien.client.documents import Gateways, Received
from lien.client.epochs import Epochs
from lien.client.errors import ServerFailure
from lien.client.http import Http
from lien.client.keyring import Keyring
from lien.client.reading import reopen
from lien.client.secrets import catch_up
from lien.crypto.chain import BadLink
from lien.crypto.statement import BadStatement
from lien.errors import Conflict
from lien.ids import AccountId, ChannelId, EnvelopeId, inbox_owner

_GONE: Final = frozenset({"not_a_member", "not_found"})


class Device:
    """
    One device's keys, contacts and conversations.

    `save` is awaited when something must be stored before the next step: before an envelope is
    sent, and before an entry is acknowledged.
    """

    def __init__(
        self,
        http: Http,
        keyring: Keyring,
        contacts: Contacts,
    ) -> None:
        self.http = http
        self.keyring = keyring
        self.contacts = contacts
        self.epochs = Epochs(http, keyring, contacts)
        self.conversations: dict[ChannelId, Conversation] = {}
        self.gateways = Gateways()
        self.documents: dict[EnvelopeId, Received] = {}
        self._save: Callable[[Device], Awaitable[None]] | None = None

    @property
    def account(self) -> AccountId:
        return self.keyring.account

    @property
    def channels(self) -> Iterator[ChannelId]:
        """The conversations this account is a member of, as far as known."""
        return (
            channel
            for channel, conversation in self.conversations.items()
            if not conversation.is_gone and inbox_owner(channel) is None
        )

    def get(self, channel: ChannelId) -> Conversation:
        """What is known of a channel, nothing at first."""
        return self.conversations.setdefault(channel, Conversation(channel))

    def save_with(self, save: Callable[["Device"], Awaitable[None]]) -> None:
        """How to make what is held durable; without it nothing is stored."""
        self._save = save

    async def save(self) -> None:
        """Make what is held durable."""
        if self._save is not None:
            await self._save(self)

    async def update(self, conversation: Conversation) -> None:
        """
        Read what is new of a conversation's epochs.

        A chain or statement that is refused suspends the conversation (`refused`): messages are
        still taken, nothing is sent, and everything else goes on. One that this account is not a
        member of is `is_gone`.

        Raises: ServerFailure, BadAnswer.
        """
        try:
            await self.epochs.update(conversation)
        except (BadLink, BadStatement) as error:
            conversation.refused = error.code
        except ServerFailure as failure:
            if failure.answer not in _GONE:
                raise
            conversation.is_gone = True
        else:
            conversation.refused = ""
            conversation.is_gone = False
        await reopen(self.contacts, self.keyring.device, conversation)

    def require_sound(self, conversation: Conversation) -> None:
        """Raises: Conflict while a conversation is suspended, ServerFailure when it is gone."""
        if conversation.refused:
            raise Conflict("a chain or statement of this conversation was refused")
        if conversation.is_gone:
            raise ServerFailure("not_a_member")

    async def refresh_own(self) -> None:
        """
        Read the own chain and the secrets another device made; seal to devices that lack one.

        Raises: as `catch_up`.
        """
        await catch_up(self.http, self.contacts, self.keyring)
