"""Documents: sealed to one account, signed by one gateway, strict in every field."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lien.crypto import audit_key, document, trace
from lien.crypto.account import AccountSecret
from lien.crypto.document_content import BadDocument, Document, encode_content
from lien.crypto.envelope import BadEnvelope, Kind
from lien.crypto.filing import Action, Filing, Patient, Reader
from lien.crypto.gateway import Attested
from lien.crypto.sealing import SealingKey
from lien.crypto.suite import BadSeal
from lien.errors import LienError, Malformed
from lien.ids import DocumentId, RppsNumber, new_id
from tests.crypto.vectors import Vector, entries
from tests.vectors.crypto_parts.people import ANNE, BRUNO
from tests.vectors.make_crypto import hexed
from tests.vectors.make_documents import GATEWAY, GATEWAY_KEY, a_document, named


def open_vector(vector: Vector) -> Document:
    return document.open_document(
        vector.bytes_of("header"),
        vector.bytes_of("sealed"),
        secret=AccountSecret.from_bytes(vector.bytes_of("secret")),
        expected_gateway_public=vector.bytes_of("gateway_public"),
    )


@entries("documents")
def test_a_document_opens(vector: Vector) -> None:
    found = open_vector(vector)

    assert hexed(named(found)) == vector["content"]
    header = document.require_delivery(vector.bytes_of("header"))
    assert header == document.delivery_header(GATEWAY, found, ANNE.account, 1)
    assert header.kind is Kind.DOCUMENT


@entries("document_refused")
def test_a_document_is_refused(vector: Vector) -> None:
    with pytest.raises(LienError) as refused:
        open_vector(vector)

    assert refused.value.code == vector["code"]


@entries("document_ids")
def test_an_id_is_the_same_for_ever(vector: Vector) -> None:
    assert document.document_id(vector.bytes_of("key"), vector["source"]) == vector["document"]
    assert document.document_id(bytes(32), vector["source"]) != vector["document"]


def test_a_delivery_has_one_id_for_one_act() -> None:
    """A retry of the gateway is no second delivery; a new version, or its withdrawal, is one."""
    first = a_document()
    gone = replace(first, action=Action.WITHDRAW, body=None, attachments=())
    ids = {
        document.delivery_header(GATEWAY, each, account, generation).envelope
        for each in (first, replace(first, version=2), gone)
        for account in (ANNE.account, BRUNO.account)
        for generation in (1, 2)
    }

    assert len(ids) == 6


@given(st.data())
def test_every_changed_byte_is_refused(data: st.DataObject) -> None:
    header = document.delivery_header(GATEWAY, a_document(), ANNE.account, 1)
    clear, sealed = document.seal_document(
        header, a_document(), GATEWAY_KEY, ANNE.secret.sealing.public
    )
    changed = bytearray(clear + sealed)
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= data.draw(st.integers(1, 255))

    with pytest.raises((BadSeal, BadDocument, BadEnvelope)):
        document.open_document(
            bytes(changed[: len(clear)]),
            bytes(changed[len(clear) :]),
            secret=ANNE.secret,
            expected_gateway_public=GATEWAY_KEY.public,
        )


def test_what_does_not_fit_is_not_sealed() -> None:
    first = a_document()
    many = tuple(Reader(RppsNumber("99000000026"), "é" * 128, "x") for _ in range(51))
    for wrong in (
        replace(first, readers=many),
        replace(first, body=None),
        replace(first, document=DocumentId("nothing")),
        replace(first, patient=Patient(oid="1.2")),
        replace(first, filing=Filing("x", "x", "x", "x" * 501, "", "")),
    ):
        with pytest.raises(BadDocument):
            encode_content(wrong)


def test_a_document_prints_nothing_of_itself() -> None:
    first = a_document()
    shown = repr(first) + repr(first.patient) + repr([*first.readers, *first.authors, first.body])

    assert "FICTIF" not in shown
    assert "185039" not in shown


@entries("traces")
def test_a_note_opens_for_its_author(vector: Vector) -> None:
    key = AccountSecret.from_bytes(vector.bytes_of("secret")).sealing
    about = (vector["account"], vector["generation"], vector["document"], vector["kind"])
    sealed = vector.bytes_of("sealed")

    assert named(trace.open_note(sealed, key, *about)) == vector["note"]
    with pytest.raises(BadSeal):
        trace.open_note(sealed, key, *about[:3], "opened")
    with pytest.raises(BadSeal):
        trace.open_note(sealed, BRUNO.secret.sealing, *about)


@entries("audit_keys")
def test_the_audit_key_is_the_one_that_the_attestor_signed(vector: Vector) -> None:
    attested = Attested(vector.bytes_of("bytes"), vector.bytes_of("signature"))
    public = audit_key.open_audit_key(attested, vector.bytes_of("attestor_public"))

    assert public == vector.bytes_of("public")
    assert audit_key.audit_key_id(public) == vector["key"]


@entries("audit_key_refused")
def test_another_audit_key_is_refused(vector: Vector) -> None:
    attested = Attested(vector.bytes_of("bytes"), vector.bytes_of("signature"))
    with pytest.raises(Malformed):
        audit_key.open_audit_key(attested, vector.bytes_of("attestor_public"))


@entries("audit_notes")
def test_a_note_opens_for_the_controller_for_who_did_it_only(vector: Vector) -> None:
    key = SealingKey.from_seed(vector.bytes_of("seed"))
    about = tuple(vector[name] for name in ("account", "device", "document", "kind"))
    sealed = vector.bytes_of("sealed")

    assert named(audit_key.open_audit_note(sealed, key, *about)) == vector["note"]
    for wrong in ((BRUNO.account, *about[1:]), (*about[:3], "opened")):
        with pytest.raises(BadSeal):
            audit_key.open_audit_note(sealed, key, *wrong)


def test_a_long_note_is_refused() -> None:
    about = (ANNE.account, 1, DocumentId(new_id()), "opened")
    note = trace.Note("x" * 201, "", "")

    with pytest.raises(trace.BadTrace):
        trace.seal_note(note, ANNE.secret.sealing.public, *about)
    with pytest.raises(trace.BadTrace):
        trace.open_note(bytes(5_000), ANNE.secret.sealing, *about)
