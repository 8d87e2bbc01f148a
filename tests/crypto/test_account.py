"""The account secret, its vault entries, and proofs of possession."""

import pickle

import pytest

from lien.crypto import account, proofs, vault
from lien.crypto.account import AccountSecret
from lien.crypto.signing import BadSignature, SigningKey
from lien.crypto.suite import BadSeal
from lien.errors import Malformed
from lien.ids import AccountId, PasskeyId, SessionId
from tests.crypto.vectors import Vector, entries, section


def test_the_keys_of_a_secret() -> None:
    vector = Vector(section("secret"))
    secret = AccountSecret.from_bytes(vector.bytes_of("secret"))

    assert secret.sealing.public == vector.bytes_of("sealing_public")
    assert secret.signing.public == vector.bytes_of("signing_public")
    assert secret.vault_key == vector.bytes_of("vault_key")


def test_an_earlier_secret_opens_with_the_next_one_only() -> None:
    vector = Vector(section("earlier"))
    newer = AccountSecret.from_bytes(vector.bytes_of("newer"))
    box, owner = vector.bytes_of("box"), vector["account"]

    opened = account.open_earlier(newer, box, owner, vector["generation"])

    assert opened.to_bytes() == vector.bytes_of("secret")
    assert len(box) == account.WRAPPED_BYTES
    for other in (AccountSecret.generate(), opened):
        with pytest.raises(BadSeal):
            account.open_earlier(other, box, owner, vector["generation"])
    with pytest.raises(BadSeal):
        account.open_earlier(newer, box, owner, vector["generation"] + 1)


def test_a_secret_is_neither_shown_nor_pickled() -> None:
    secret = AccountSecret.generate()

    assert repr(secret) == "<AccountSecret>"
    with pytest.raises(TypeError):
        pickle.dumps(secret)


def test_a_secret_of_another_length_is_refused() -> None:
    with pytest.raises(Malformed):
        AccountSecret.from_bytes(bytes(31))


@entries("unwrap")
def test_a_vault_entry_opens(vector: Vector) -> None:
    assert _unwrap(vector).to_bytes() == vector.bytes_of("secret")


@entries("unwrap_refused")
def test_a_vault_entry_is_refused(vector: Vector) -> None:
    with pytest.raises(BadSeal):
        _unwrap(vector)


def test_a_wrapping_secret_that_could_be_searched_is_refused() -> None:
    with pytest.raises(Malformed):
        vault.wrap(AccountSecret.generate(), bytes(15), AccountId("A" * 22), vault.RECOVERY, 1)


def test_a_wrap_opens() -> None:
    secret, owner = AccountSecret.generate(), AccountId("A" * 22)
    wrapper = vault.passkey_wrapper(PasskeyId("abc"))
    wrapped = vault.wrap(secret, bytes(32), owner, wrapper, 3)

    opened = vault.unwrap(wrapped, bytes(32), owner, wrapper, 3)

    assert opened.to_bytes() == secret.to_bytes()


def test_prf_salts() -> None:
    salts = Vector(section("prf_salts"))

    assert salts.bytes_of("vault") == vault.PRF_VAULT_SALT
    assert salts.bytes_of("local") == vault.PRF_LOCAL_SALT


def test_proofs() -> None:
    vector = Vector(section("proofs"))
    key, nonce = SigningKey.from_seed(vector.bytes_of("seed")), vector.bytes_of("nonce")
    request: tuple[SessionId, str, str, int, bytes] = (
        vector["session"],
        vector["method"],
        vector["path"],
        vector["at_ms"],
        vector.bytes_of("body"),
    )
    hello = (nonce, vector["session"], vector["origin"])

    assert proofs.prove_enrol(key, nonce, vector["device"]) == vector.bytes_of("enrol")
    assert proofs.prove_hello(key, *hello) == vector.bytes_of("hello")
    assert proofs.prove_request(key, *request) == vector.bytes_of("request")
    proofs.verify_enrol(key.public, nonce, vector["device"], vector.bytes_of("enrol"))
    proofs.verify_hello(key.public, *hello, vector.bytes_of("hello"))
    proofs.verify_request(key.public, *request, vector.bytes_of("request"))


def test_a_proof_is_for_one_thing_only() -> None:
    vector = Vector(section("proofs"))
    key, nonce = SigningKey.from_seed(vector.bytes_of("seed")), vector.bytes_of("nonce")
    signature, session = vector.bytes_of("request"), vector["session"]
    path, at_ms = vector["path"], vector["at_ms"]

    for owner, method, target, instant, body in (
        (SessionId("A" * 22), "GET", path, at_ms, b""),
        (session, "PUT", path, at_ms, b""),
        (session, "GET", path + "&after=x", at_ms, b""),
        (session, "GET", path, at_ms + 1, b""),
        (session, "GET", path, at_ms, b"{}"),
        (session, "GET", "/é", at_ms, b""),
    ):
        with pytest.raises(BadSignature):
            proofs.verify_request(key.public, owner, method, target, instant, body, signature)
    with pytest.raises(BadSignature):
        proofs.verify_hello(
            key.public, nonce, session, "https://lien.example.org", vector.bytes_of("hello")
        )


def _unwrap(vector: Vector) -> AccountSecret:
    wrapped, wrapping = vector.bytes_of("wrapped"), vector.bytes_of("wrapping")
    owner, wrapper, generation = vector["account"], vector["wrapper"], vector["generation"]
    return vault.unwrap(wrapped, wrapping, owner, wrapper, generation)
