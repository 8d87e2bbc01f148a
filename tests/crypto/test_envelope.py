"""Headers and envelopes: what the server sees, and what members read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lien.crypto import envelope
from lien.crypto.envelope import BadEnvelope, Content, Header, Kind
from lien.crypto.signing import SigningKey
from lien.crypto.statement import SignedStatement
from lien.crypto.suite import BadSeal
from lien.errors import LienError
from lien.ids import AccountId, DeviceId, EnvelopeId, new_channel, new_id
from tests.crypto.vectors import Vector, entries

KEY, DEVICE_KEY = bytes(range(32)), SigningKey.generate()
HEADER = Header(
    new_channel(),
    1,
    AccountId(new_id()),
    DeviceId(new_id()),
    EnvelopeId(new_id()),
    Kind.MESSAGE,
)


def open_vector(vector: Vector) -> Content:
    return envelope.open_envelope(
        vector.bytes_of("header"),
        vector.bytes_of("sealed"),
        key=vector.bytes_of("key"),
        expected_device_public=vector.bytes_of("device_public"),
    )


@entries("headers")
def test_a_header(vector: Vector) -> None:
    header = envelope.decode_header(vector.bytes_of("bytes"))

    assert envelope.encode_header(header) == vector.bytes_of("bytes")
    assert [
        *(header.channel, header.epoch, header.account),
        *(header.device, header.envelope, header.kind),
    ] == vector["fields"]


@entries("header_refused")
def test_a_header_is_refused(vector: Vector) -> None:
    with pytest.raises(BadEnvelope):
        envelope.decode_header(vector.bytes_of("bytes"))


@entries("envelopes")
def test_an_envelope_opens(vector: Vector) -> None:
    content = open_vector(vector)

    assert (content.type, dict(content.body)) == (vector["type"], vector["body"])
    assert content.counter == vector["counter"]
    assert content.statement_hash == vector.bytes_of("statement_hash")
    assert content.text == (vector["body"]["text"] if vector["type"] == "text" else None)


@entries("envelope_refused")
def test_an_envelope_is_refused(vector: Vector) -> None:
    with pytest.raises(LienError) as refused:
        open_vector(vector)

    assert refused.value.code == vector["code"]


@given(st.text(max_size=2000), st.integers(1, 2**53 - 1))
def test_what_is_sealed_opens(text: str, counter: int) -> None:
    content = Content.of_text(text, counter, bytes(32))
    header, sealed = envelope.seal_envelope(HEADER, content, KEY, DEVICE_KEY)
    public = DEVICE_KEY.public

    opened = envelope.open_envelope(header, sealed, key=KEY, expected_device_public=public)

    assert opened == content
    assert opened.text == text


@given(st.data())
def test_every_changed_byte_is_refused(data: st.DataObject) -> None:
    header, sealed = envelope.seal_envelope(
        HEADER, Content.of_text("coucou", 1, bytes(32)), KEY, DEVICE_KEY
    )
    changed = bytearray(header + sealed)
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= data.draw(st.integers(1, 255))

    with pytest.raises((BadSeal, BadEnvelope)):
        envelope.open_envelope(
            bytes(changed[: len(header)]),
            bytes(changed[len(header) :]),
            key=KEY,
            expected_device_public=DEVICE_KEY.public,
        )


def test_the_length_of_a_short_text_does_not_show() -> None:
    sizes = {
        len(envelope.seal_envelope(HEADER, Content.of_text(t, 1, bytes(32)), KEY, DEVICE_KEY)[1])
        for t in ("", "oui", "non, pas encore", "é" * 40)
    }

    assert len(sizes) == 1


def test_the_longest_text_fits_and_a_longer_one_is_refused() -> None:
    longest = Content.of_text("é" * 16_000, 1, bytes(32))
    with pytest.raises(BadEnvelope):
        Content.of_text("x" * 16_001, 1, bytes(32))
    for content in (
        Content("text", {"text": "x" * 16_001}, 1, bytes(32)),
        Content.of_text("🏥" * 16_000, 1, bytes(32)),
        Content("text", {"text": 1}, 1, bytes(32)),
    ):
        with pytest.raises(BadEnvelope):
            envelope.seal_envelope(HEADER, content, KEY, DEVICE_KEY)

    assert envelope.seal_envelope(HEADER, longest, KEY, DEVICE_KEY)


def test_a_statement_entry() -> None:
    signed = SignedStatement(b"data", bytes(64))

    assert envelope.parse_statement_entry(envelope.format_statement_entry(signed)) == signed
    with pytest.raises(BadEnvelope):
        envelope.parse_statement_entry(bytes(64))


def test_content_is_not_shown() -> None:
    assert "coucou" not in repr(Content.of_text("coucou", 1, bytes(32)))
