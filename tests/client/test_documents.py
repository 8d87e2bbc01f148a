"""Documents end to end: a gateway registered by the operator, a phone that opens what it sends."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from lien.client import Client, ServerFailure, SoftwareAuthenticator
from lien.client import gateway as gateways
from lien.client.blobs import seal, upload
from lien.client.documents import NO_KEY, REFUSED, open_received
from lien.client.gateway import BadAttestor, GatewayContacts, GatewayHttp
from lien.client.http import Http
from lien.client.state import decode_device, encode_device
from lien.clock import SystemClock
from lien.crypto.attestor import Attestors
from lien.crypto.document_content import Document
from lien.crypto.envelope import encode_header
from lien.crypto.filing import BlobKey, Page
from lien.crypto.signing import SigningKey
from lien.ids import AccountId, DocumentId, GatewayId, b64encode, new_id
from tests.client.conftest import Enrol
from tests.running import RunningServer
from tests.vectors.make_documents import a_document

PDF = b"%PDF-1.4 " + bytes(200_000)


class Hospital:
    """A registered gateway without its intake."""

    def __init__(self, http: GatewayHttp, gateway: GatewayId, key: SigningKey) -> None:
        self.http, self.gateway, self.key = http, gateway, key
        self.contacts = GatewayContacts(http, Attestors(()))

    @classmethod
    async def register(cls, server: RunningServer) -> "Hospital":
        code = await server.allow_gateway("CHU FICTIF")
        http = GatewayHttp(server.origin, SystemClock())
        gateway, key = GatewayId(new_id()), SigningKey.generate()
        _, certificate, attestor = await gateways.register(http, code, gateway, key)
        assert certificate.name == "CHU FICTIF"
        made = cls(http, gateway, key)
        made.contacts = GatewayContacts(http, Attestors.of(attestor))
        http.deliver_as(gateway, key)
        return made

    async def document(self, *readers: AccountId, body: bytes = PDF) -> Document:
        sealed = seal(body)
        await upload(self.http, sealed, accounts=readers)
        one = sealed.reference
        page = Page("pdf", "application/pdf", BlobKey(one.blob, one.key, one.size, one.hash))
        return replace(
            a_document(),
            document=DocumentId(new_id()),
            body=page,
            attachments=(),
            sealed_at_ms=self.http.now_ms(),
        )

    async def deliver(self, document: Document, account: AccountId) -> str | None:
        state = await self.contacts.refresh(account)
        delivery = gateways.seal_for(self.gateway, self.key, document, state)
        (done,) = await gateways.deliver(self.http, [delivery])
        return done.code


@pytest.fixture
async def hospital(server: RunningServer) -> AsyncIterator[Hospital]:
    made = await Hospital.register(server)
    yield made
    await made.http.close()


async def test_a_document_reaches_its_recipient_and_nobody_else(
    enrol: Enrol, hospital: Hospital
) -> None:
    reader, other = await enrol(), await enrol()
    document = await hospital.document(reader.account)

    assert await hospital.deliver(document, reader.account) is None
    await reader.until(lambda: bool(reader.documents))

    (received,) = reader.documents
    assert (received.content, received.problem) == (document, "")
    assert received.gateway_name == "CHU FICTIF"
    assert document.body is not None
    assert await reader.fetch(document.body.blob) == PDF
    with pytest.raises(ServerFailure) as refused:
        await other.fetch(document.body.blob)
    assert refused.value.answer == "not_found"
    assert other.documents == []


async def test_a_document_survives_a_restart_and_reaches_a_second_device(
    enrol: Enrol, hospital: Hospital
) -> None:
    reader = await enrol()
    document = await hospital.document(reader.account)
    await hospital.deliver(document, reader.account)
    await reader.until(lambda: bool(reader.documents))

    kept = encode_device(reader.device)
    async with Http(reader.device.http.origin, SystemClock()) as http:
        again = decode_device(kept, http)
    assert [one.content for one in again.documents.values()] == [document]


async def test_a_revoked_gateway_is_refused_by_server_and_phone(
    enrol: Enrol, hospital: Hospital, server: RunningServer
) -> None:
    """The phone judges by itself: a server that let one through would be told apart."""
    reader = await enrol()
    early = await hospital.document(reader.account)
    assert await hospital.deliver(early, reader.account) is None
    await reader.until(lambda: bool(reader.documents))

    server.run("gateway", "revoke", "--yes", "--", hospital.gateway)

    with pytest.raises(ServerFailure) as refused:
        await hospital.deliver(early, reader.account)
    assert refused.value.answer == "gateway_revoked"
    (kept,) = reader.documents
    assert kept.problem == ""
    known = await reader.device.gateways.get(reader.device, hospital.gateway)
    later = replace(kept, at_ms=reader.device.http.now_ms() + 120_000, content=None)
    reader.device.gateways = type(reader.device.gateways)()
    await open_received(reader.device, later, encode_header(later.header))
    assert (later.content, later.problem) == (None, REFUSED)
    assert known.revoked_at_ms == 0


async def test_wrong_and_unregistered_keys_open_no_door(
    enrol: Enrol, hospital: Hospital, server: RunningServer
) -> None:
    reader = await enrol()
    document = await hospital.document(reader.account)
    impostor = Hospital(
        GatewayHttp(server.origin, SystemClock()), hospital.gateway, SigningKey.generate()
    )
    stranger = Hospital(
        GatewayHttp(server.origin, SystemClock()), GatewayId(new_id()), SigningKey.generate()
    )
    state = await hospital.contacts.refresh(reader.account)
    for one in (impostor, stranger):
        one.http.deliver_as(one.gateway, one.key)
        delivery = gateways.seal_for(one.gateway, one.key, document, state)
        with pytest.raises(ServerFailure) as refused:
            await gateways.deliver(one.http, [delivery])
        assert refused.value.answer == "gateway_unknown"
        await one.http.close()
    forged = replace(document, document=DocumentId(new_id()))
    delivery = gateways.seal_for(hospital.gateway, SigningKey.generate(), forged, state)
    (done,) = await gateways.deliver(hospital.http, [delivery])
    assert done.code is None  # sealed: the server cannot tell
    await reader.until(lambda: bool(reader.documents))
    assert [(one.content, one.problem) for one in reader.documents] == [(None, "bad_seal")]


async def test_another_server_is_not_registered_with(server: RunningServer) -> None:
    key = SigningKey.generate()
    async with GatewayHttp(server.origin, SystemClock()) as http:
        with pytest.raises(BadAttestor):
            await gateways.register(http, b64encode(bytes(32)), GatewayId(new_id()), key)


async def test_a_second_device_and_a_rotated_secret_open_everything(
    enrol: Enrol, hospital: Hospital
) -> None:
    reader = await enrol()
    first = await hospital.document(reader.account)
    await hospital.deliver(first, reader.account)
    authenticator = SoftwareAuthenticator()
    await reader.register_passkey(authenticator)
    async with await Client.join(reader.device.http.origin, authenticator) as tablet:
        await tablet.connect()
        await tablet.until(lambda: bool(tablet.documents))
        assert [one.content for one in tablet.documents] == [first]
        await reader.revoke_device(tablet.device.keyring.device)

    second = await hospital.document(reader.account)
    await hospital.deliver(second, reader.account)

    await reader.until(lambda: len(reader.documents) == 2)
    assert [one.content for one in reader.documents] == [first, second]
    assert [one.header.epoch for one in reader.documents] == [1, 2]


async def test_what_came_before_its_secret_is_opened_when_the_secret_is_here(
    enrol: Enrol, hospital: Hospital
) -> None:
    reader, authenticator = await enrol(), SoftwareAuthenticator()
    await reader.register_passkey(authenticator)
    origin = reader.device.http.origin
    await reader.disconnect()  # or it would seal the secret to the other one
    async with await Client.join(origin, authenticator) as tablet:
        keyring = tablet.device.keyring
        wrappings, keyring.wrappings = keyring.wrappings, {}
        keyring.secrets.clear()
        await tablet.connect()
        document = await hospital.document(reader.account)
        await hospital.deliver(document, reader.account)
        await tablet.until(lambda: bool(tablet.documents))
        assert [(one.content, one.problem) for one in tablet.documents] == [(None, NO_KEY)]

        keyring.wrappings = wrappings
        # Another device joins: the notice of it makes this one look for what it lacks.
        async with await Client.join(origin, authenticator):
            await tablet.until(lambda: tablet.documents[0].content == document)
        assert tablet.documents[0].problem == ""
