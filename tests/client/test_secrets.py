"""The account's secrets come late, or another one than was meant: every key that may open does."""

from collections.abc import Mapping
from contextlib import suppress
from itertools import count
from typing import Any

import httpx

from lien.client import Client, SoftwareAuthenticator
from lien.client.device import Device
from lien.client.epochs import Change
from lien.client.http import Http
from lien.client.state import decode_device, encode_device
from lien.clock import SystemClock
from lien.crypto.account import AccountSecret
from lien.crypto.chain import ChainState, RotateSecret, apply, make_link, replay
from lien.ids import ChannelId
from tests.client.conftest import Enrol
from tests.client.people import ATTESTORS, Person
from tests.running import RunningServer


class FailingHttp(Http):
    """A network that fails at one request, counted from 1, and only there."""

    def __init__(self, origin: str, fails_at: int) -> None:
        super().__init__(origin, SystemClock())
        self._fails_at, self._asked = fails_at, 0

    @property
    def has_failed(self) -> bool:
        return self._asked >= self._fails_at

    async def ask(
        self, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        self._asked += 1
        if self._asked == self._fails_at:
            raise httpx.ConnectError("no network")
        return await super().ask(method, path, body)


def rotated(person: Person, *secrets: AccountSecret) -> ChainState:
    """The chain of a person after rotations to these secrets."""
    keyring, state = person.keyring, replay(person.links, ATTESTORS)
    for generation, secret in enumerate(secrets, start=2):
        body = RotateSecret(generation, secret.signing.public, secret.sealing.public)
        state = apply(state, make_link(state, body, keyring.signer, generation), ATTESTORS)
    return state


def test_a_rotation_that_did_not_come_through_is_forgotten_however_late() -> None:
    anne, own, first, second = Person(), *(AccountSecret.generate() for _ in range(3))
    keyring = anne.keyring
    keyring.secrets[2] = own

    keyring.drop_refused(rotated(anne))
    assert sorted(keyring.secrets) == [1, 2]  # undecided: the server may still take it
    state = rotated(anne, first, second)
    assert keyring.find_secret(2, state) is None
    keyring.drop_refused(state)

    assert sorted(keyring.secrets) == [1]


async def test_a_network_that_fails_anywhere_costs_no_key(
    enrol: Enrol, server: RunningServer
) -> None:
    """Not even that of an epoch whose successor does not share it."""
    anne, bruno, chloe = await enrol(), await enrol(), await enrol()
    passkey = SoftwareAuthenticator(is_synced=True)
    await bruno.register_passkey(passkey)
    channel = await anne.create_group("Bloc", [bruno.account])
    await bruno.until(lambda: channel in bruno.channels)
    await bruno.settle()
    await bruno.disconnect()
    before = bruno.export()
    await rotate_elsewhere(passkey, server)
    await anne.rotate(channel)  # sealed to a secret that the phone in the drawer has not read
    await anne.add_members(channel, [chloe.account])

    for fails_at in count(1):
        failing = FailingHttp(server.origin, fails_at)
        phone = signed_in(before, failing, bruno)
        with suppress(httpx.ConnectError):
            await phone.update(phone.get(channel))
        await failing.close()
        if not failing.has_failed:
            break
        async with Http(server.origin, SystemClock()) as http:
            again = signed_in(encode_device(phone), http, bruno)
            await again.update(again.get(channel))
            assert sorted(again.get(channel).keys) == [1, 2, 3], f"failed at request {fails_at}"

    assert fails_at > 3


async def test_what_waited_for_a_secret_opens_when_another_phone_has_sealed_it(
    enrol: Enrol, server: RunningServer
) -> None:
    anne, bruno = await enrol(), await enrol()
    channel = await anne.create_group("Bloc", [bruno.account])
    passkey = SoftwareAuthenticator(is_synced=True)
    await bruno.register_passkey(passkey)
    tablet, lost = [await Client.join(server.origin, passkey) for _ in range(2)]
    async with tablet, lost:
        # Nothing of the vault opens for it, and nobody has sealed the new secret to it yet.
        tablet.device.keyring.wrappings.clear()
        await bruno.revoke_device(lost.device.keyring.device)
        await bruno.disconnect()
        await begin_without_past(anne, channel)
        await anne.send_text(channel, "pour plus tard")
        await tablet.connect()
        await tablet.until(lambda: bool(tablet.messages(channel)))
        assert [one.problem for one in tablet.messages(channel)] == ["no_key"]

        await bruno.connect()

        await tablet.until(lambda: tablet.texts(channel) == ["pour plus tard"])
        assert [one.problem for one in tablet.messages(channel)] == [""]


async def rotate_elsewhere(passkey: SoftwareAuthenticator, server: RunningServer) -> None:
    """Another phone of this person revokes a third one."""
    other, lost = [await Client.join(server.origin, passkey) for _ in range(2)]
    async with other, lost:
        await other.revoke_device(lost.device.keyring.device)


async def begin_without_past(client: Client, channel: ChannelId) -> None:
    device = client.device
    await device.epochs.begin(device.get(channel), Change(with_past=False))


def signed_in(state: bytes, http: Http, client: Client) -> Device:
    """The device as it was stored, in the session of one that is there."""
    assert client.session is not None
    device = decode_device(state, http)
    http.cookies.update(client.device.http.cookies)
    http.learn_time(client.device.http.now_ms())
    http.sign_as(client.session.session, device.keyring.key)
    return device
