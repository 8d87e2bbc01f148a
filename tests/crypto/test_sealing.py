"""Sealed to a person: opened by them, by nobody else, for nothing else."""

import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lien.crypto.sealing import SEAL_OVERHEAD_BYTES, SealingKey, require_sealing_public, seal
from lien.crypto.suite import BadSeal
from lien.errors import Malformed
from tests.crypto.vectors import Vector, entries

KEY = SealingKey.from_seed(bytes(32))


@entries("open")
def test_open(vector: Vector) -> None:
    key = SealingKey.from_seed(vector.bytes_of("seed"))
    opened = key.open(vector.bytes_of("box"), vector["label"], vector.bytes_of("aad"))

    assert key.public == vector.bytes_of("public")
    assert opened == vector.bytes_of("plaintext")


@entries("open_refused")
def test_open_refuses(vector: Vector) -> None:
    key = SealingKey.from_seed(vector.bytes_of("seed"))

    with pytest.raises(BadSeal):
        key.open(vector.bytes_of("box"), vector["label"], vector.bytes_of("aad"))


@entries("sealing_public_refused")
def test_a_bad_public_key_is_refused(vector: Vector) -> None:
    with pytest.raises(Malformed):
        require_sealing_public(vector.bytes_of("public"))
    with pytest.raises(Malformed):
        seal(vector.bytes_of("public"), b"", "lien/v1/test", b"")


@given(st.binary(max_size=64), st.binary(max_size=64))
@settings(max_examples=30)
def test_what_is_sealed_opens(plaintext: bytes, aad: bytes) -> None:
    box = seal(KEY.public, plaintext, "lien/v1/test", aad)

    assert len(box) == len(plaintext) + SEAL_OVERHEAD_BYTES
    assert KEY.open(box, "lien/v1/test", aad) == plaintext


@given(st.integers(0, SEAL_OVERHEAD_BYTES + 31), st.integers(1, 255))
@settings(max_examples=60)
def test_every_changed_byte_is_refused(place: int, change: int) -> None:
    box = bytearray(seal(KEY.public, bytes(32), "lien/v1/test", b""))
    # The top bit of an X25519 point is ignored (RFC 7748, 5), but bound by the KEM's hash.
    box[place] ^= change

    with pytest.raises(BadSeal):
        KEY.open(bytes(box), "lien/v1/test", b"")


def test_a_key_is_neither_shown_nor_pickled() -> None:
    assert repr(KEY) == "<SealingKey>"
    with pytest.raises(TypeError):
        pickle.dumps(KEY)


def test_a_seed_of_another_length_is_refused() -> None:
    with pytest.raises(Malformed):
        SealingKey.from_seed(bytes(33))
