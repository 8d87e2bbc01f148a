"""What a person does in conversations: what the screen of a discussion asks of a device."""

from collections.abc import Iterable, Sequence
from typing import Any

from lien.client import sending
from lien.client.connection import Connection
from lien.client.conversation import Message
from lien.client.device import Device
from lien.client.epochs import Change
from lien.client.errors import reading_answer
from lien.client.shown import Shown, find_availability, reduce_messages
from lien.crypto.contents import (
    Availability,
    Delete,
    Edit,
    Reaction,
    Said,
    Settings,
    Taken,
    Target,
    Text,
)
from lien.crypto.statement import Role
from lien.ids import AccountId, ChannelId, EnvelopeId, direct_channel, new_channel
from lien.protocol.frames import Ack, Level, Typing


class Talking:
    """The conversations of one device. It connects in `Client`."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.connection = Connection(device)

    @property
    def account(self) -> AccountId:
        return self.device.account

    @property
    def channels(self) -> list[ChannelId]:
        """The conversations of this account."""
        return sorted(self.device.channels)

    def messages(self, channel: ChannelId) -> list[Message]:
        """Messages in the order of the log."""
        return self.device.get(channel).ordered()

    def texts(self, channel: ChannelId) -> list[str | None]:
        """What was written, in the order of the log."""
        return [message.text for message in self.messages(channel)]

    def view(self, channel: ChannelId) -> list[Shown]:
        """The messages as everyone sees them: edited, withdrawn, with reactions."""
        return reduce_messages(self.messages(channel))

    def name_of(self, channel: ChannelId) -> str:
        """The name of a group."""
        return self.device.epochs.name_of(self.device.get(channel))

    async def search(self, query: str) -> Sequence[dict[str, Any]]:
        """The first page of the directory for a query."""
        answer = await self.device.http.get("/api/directory", {"q": query})
        with reading_answer():
            return list(answer["professionals"])

    async def open_direct(self, other: AccountId) -> ChannelId:
        """Find or begin the direct conversation with someone."""
        channel = direct_channel(self.account, other)
        await self._begin(channel, {self.account: "admin", other: "admin"}, "")
        return channel

    async def create_group(self, name: str, members: Iterable[AccountId]) -> ChannelId:
        """Begin a group; this account is its admin."""
        roles: dict[AccountId, Role] = dict.fromkeys(members, "member")
        channel = new_channel()
        await self._begin(channel, {**roles, self.account: "admin"}, name)
        return channel

    async def add_members(
        self, channel: ChannelId, members: Iterable[AccountId], *, with_past: bool = False
    ) -> None:
        """Let people in, with what was said before or without."""
        roles: dict[AccountId, Role] = dict.fromkeys(members, "member")
        await self._change(channel, Change(add=roles, with_past=with_past))

    async def remove_member(self, channel: ChannelId, member: AccountId) -> None:
        """Leave someone out from now on."""
        await self._change(channel, Change(remove=frozenset({member})))

    async def leave(self, channel: ChannelId, hand_over_to: AccountId | None = None) -> None:
        """Leave a group, perhaps after making someone else its admin in the same step."""
        roles: dict[AccountId, Role] = {hand_over_to: "admin"} if hand_over_to else {}
        conversation = self.device.get(channel)
        await self._change(channel, Change(remove=frozenset({self.account}), roles=roles))
        conversation.is_gone = True

    async def set_admin(self, channel: ChannelId, member: AccountId, *, is_admin: bool) -> None:
        """Make a member an admin, or no longer."""
        await self._change(channel, Change(roles={member: "admin" if is_admin else "member"}))

    async def set_retention(self, channel: ChannelId, days: int) -> EnvelopeId:
        """Choose how long messages stay, as an admin. Raises: as `send`."""
        path = f"/api/conversations/{channel}/retention"
        await self.device.http.ask("PUT", path, {"days": days})
        return await self.send(channel, Settings(retention_days=days))

    async def rename(self, channel: ChannelId, name: str) -> None:
        """Give a group another name."""
        await self._change(channel, Change(name=name))

    async def rotate(self, channel: ChannelId) -> None:
        """Begin a new epoch with the same members."""
        await self._change(channel, Change())

    async def send_text(self, channel: ChannelId, text: str) -> EnvelopeId:
        """Send a plain text. Raises: as `send`."""
        return await self.send(channel, Text(text))

    async def send(self, channel: ChannelId, said: Said) -> EnvelopeId:
        """
        Store what is said, send it, wait until the server has it for good.

        Raises: BadEnvelope: it is out of its bounds; ConnectionLost: it stays in the outbox and
        goes out on the next connection; ServerFailure: it was refused.
        """
        conversation = self.device.get(channel)
        pending = await sending.prepare(self.device, conversation, said)
        await self.connection.deliver(conversation, pending)
        return pending.header.envelope

    async def edit(self, channel: ChannelId, target: Target, text: str) -> EnvelopeId:
        """Give an own text other words. Raises: as `send`."""
        return await self.send(channel, Edit(target, text))

    async def delete(self, channel: ChannelId, target: Target) -> EnvelopeId:
        """Withdraw an own message for everyone. Raises: as `send`."""
        return await self.send(channel, Delete(target))

    async def react(self, channel: ChannelId, target: Target, emoji: str) -> EnvelopeId:
        """Put an emoji on a message; empty takes it back. Raises: as `send`."""
        return await self.send(channel, Reaction(target, emoji))

    async def take_charge(
        self, channel: ChannelId, target: Target, *, released: bool = False
    ) -> EnvelopeId:
        """Say that this person sees to what a message asks for, or no longer. Raises: as `send`."""
        return await self.send(channel, Taken(target, released))

    async def tell_availability(self, availability: Availability) -> None:
        """Say in every conversation when this person can be counted on. Raises: as `send`."""
        for channel in self.channels:
            await self.send(channel, availability)

    def availability_of(self, account: AccountId) -> Availability | None:
        """What they said last, where this account could read it; it may have ended."""
        told = [find_availability(self.messages(channel), account) for channel in self.channels]
        found = [availability for availability in told if availability]
        return max(found, key=lambda availability: availability.since_ms, default=None)

    async def mark_read(self, channel: ChannelId) -> None:
        """The person has seen everything there is."""
        position = self.device.get(channel).cursor
        await self.connection.ask(lambda ref: Ack(ref, channel, *position, Level.READ))

    async def typing(self, channel: ChannelId) -> None:
        """The person is writing."""
        await self.connection.ask(lambda ref: Typing(ref, channel))

    async def _begin(self, channel: ChannelId, roles: dict[AccountId, Role], name: str) -> None:
        conversation = self.device.get(channel)
        await self.device.update(conversation)
        if conversation.statement is None and not conversation.refused:
            await self.device.epochs.begin(conversation, Change(add=roles, name=name))
            conversation.is_gone = False
        self.device.require_sound(conversation)
        await self._after_change(channel)

    async def _change(self, channel: ChannelId, change: Change) -> None:
        conversation = self.device.get(channel)
        await self.device.update(conversation)
        self.device.require_sound(conversation)
        await self.device.epochs.begin(conversation, change)
        await self._after_change(channel)

    async def _after_change(self, channel: ChannelId) -> None:
        await self.device.save()
        self.connection.want(channel)
