"""A phone with the Python engine: everything it stores is one value, replaced whole."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, TypeVar

import httpx

from lien.client import Client, ConnectionLost, ServerFailure
from lien.client.blobs import BlobReference, download, seal, upload
from lien.client.recovery import make_recovery_code
from lien.client.retention import Bounds, kept_days
from lien.client.shown import Shown
from lien.clock import SystemClock
from lien.crypto.contents import Item, Media, Target, Text
from lien.ids import AccountId, ChannelId, DeviceId, EnvelopeId
from lien.protocol.codes import AfterClose, CloseCode, after_close
from tests.twelve.phone import Held, Key, Person, Phone
from tests.twelve.record import RETENTION_DAYS

_ATTEMPTS: Final = 8

_T = TypeVar("_T")


class PythonPhone(Phone):
    def __init__(self, name: str, person: Person, origin: str) -> None:
        super().__init__(name, person)
        self._origin = origin
        self._stored = b""
        self._client: Client
        self._is_revoked = False
        self._keeping: asyncio.Task[None] | None = None

    async def sign_up(self) -> None:
        client = await Client.enrol(self._origin, self.person.rpps)
        self.person.account = client.account
        await client.register_passkey(self.person.authenticator)
        await self._take(client)

    async def join(self) -> None:
        joined = await self._told(lambda: Client.join(self._origin, self.person.authenticator))
        await self._take(joined)

    async def be_online(self) -> None:
        self.is_away = False
        client = self._client
        last: Exception | None = None
        for _ in range(_ATTEMPTS):
            try:
                if _is_over(last):
                    await client.sign_in_express(self.person.authenticator)
                if not client.is_connected:
                    await client.connect()
                await client.settle(60)
                break
            except (httpx.TransportError, TimeoutError) as error:
                last = error  # a busy machine
            except (ServerFailure, ConnectionLost) as error:
                last = error
                if not _is_over(error):
                    await asyncio.sleep(1)  # the server has asked for patience
        else:
            raise AssertionError(f"{self.name} does not come online: {last!r}")
        await self._rest()
        self._keeping = asyncio.create_task(client.keep_connected())

    async def find_network(self) -> None:
        try:
            await self._client.connect()
        except ServerFailure as failure:
            self._is_revoked = failure.answer == "device_revoked"
        except (ConnectionLost, httpx.TransportError, TimeoutError):
            return  # a busy machine, or it was told by the close code
        self.is_away = False

    async def drop(self) -> None:
        self.is_away = True
        await self._rest()
        await self._client.disconnect()

    async def crash(self, channel: ChannelId | None, text: str) -> None:
        client, saying = self._client, None
        if channel is not None:
            saying = asyncio.create_task(client.send_text(channel, text))
            await asyncio.sleep(0.005)
        stored = self._stored  # what comes after this moment was never stored
        client.device.save_with(_nowhere)
        if saying is not None:
            saying.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await saying
        await self._rest()
        await client.close()
        again = Client.restore(stored, self._origin, SystemClock())
        await self._told(lambda: again.sign_in_express(self.person.authenticator))
        await self._take(again)

    async def discard(self) -> None:
        await self._rest()
        await self._client.close()
        self._stored = b""

    async def close(self) -> None:
        await self._rest()
        await self._client.close()

    async def channels(self) -> dict[ChannelId, set[AccountId]]:
        known = (self._client.device.get(channel) for channel in self._client.channels)
        return {one.channel: set(one.statement.accounts) for one in known if one.statement}

    async def send(self, channel: ChannelId, text: str) -> Key:
        return await self._said(channel, lambda: self._client.send_text(channel, text))

    @property
    def may_send_photograph(self) -> bool:
        # This engine uploads what it sends at once.
        return not self.is_away

    async def send_photograph(self, channel: ChannelId, text: str, content: bytes) -> Key:
        sealed = seal(content)
        for _ in range(_ATTEMPTS):
            with suppress(httpx.TransportError):  # a busy machine: it goes on where it was
                await upload(self._client.device.http, sealed, channel=channel)
                break
        one = sealed.reference
        item = Item(one.blob, one.key, one.size, one.hash, "image/jpeg", width=1, height=1)
        return await self._said(channel, lambda: self._client.send(channel, Media((item,), text)))

    async def open_photograph(self, channel: ChannelId, key: Key) -> bytes:
        content = self._client.device.get(channel).messages[key].content
        assert content is not None
        assert isinstance(content.said, Media)
        (one,) = content.said.items
        reference = BlobReference(one.blob, one.key, one.size, one.hash)
        return await self._told(lambda: download(self._client.device.http, reference))

    async def edit(self, channel: ChannelId, key: Key, text: str) -> None:
        await self._said(channel, lambda: self._client.edit(channel, Target(*key), text))

    async def delete(self, channel: ChannelId, key: Key) -> None:
        await self._said(channel, lambda: self._client.delete(channel, Target(*key)))

    async def create_group(self, name: str, members: list[AccountId]) -> ChannelId:
        return await self._told(lambda: self._client.create_group(name, members))

    async def open_direct(self, other: AccountId) -> ChannelId:
        return await self._told(lambda: self._client.open_direct(other))

    async def add(self, channel: ChannelId, member: AccountId, *, with_past: bool) -> None:
        await self._told(lambda: self._client.add_members(channel, [member], with_past=with_past))

    async def remove(self, channel: ChannelId, member: AccountId) -> None:
        await self._told(lambda: self._client.remove_member(channel, member))

    async def rotate(self, channel: ChannelId) -> None:
        await self._told(lambda: self._client.rotate(channel))

    async def set_retention(self, channel: ChannelId, days: int) -> None:
        await self._said(channel, lambda: self._client.set_retention(channel, days))

    async def kept_days(self, channel: ChannelId) -> int:
        return kept_days(self._client.device.get(channel), Bounds(RETENTION_DAYS))

    async def revoke(self, device: DeviceId) -> None:
        await self._told(lambda: self._client.revoke_device(device))

    async def make_code(self) -> str:
        return await self._told(lambda: make_recovery_code(self._client.device))

    async def is_wiped(self) -> bool:
        return self._is_revoked or self._client.close_code == CloseCode.REVOKED

    async def read(self, channel: ChannelId) -> list[Held]:
        if channel not in self._client.device.conversations:
            return []
        return [
            Held(
                one.message.key,
                one.message.position.offset if one.message.position else 0,
                one.message.header.account,
                one.message.at_ms,
                _words(one),
                one.is_deleted,
                one.message.problem,
            )
            for one in self._client.view(channel)
        ]

    async def shows(self, channel: ChannelId, key: Key) -> bool:
        return key in self._client.device.get(channel).messages

    async def describe(self, channel: ChannelId) -> str:
        client, one = self._client, self._client.device.get(channel)
        return (
            f"{self.name}: connected {client.is_connected}, closed {client.close_code}, "
            f"cursor {one.cursor}, epoch {one.epoch}, keys {sorted(one.keys)}, gone {one.is_gone}, "
            f"refused {one.refused!r}, outbox {len(one.outbox)}"
        )

    async def _take(self, client: Client) -> None:
        self._client = client
        self.device = client.device.keyring.device
        self.is_away = False

        async def keep(state: bytes) -> None:
            if client is self._client:
                self._stored = state

        client.save_with(keep)
        await client.device.save()
        await self.be_online()

    async def _rest(self) -> None:
        """Connect no more by itself."""
        if self._keeping is not None:
            self._keeping.cancel()
            with suppress(asyncio.CancelledError, ConnectionLost, ServerFailure):
                await self._keeping
            self._keeping = None

    async def _told(self, do: Callable[[], Awaitable[_T]]) -> _T:
        """Once more where the answer was lost on a busy machine."""
        for _ in range(_ATTEMPTS):
            with suppress(httpx.TransportError):
                return await do()
        raise AssertionError(f"{self.name} has no answer")

    async def _said(self, channel: ChannelId, say: Callable[[], Awaitable[EnvelopeId]]) -> Key:
        """Whatever became of the sending, it is in the outbox or in the log."""
        outbox = self._client.device.get(channel).outbox
        before = set(outbox)
        for _ in range(_ATTEMPTS):
            try:
                return self.device, await say()
            except (ConnectionLost, httpx.TransportError):
                if stored := set(outbox) - before:
                    (key,) = stored
                    return key
                # Lost on a busy machine before there was an epoch to seal it in: told once more.
        raise AssertionError(f"{self.name} cannot say anything in {channel}")


def _words(one: Shown) -> str:
    return one.said.text if isinstance(one.said, Text | Media) and not one.is_deleted else ""


def _is_over(error: Exception | None) -> bool:
    """The session: a person signs in again."""
    if isinstance(error, ConnectionLost):
        return after_close(error.close_code) is AfterClose.SIGN_IN
    return isinstance(error, ServerFailure) and error.answer == "not_signed_in"


async def _nowhere(_: object) -> None:
    return
