"""A signed export: who signed it is read from the file alone, and a changed byte is refused."""

import base64
import hashlib

import pytest

from lien.crypto.attestor import Attestors
from lien.crypto.chain import Create, Identity, Link, attest, create_chain, replay
from lien.crypto.export import LABEL, BadExport, verify_export
from lien.crypto.sealing import SealingKey
from lien.crypto.signing import SigningKey
from lien.crypto.structure import encode
from lien.ids import AccountId, DeviceId, RppsNumber, new_id

ACCOUNT, DEVICE = AccountId(new_id()), DeviceId(new_id())
KEY, ATTESTOR = SigningKey.generate(), SigningKey.generate()
NURSE = Identity(RppsNumber("99000000018"), "FICTIF", "Marie", "60", "C", "psc", 1)


def links() -> list[Link]:
    sealing = SealingKey.from_seed(bytes(32)).public
    first = create_chain(ACCOUNT, Create(DEVICE, KEY.public, KEY.public, sealing), KEY, 1)
    state = replay([first], Attestors.of(ATTESTOR.public))
    return [first, attest(state, NURSE, ATTESTOR, 2)]


def proof(device: DeviceId = DEVICE) -> bytes:
    chain = [[one.data, one.signature] for one in links()]
    return encode(ACCOUNT, device, 3, [ATTESTOR.public], chain)


def signed(proof: bytes, key: SigningKey = KEY) -> bytes:
    head = b"/Type /EmbeddedFile /Subtype /application#2Fvnd.lien.proof /Length %d >>\nstream\n"
    pdf = b"%PDF-1.7\n<< " + head % len(proof) + proof + b"\nendstream\n%%EOF\n"
    signature = base64.b64encode(key.sign(LABEL, hashlib.sha256(pdf).digest()))
    return pdf + b"%LIEN-EXPORT-1 " + signature + b"\n"


def test_says_who_signed_it() -> None:
    export = verify_export(signed(proof()))

    assert (export.account, export.device, export.made_at_ms) == (ACCOUNT, DEVICE, 3)
    assert export.identity == NURSE
    assert export.attestors == (ATTESTOR.public,)


def test_any_changed_byte_is_refused() -> None:
    file = signed(proof())
    for place in range(0, len(file), 7):
        changed = bytearray(file)
        changed[place] ^= 1
        with pytest.raises(BadExport):
            verify_export(bytes(changed))


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"%PDF-1.7\n%%EOF\n",
        signed(proof(), SigningKey.generate()),
        signed(proof(DeviceId(new_id()))),
        signed(b"\x90"),
        signed(proof()) + b"\n",
    ],
)
def test_what_is_no_export_is_refused(file: bytes) -> None:
    with pytest.raises(BadExport):
        verify_export(file)


def test_a_second_proof_is_refused() -> None:
    """A reader could take one for the other."""
    head = b"/Type /EmbeddedFile /Subtype /application#2Fvnd.lien.proof /Length 1 >>\nstream\n"
    with pytest.raises(BadExport):
        verify_export(signed(proof() + head))
