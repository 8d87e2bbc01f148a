"""The encryption of push messages, against the example of RFC 8291."""

from base64 import urlsafe_b64decode

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from lien.crypto.webpush import BadSubscription, PushKeys, VapidKey, encrypt_push
from tests.push.vendor import Browser, claims_of, decrypt

# RFC 8291, 5
PLAINTEXT = b"When I grow up, I want to be a watermelon"
RECEIVER = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS"
    "6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qu"
    "lcy4a-fN"
)


def unpadded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_our_reader_reads_the_example_of_the_standard() -> None:
    private = ec.derive_private_key(int.from_bytes(unpadded(RECEIVER), "big"), ec.SECP256R1())

    assert decrypt(unpadded(BODY), private, unpadded(AUTH)) == PLAINTEXT


def test_what_is_encrypted_is_read_and_never_twice_alike() -> None:
    browser = Browser()
    one, other = (encrypt_push(b'{"v":1,"n":3}', browser.keys) for _ in range(2))

    assert browser.read(one) == browser.read(other) == {"v": 1, "n": 3}
    assert one != other


def test_bounds() -> None:
    browser = Browser()

    with pytest.raises(BadSubscription):
        encrypt_push(bytes(128), browser.keys)
    for public, auth in (
        (browser.keys.public[:-1], browser.auth),
        (browser.keys.public, browser.auth[:-1]),
        (b"\x04" + bytes(64), browser.auth),
    ):
        with pytest.raises(BadSubscription):
            PushKeys(public, auth)


def test_authorization_is_signed_by_the_key_it_names() -> None:
    key = VapidKey(VapidKey.new_scalar())

    claims, public = claims_of(key.authorization("https://push.example", "mailto:x@y", 1000))

    assert claims == {"aud": "https://push.example", "exp": 1000, "sub": "mailto:x@y"}
    assert public == key.public
    assert "…" in repr(key)
