"""Derivation, encryption and padding."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lien.crypto import suite
from lien.crypto.suite import BadSeal
from tests.crypto.vectors import Vector, entries, section

keys = st.binary(min_size=32, max_size=32)


@entries("hash")
def test_hash(vector: Vector) -> None:
    assert suite.hash32(vector.bytes_of("input")) == vector.bytes_of("output")


@entries("derive")
def test_derive(vector: Vector) -> None:
    derived = suite.derive(
        vector.bytes_of("secret"), vector["label"], vector.bytes_of("context"), vector["length"]
    )

    assert derived == vector.bytes_of("output")


def test_derive_is_hkdf() -> None:
    """RFC 5869, A.3, whose info is empty, cannot be asked for: a label ends with a zero byte."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    expected = HKDF(SHA256(), 100, None, b"label\0context").derive(b"secret")

    assert suite.derive(b"secret", "label", b"context", 100) == expected


@entries("decrypt")
def test_decrypt(vector: Vector) -> None:
    key, box, aad = (vector.bytes_of(name) for name in ("key", "box", "aad"))

    assert suite.decrypt(key, box, aad) == vector.bytes_of("plaintext")


@entries("decrypt_refused")
def test_decrypt_refuses(vector: Vector) -> None:
    with pytest.raises(BadSeal):
        suite.decrypt(vector.bytes_of("key"), vector.bytes_of("box"), vector.bytes_of("aad"))


@given(keys, st.binary(max_size=300), st.binary(max_size=50), st.data())
def test_every_changed_byte_is_refused(
    key: bytes, plaintext: bytes, aad: bytes, data: st.DataObject
) -> None:
    box = suite.encrypt(key, plaintext, aad)
    place = data.draw(st.integers(0, len(box) - 1))
    change = data.draw(st.integers(1, 255))

    assert suite.decrypt(key, box, aad) == plaintext
    with pytest.raises(BadSeal):
        suite.decrypt(key, box[:place] + bytes([box[place] ^ change]) + box[place + 1 :], aad)


def test_nothing_is_encrypted_twice_alike() -> None:
    assert suite.encrypt(bytes(32), b"x", b"") != suite.encrypt(bytes(32), b"x", b"")


def test_padded_sizes() -> None:
    for size, padded in section("padded_sizes"):
        assert suite.padded_size(size) == padded


@given(st.integers(0, 2**32))
def test_padding_wastes_little_and_says_little(size: int) -> None:
    padded = suite.padded_size(size)

    assert padded >= size
    assert padded <= max(256, size * 1.12)
    assert suite.padded_size(padded) == padded


@entries("pad")
def test_pad(vector: Vector) -> None:
    plaintext, padded = vector.bytes_of("plaintext"), vector.bytes_of("padded")

    assert suite.pad(plaintext) == padded
    assert suite.unpad(padded) == plaintext


@given(st.binary(max_size=3000))
def test_unpad_inverts_pad(plaintext: bytes) -> None:
    assert suite.unpad(suite.pad(plaintext)) == plaintext


@entries("unpad_refused")
def test_unpad_refuses(vector: Vector) -> None:
    with pytest.raises(BadSeal):
        suite.unpad(vector.bytes_of("padded"))


@given(st.binary(max_size=600))
def test_what_unpads_was_padded(data: bytes) -> None:
    try:
        plaintext = suite.unpad(data)
    except BadSeal:
        return
    assert suite.pad(plaintext) == data
