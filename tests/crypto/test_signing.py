"""Signatures: right ones, wrong ones, and ones that only look right."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lien.crypto.signing import (
    BadSignature,
    SigningKey,
    require_public,
    verify,
    verify_proof,
)
from lien.errors import Malformed
from tests.crypto.vectors import Vector, entries


@entries("sign")
def test_sign(vector: Vector) -> None:
    key = SigningKey.from_seed(vector.bytes_of("seed"))

    assert key.public == vector.bytes_of("public")
    assert key.seed == vector.bytes_of("seed")
    assert key.sign(vector["label"], vector.bytes_of("message")) == vector.bytes_of("signature")


@entries("sign")
def test_verify(vector: Vector) -> None:
    message, signature = vector.bytes_of("message"), vector.bytes_of("signature")
    verify(vector.bytes_of("public"), vector["label"], message, signature)
    verify_proof(vector.bytes_of("public"), vector["label"], message, signature)


@entries("verify_refused")
def test_verify_refuses(vector: Vector) -> None:
    message, signature = vector.bytes_of("message"), vector.bytes_of("signature")

    for check in (verify, verify_proof):
        with pytest.raises(BadSignature):
            check(vector.bytes_of("public"), vector["label"], message, signature)


@entries("public_refused")
def test_a_weak_public_key_is_refused(vector: Vector) -> None:
    with pytest.raises(Malformed):
        require_public(vector.bytes_of("public"))


@given(st.binary(max_size=100), st.integers(0, 63), st.integers(1, 255))
def test_every_changed_byte_is_refused(message: bytes, place: int, change: int) -> None:
    key = SigningKey.generate()
    signature = key.sign("lien/v1/test", message)
    changed = signature[:place] + bytes([signature[place] ^ change]) + signature[place + 1 :]

    for check in (verify, verify_proof):
        check(key.public, "lien/v1/test", message, signature)
        with pytest.raises(BadSignature):
            check(key.public, "lien/v1/test", message, changed)


def test_a_generated_key_may_enter_a_chain() -> None:
    public = SigningKey.generate().public

    assert require_public(public) == public


def test_a_key_is_neither_shown_nor_pickled() -> None:
    key = SigningKey.generate()

    assert repr(key) == str(key) == "<SigningKey>"
    with pytest.raises(TypeError):
        pickle.dumps(key)


def test_a_seed_of_another_length_is_refused() -> None:
    with pytest.raises(Malformed):
        SigningKey.from_seed(bytes(31))
