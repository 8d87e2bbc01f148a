"""Every check of a WebAuthn answer, each with the vector that only this check refuses."""

import json
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from lien.accounts import passkeys
from lien.accounts.errors import BadPasskey, PrfLeaked
from lien.accounts.models import Passkey
from lien.accounts.passkeys import RelyingParty
from lien.client import passkey as soft
from lien.client.passkey import SoftwareAuthenticator
from lien.crypto.authenticator import AuthenticatorKey
from lien.ids import AccountId, b64decode, b64encode, new_id

PARTY = RelyingParty(id="localhost", origin="http://localhost:8000")
CHALLENGE = bytes(range(32))
ACCOUNT = AccountId(new_id())
VERIFIED = soft.USER_PRESENT | soft.USER_VERIFIED
PASSKEY_ID = b"a passkey"
KEY = AuthenticatorKey()


def client_data(kind: str = "webauthn.get", **changes: object) -> bytes:
    data = {
        "type": kind,
        "challenge": b64encode(CHALLENGE),
        "origin": PARTY.origin,
        "crossOrigin": False,
    }
    return json.dumps(data | changes).encode()


def an_assertion(
    *,
    data: bytes | None = None,
    rp_id: str = PARTY.id,
    flags: int = VERIFIED,
    count: int = 0,
    key: AuthenticatorKey = KEY,
    user_handle: str | None = ACCOUNT,
    passkey: bytes = PASSKEY_ID,
) -> dict[str, Any]:
    """A signed answer, right in everything that is not given."""
    data = client_data() if data is None else data
    authenticator_data = soft.encode_authenticator_data(rp_id, flags, count)
    return {
        "id": b64encode(passkey),
        "rawId": b64encode(passkey),
        "type": "public-key",
        "clientExtensionResults": {},
        "response": {
            "clientDataJSON": b64encode(data),
            "authenticatorData": b64encode(authenticator_data),
            "signature": b64encode(key.sign(authenticator_data + sha256(data).digest())),
            "userHandle": user_handle,
        },
    }


def a_registration(
    *,
    data: bytes | None = None,
    rp_id: str = PARTY.id,
    flags: int = VERIFIED | soft.ATTESTED,
    passkey: bytes = PASSKEY_ID,
    said: bytes | None = None,
) -> dict[str, Any]:
    attested = soft.encode_attested(passkey, KEY.cose_public)
    authenticator_data = soft.encode_authenticator_data(rp_id, flags, 0, attested)
    said = passkey if said is None else said
    return {
        "id": b64encode(said),
        "rawId": b64encode(said),
        "type": "public-key",
        "clientExtensionResults": {},
        "response": {
            "clientDataJSON": b64encode(data or client_data("webauthn.create")),
            "attestationObject": b64encode(soft.encode_attestation(authenticator_data)),
        },
    }


def a_passkey(**changes: Any) -> Passkey:
    passkey = Passkey(
        passkey=passkeys.credential_id(an_assertion()),
        account=ACCOUNT,
        public_key=KEY.cose_public,
        sign_count=0,
        is_backup_eligible=False,
        is_backed_up=False,
        label="Téléphone",
        created_at_ms=1,
        used_at_ms=1,
    )
    return replace(passkey, **changes)


def register(credential: dict[str, Any]) -> Passkey:
    return passkeys.verify_registration(
        credential,
        expected_party=PARTY,
        expected_challenge=CHALLENGE,
        account=ACCOUNT,
        label="Téléphone",
        now_ms=5,
    )


def assert_with(credential: dict[str, Any], passkey: Passkey | None = None) -> Passkey:
    return passkeys.verify_assertion(
        credential,
        passkey or a_passkey(),
        expected_party=PARTY,
        expected_challenge=CHALLENGE,
        now_ms=9,
    )


@pytest.mark.parametrize("is_synced", [False, True])
@pytest.mark.parametrize("counts", [False, True])
def test_a_registered_passkey_signs_in(is_synced: bool, counts: bool) -> None:
    authenticator = SoftwareAuthenticator(is_synced=is_synced, counts=counts)
    created = passkeys.creation_options(PARTY, ACCOUNT, "Nom", CHALLENGE, [])
    registered = register(authenticator.create(created, PARTY.origin))

    asked = passkeys.request_options(PARTY, CHALLENGE)
    used = assert_with(authenticator.get(asked, PARTY.origin), registered)

    assert registered.is_backup_eligible is is_synced
    assert used == replace(registered, sign_count=used.sign_count, used_at_ms=9)
    assert used.sign_count == (2 if counts else 0)


def test_options_demand_a_resident_key_and_the_user() -> None:
    known = passkeys.credential_id(an_assertion())
    created = passkeys.creation_options(PARTY, ACCOUNT, "Nom", CHALLENGE, [known])
    asked = passkeys.request_options(PARTY, CHALLENGE)

    selection = created["authenticatorSelection"]
    assert selection["residentKey"] == selection["userVerification"] == "required"
    assert selection["requireResidentKey"] is True
    assert created["user"]["id"] == ACCOUNT
    assert created["excludeCredentials"][0]["id"] == known
    assert asked["userVerification"] == "required"
    assert asked.get("allowCredentials", []) == []
    assert b64decode(asked["challenge"]) == CHALLENGE


def test_prf_of_an_authenticator_depends_on_passkey_and_salt_only() -> None:
    authenticator = SoftwareAuthenticator()
    created = passkeys.creation_options(PARTY, ACCOUNT, "Nom", CHALLENGE, [])
    one = passkeys.credential_id(authenticator.create(created, PARTY.origin))
    other = passkeys.credential_id(authenticator.create(created, PARTY.origin))

    assert authenticator.prf(one, b"salt") == authenticator.prf(one, b"salt")
    assert (
        len(
            {
                authenticator.prf(one, b"a"),
                authenticator.prf(one, b"b"),
                authenticator.prf(other, b"a"),
            }
        )
        == 3
    )


BAD_CLIENT_DATA = {
    "another ceremony": client_data("webauthn.create"),
    "another challenge": client_data(challenge=b64encode(bytes(32))),
    "another origin": client_data(origin="https://evil.example"),
    "a longer origin": client_data(origin=PARTY.origin + ".evil.example"),
    "another port": client_data(origin="http://localhost:8001"),
    "a frame of another site": client_data(crossOrigin=True),
    "cross origin as a number": client_data(crossOrigin=1),
    "cross origin as null": client_data(crossOrigin=None),
    "a top origin": client_data(topOrigin="https://evil.example"),
    "duplicate keys": client_data()[:-1] + b',"type":"webauthn.get"}',
    "duplicate challenge": b'{"challenge":"AAAA",' + client_data()[1:],
    "not an object": b"[]",
    "not json": b"\xff",
    "deep": b"[" * 3000,
    "too long": client_data(more="x" * 5000),
    "empty": b"",
}


@pytest.mark.parametrize("data", BAD_CLIENT_DATA.values(), ids=BAD_CLIENT_DATA.keys())
def test_client_data_that_is_not_this_ceremony_is_refused(data: bytes) -> None:
    assert_with(an_assertion())
    with pytest.raises(BadPasskey):
        assert_with(an_assertion(data=data))


BAD_ASSERTIONS: dict[str, dict[str, Any]] = {
    "another site": {"rp_id": "evil.example"},
    "user not present": {"flags": soft.USER_VERIFIED},
    "user not verified": {"flags": soft.USER_PRESENT},
    "backed up but not eligible": {"flags": VERIFIED | soft.BACKED_UP},
    "backup eligibility changed": {"flags": VERIFIED | soft.BACKUP_ELIGIBLE},
    "another key": {"key": AuthenticatorKey()},
    "user handle of another account": {"user_handle": new_id()},
    "no user handle": {"user_handle": None},
    "an empty user handle": {"user_handle": ""},
    "another passkey": {"passkey": b"another"},
    "an id above 1,023 bytes": {"passkey": bytes(1024)},
}


@pytest.mark.parametrize("changes", BAD_ASSERTIONS.values(), ids=BAD_ASSERTIONS.keys())
def test_an_assertion_wrong_in_one_point_is_refused(changes: dict[str, Any]) -> None:
    assert_with(an_assertion())
    with pytest.raises(BadPasskey):
        assert_with(an_assertion(**changes))


@pytest.mark.parametrize("count", [0, 6, 7])
def test_a_counter_that_does_not_grow_is_refused(count: int) -> None:
    passkey = a_passkey(sign_count=7)
    assert assert_with(an_assertion(count=8), passkey).sign_count == 8
    with pytest.raises(BadPasskey):
        assert_with(an_assertion(count=count), passkey)


def test_signed_bytes_cannot_be_changed() -> None:
    for name in ("authenticatorData", "signature", "clientDataJSON"):
        changed = an_assertion()
        raw = bytearray(b64decode(changed["response"][name]))
        raw[-1] ^= 1
        changed["response"][name] = b64encode(bytes(raw))
        with pytest.raises(BadPasskey):
            assert_with(changed)


BAD_REGISTRATIONS: dict[str, dict[str, Any]] = {
    "another ceremony": {"data": client_data("webauthn.get")},
    "another challenge": {"data": client_data("webauthn.create", challenge=b64encode(b"no"))},
    "another origin": {"data": client_data("webauthn.create", origin="https://evil.example")},
    "a frame": {"data": client_data("webauthn.create", crossOrigin=True)},
    "another site": {"rp_id": "evil.example"},
    "user not verified": {"flags": soft.USER_PRESENT | soft.ATTESTED},
    "user not present": {"flags": soft.USER_VERIFIED | soft.ATTESTED},
    "no attested key": {"flags": VERIFIED},
    "an id above 1,023 bytes": {"passkey": bytes(1024)},
    "an id the authenticator did not say": {"said": b"another"},
}


@pytest.mark.parametrize("changes", BAD_REGISTRATIONS.values(), ids=BAD_REGISTRATIONS.keys())
def test_a_registration_wrong_in_one_point_is_refused(changes: dict[str, Any]) -> None:
    assert register(a_registration()).account == ACCOUNT
    with pytest.raises(BadPasskey):
        register(a_registration(**changes))


@pytest.mark.parametrize("results", [{"first": "AAAA"}, {}, "AAAA"])
def test_a_prf_output_is_refused_before_anything_else(results: object) -> None:
    leaked = {"clientExtensionResults": {"prf": {"enabled": True, "results": results}}}
    with pytest.raises(PrfLeaked):
        assert_with(an_assertion() | leaked)
    with pytest.raises(PrfLeaked):
        register(a_registration() | leaked)


def test_prf_without_results_is_no_leak() -> None:
    said = {"clientExtensionResults": {"prf": {"enabled": True}}}
    assert register(a_registration() | said).label == "Téléphone"


@pytest.mark.parametrize("credential", [{}, {"id": 1}, {"id": ""}, {"id": "é"}, {"id": "A"}])
def test_an_answer_without_an_id_is_refused(credential: dict[str, Any]) -> None:
    with pytest.raises(BadPasskey):
        passkeys.credential_id(credential)
    with pytest.raises(BadPasskey):
        register(credential)
