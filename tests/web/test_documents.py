"""Gateways at the door: who is let in, to whom they deliver, and what people did with it."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from lien.accounts.models import Earlier
from lien.audit import Actor, EventKind
from lien.conversations import RESUME_BYTES
from lien.crypto.account import AccountSecret, seal_earlier
from lien.crypto.audit_key import audit_key_id, open_audit_key, open_audit_note, seal_audit_note
from lien.crypto.chain import make_link
from lien.crypto.document import delivery_header, open_document, seal_document
from lien.crypto.gateway import Attested, open_certificate, open_revocation
from lien.crypto.link import RotateSecret, Signer
from lien.crypto.sealing import SealingKey
from lien.crypto.trace import Note, open_note, seal_note
from lien.ids import DocumentId, b64decode, b64encode, inbox_channel, new_id
from lien.protocol.frames import Entry
from lien.protocol.positions import Cursor
from tests.directory.rows import NUMBERS
from tests.vectors.make_documents import a_document
from tests.web.hospital import Hospital, another_document
from tests.web.signing_in import Deployment, Phone, error_of

NAME = "CHU FICTIF, comptes rendus"


@pytest.fixture
async def hospital(deployment: Deployment) -> AsyncIterator[Hospital]:
    """A registered gateway."""
    made = Hospital(deployment, deployment.browser())
    answer = await made.register(await deployment.documents.allow(NAME, "970000001", 30))
    assert answer.status_code == 200, answer.text
    yield made
    await made.http.aclose()


async def inbox(phone: Phone) -> list[Entry]:
    """Every document of a phone's inbox."""
    channel = inbox_channel(phone.account)
    found = await phone.deployment.conversations.resume(
        phone.account, [Cursor(channel, 0, 0)], RESUME_BYTES
    )
    entries = [push for push in found.pushes if isinstance(push, Entry)]
    return [entry for entry in entries if entry.header[-1] == 4]


async def rotate(phone: Phone) -> AccountSecret:
    """Give a phone's account its second secret."""
    accounts, newer = phone.deployment.accounts, AccountSecret.generate()
    body = RotateSecret(2, newer.signing.public, newer.sealing.public)
    state = await accounts.get_chain(phone.account)
    link = make_link(state, body, Signer.device(phone.device, phone.key), 1)
    earlier = Earlier(1, seal_earlier(newer, phone.secret, phone.account, 1))
    await accounts.append_links(phone.account, [link], [earlier], [])
    return newer


# Registration


async def test_a_code_registers_one_key_once(deployment: Deployment) -> None:
    code = await deployment.documents.allow(NAME, "970000001", 30)
    first = Hospital(deployment, deployment.browser())
    second = Hospital(deployment, deployment.browser())

    answer = await first.register(code)
    again = await first.register(code)
    other = await second.register(code)

    found = {name: b64decode(value) for name, value in answer.json().items()}
    attested = Attested(found["certificate"], found["signature"])
    certificate = open_certificate(attested, deployment.attestor.public)
    assert (certificate.gateway, certificate.name) == (first.gateway, NAME)
    assert certificate.public == first.key.public
    assert again.json() == answer.json()
    assert (other.status_code, error_of(other)) == (403, "bad_registration_code")
    await first.http.aclose()
    await second.http.aclose()


async def test_what_is_no_code_registers_nothing(deployment: Deployment) -> None:
    stranger = Hospital(deployment, deployment.browser())
    never = b64encode(bytes(32))
    over = await deployment.documents.allow(NAME, "", 30)
    secret_of_another = Hospital(deployment, stranger.http, gateway=stranger.gateway)

    assert error_of(await stranger.register(never)) == "bad_registration_code"
    body = {
        "code": over[:22],
        "gateway": stranger.gateway,
        "public": b64encode(stranger.key.public),
        "proof": b64encode(secret_of_another.key.sign("lien/v1/gateway-registration", b"")),
    }
    refused = await stranger.http.post("/api/gateways/registration", json=body)
    assert refused.status_code in (400, 403)
    for days in (0, 4_000):
        with pytest.raises(Exception, match="days"):
            await deployment.documents.allow(NAME, "", days)
    with pytest.raises(Exception, match="name"):
        await deployment.documents.allow("", "", 30)
    await stranger.http.aclose()


# Who is let in


async def test_a_gateway_proves_every_request(hospital: Hospital) -> None:
    served = await hospital.call("GET", "/api/gateway")
    assert served.json()["gateway"] == hospital.gateway

    clock = hospital.deployment.clock
    old = hospital.proof("GET", "/api/gateway")
    other_path = hospital.proof("GET", "/api/gateway/recipients")
    impostor = Hospital(hospital.deployment, hospital.http, gateway=hospital.gateway)
    unregistered = Hospital(hospital.deployment, hospital.http)
    for proof in (
        "",
        "nonsense",
        other_path,
        impostor.proof("GET", "/api/gateway"),
        unregistered.proof("GET", "/api/gateway"),
    ):
        answer = await hospital.http.get("/api/gateway", headers={"Lien-Gateway": proof})
        assert (answer.status_code, error_of(answer)) == (401, "gateway_unknown")

    clock.advance(seconds=61)
    answer = await hospital.http.get("/api/gateway", headers={"Lien-Gateway": old})
    assert error_of(answer) == "gateway_unknown"


async def test_a_revoked_gateway_is_out_at_once(hospital: Hospital, phone: Phone) -> None:
    delivery = hospital.delivery(another_document(), phone)

    await hospital.deployment.documents.revoke(hospital.gateway)

    body = {"deliveries": [delivery]}
    answer = await hospital.call("POST", "/api/gateway/deliveries", body)
    assert (answer.status_code, error_of(answer)) == (403, "gateway_revoked")
    assert await inbox(phone) == []
    shown = (await phone.call("GET", f"/api/gateways/{hospital.gateway}")).json()
    ended = Attested(
        b64decode(shown["revocation"]["revocation"]), b64decode(shown["revocation"]["signature"])
    )
    revocation = open_revocation(ended, hospital.deployment.attestor.public)
    assert revocation.revoked_at_ms == hospital.deployment.clock.now_ms()

    hospital.deployment.clock.advance(seconds=5)
    await hospital.deployment.documents.revoke(hospital.gateway)  # the first instant stands
    found = await hospital.deployment.documents.get_gateway(hospital.gateway)
    assert found.revoked_at_ms == revocation.revoked_at_ms
    assert [one.gateway for one in await hospital.deployment.documents.list_gateways()] == [
        hospital.gateway
    ]


async def test_a_certificate_ends(hospital: Hospital) -> None:
    hospital.deployment.clock.advance(days=31)

    answer = await hospital.call("GET", "/api/gateway")

    assert error_of(answer) == "gateway_unknown"


async def test_people_see_whose_a_gateway_is(hospital: Hospital, phone: Phone) -> None:
    shown = (await phone.call("GET", f"/api/gateways/{hospital.gateway}")).json()

    attested = Attested(b64decode(shown["certificate"]), b64decode(shown["signature"]))
    certificate = open_certificate(attested, hospital.deployment.attestor.public)
    assert (certificate.name, certificate.structure) == (NAME, "970000001")
    assert shown["revocation"] is None
    assert (await phone.call("GET", f"/api/gateways/{new_id()}")).status_code == 404


# Delivering


async def test_recipients_are_looked_up_by_number(hospital: Hospital, phone: Phone) -> None:
    numbers = [NUMBERS[0], NUMBERS[1], "00000000000"]

    answer = await hospital.call("POST", "/api/gateway/recipients", {"numbers": numbers})

    with_account, without, unknown = answer.json()["recipients"]
    assert (with_account["known"], with_account["account"]) == (True, phone.account)
    assert (without["known"], without["account"]) == (True, None)
    assert without["name"]
    assert without["profession"]
    assert (unknown["known"], unknown["account"], unknown["name"]) == (False, None, "")


async def test_a_chain_is_shown_to_gateways(hospital: Hospital, phone: Phone) -> None:
    answer = await hospital.call("GET", f"/api/gateway/accounts/{phone.account}/chain?after=-1")

    assert len(answer.json()["links"]) == 2
    nobody = await hospital.call("GET", f"/api/gateway/accounts/{new_id()}/chain")
    assert nobody.status_code == 404


async def test_a_document_arrives_once(hospital: Hospital, phone: Phone) -> None:
    document = another_document()

    (first,) = await hospital.deliver(hospital.delivery(document, phone))
    (again,) = await hospital.deliver(hospital.delivery(document, phone))  # sealed anew

    assert first["code"] is None
    assert again == first
    (entry,) = await inbox(phone)
    assert (entry.offset, entry.at_ms) == (first["offset"], first["at_ms"])
    opened = open_document(
        entry.header,
        entry.sealed,
        secret=phone.secret,
        expected_gateway_public=hospital.key.public,
    )
    assert opened == document
    shown = str(hospital.deployment.telemetry.counters)
    assert "DOCUMENTS_DELIVERED" in shown


async def test_each_refusal_is_its_own(hospital: Hospital, phone: Phone) -> None:
    other = Hospital(hospital.deployment, hospital.http)
    stranger = replace(phone, account=type(phone.account)(new_id()))
    garbage = {"header": b64encode(b"x"), "sealed": b64encode(b"y")}
    message = delivery_header(hospital.gateway, a_document(), phone.account, 1)
    clear, sealed = seal_document(
        replace(message, channel=inbox_channel(stranger.account)),
        a_document(),
        hospital.key,
        phone.secret.sealing.public,
    )
    results = await hospital.deliver(
        hospital.delivery(another_document(), phone),
        other.delivery(another_document(), phone),
        hospital.delivery(another_document(), stranger),
        hospital.delivery(another_document(), phone, generation=2),
        {"header": b64encode(clear), "sealed": b64encode(sealed)},
        garbage,
    )

    assert [one["code"] for one in results] == [
        None,
        "bad_document",
        "not_found",
        "old_generation",
        "bad_document",
        "bad_envelope",
    ]
    assert len(await inbox(phone)) == 1


async def test_a_rotation_asks_for_the_new_secret(hospital: Hospital, phone: Phone) -> None:
    document = another_document()
    newer = await rotate(phone)

    (old,) = await hospital.deliver(hospital.delivery(document, phone))
    phone.secret = newer
    (new,) = await hospital.deliver(hospital.delivery(document, phone, generation=2))

    assert (old["code"], new["code"]) == ("old_generation", None)


async def test_nobody_delivers_to_who_was_struck_off(hospital: Hospital, phone: Phone) -> None:
    await hospital.deployment.standings.suspend(phone.account, Actor.OPERATOR, "operator")

    (refused,) = await hospital.deliver(hospital.delivery(another_document(), phone))

    assert refused["code"] == "recipient_departed"
    assert await inbox(phone) == []


async def test_a_chain_that_grew_meanwhile_is_judged_again(
    hospital: Hospital, phone: Phone
) -> None:
    """Between the judgement and the append no link comes in unseen."""
    documents, document = hospital.deployment.documents, another_document()
    header = delivery_header(hospital.gateway, document, phone.account, 1)
    clear, sealed = seal_document(header, document, hospital.key, phone.secret.sealing.public)
    store = documents._store

    assert await store.append(header, clear, sealed, 1, 1) is None
    assert await store.append(header, clear, sealed, 2, 1) is not None


async def test_a_harvest_of_numbers_is_slowed(hospital: Hospital) -> None:
    body = {"numbers": [NUMBERS[5]] * 100}
    for _ in range(50):
        assert (await hospital.call("POST", "/api/gateway/recipients", body)).status_code == 200

    slowed = await hospital.call("POST", "/api/gateway/recipients", body)

    assert (slowed.status_code, error_of(slowed)) == (429, "too_many")


# Traces


async def test_what_was_done_with_a_document_is_written_down(phone: Phone) -> None:
    document = DocumentId(new_id())
    note = Note("Radiographie", "FICTIF-GRONDIN Jean", "")
    sealed = seal_note(note, phone.secret.sealing.public, phone.account, 1, document, "opened")
    body = {"kind": "opened", "generation": 1, "note": b64encode(sealed), "audit": None}

    assert (await phone.call("POST", f"/api/documents/{document}/traces", body)).json() == {}

    (kept,) = (await phone.call("GET", "/api/documents/traces")).json()["traces"]
    assert (kept["kind"], kept["document"], kept["device"]) == ("opened", document, phone.device)
    read = open_note(
        b64decode(kept["note"]), phone.secret.sealing, phone.account, 1, document, "opened"
    )
    assert read == note
    page = await phone.deployment.trail.list_own(phone.account)
    event = page.entries[0].event
    assert event.kind is EventKind.DOCUMENT_OPENED
    assert (event.subject, event.note) == (document, phone.device)


async def test_a_trace_is_sealed_to_the_controllers_present_key_as_well(phone: Phone) -> None:
    controller, documents = SealingKey.from_seed(bytes(32)), phone.deployment.documents
    answer = (await phone.call("GET", "/api/documents/audit-key")).json()
    assert answer == {"audit_key": None}
    documents.use_audit_key(controller.public)
    answer = (await phone.call("GET", "/api/documents/audit-key")).json()["audit_key"]
    attested = Attested(b64decode(answer["key"]), b64decode(answer["signature"]))
    attestor = phone.deployment.attestor.public
    assert open_audit_key(attested, attestor) == controller.public

    document, note = DocumentId(new_id()), Note("Radiographie", "FICTIF-GRONDIN Jean", "")
    about = (phone.account, phone.device, document, "opened")
    sealed = b64encode(seal_audit_note(note, controller.public, *about))
    names = (None, new_id(), audit_key_id(controller.public))
    for name, status in zip(names, (409, 409, 200), strict=True):
        audit = None if name is None else {"key": name, "note": sealed}
        body = {"kind": "opened", "generation": 1, "note": "AA", "audit": audit}
        said = await phone.call("POST", f"/api/documents/{document}/traces", body)
        assert said.status_code == status
    page = await documents.list_traces(phone.account)
    (kept,) = page.traces
    assert kept.trace.audit
    assert open_audit_note(kept.trace.audit.note, controller, *about) == note


async def test_traces_come_in_pages(phone: Phone) -> None:
    document = DocumentId(new_id())
    body = {"kind": "shared", "generation": 1, "note": b64encode(b"sealed"), "audit": None}
    for _ in range(53):
        await phone.call("POST", f"/api/documents/{document}/traces", body)

    first = (await phone.call("GET", "/api/documents/traces")).json()
    second = (await phone.call("GET", f"/api/documents/traces?before={first['before']}")).json()

    assert (len(first["traces"]), len(second["traces"]), second["before"]) == (50, 3, 0)
    numbers = [one["number"] for one in (*first["traces"], *second["traces"])]
    assert numbers == sorted(set(numbers), reverse=True)


async def test_a_trace_is_bounded(phone: Phone) -> None:
    for body in (
        {"kind": "burnt", "generation": 1, "note": "AA"},
        {"kind": "opened", "generation": 0, "note": "AA"},
        {"kind": "opened", "generation": 1, "note": b64encode(bytes(4_097))},
    ):
        whole = {**body, "audit": None}
        answer = await phone.call("POST", f"/api/documents/{new_id()}/traces", whole)
        assert answer.status_code == 400
    wrong = await phone.call("POST", "/api/documents/x/traces", {})
    assert wrong.status_code == 400
