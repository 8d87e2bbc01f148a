"""
A signed export of messages: a PDF that ends in a signature.

    file      = pdf ‖ "%LIEN-EXPORT-1 " ‖ base64(signature) ‖ "\n"
    signature = sign(device key, "lien/v1/export", SHA-256(pdf))
    proof     = msgpack([1, account, device, made_at_ms, [attestor's key …], [[link, signature] …]])

The proof is a file in the PDF, so that it is signed with the rest: whose device this is, by the
account's chain, and who that is, by the attestor's word in it. The attestor's keys are the
file's own: whoever is in doubt compares them with the deployment's.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import Final

from lien.crypto.attestor import Attestors
from lien.crypto.chain import MAX_LINK_BYTES, Identity, Link, Sponsored, replay
from lien.crypto.signing import PUBLIC_BYTES, SIGNATURE_BYTES, BadSignature, require_public, verify
from lien.crypto.structure import Fields, reading
from lien.errors import Malformed
from lien.ids import AccountId, DeviceId

LABEL: Final = "lien/v1/export"
_MAX_PROOF_BYTES: Final = 16 * 1024 * 1024
_MAX_ATTESTORS: Final = 65
_LINE: Final = re.compile(rb"%LIEN-EXPORT-1 ([A-Za-z0-9+/=]{88})\n\Z")
_PROOF: Final = re.compile(
    rb"/Type /EmbeddedFile /Subtype /application#2Fvnd\.lien\.proof "
    rb"/Length ([0-9]{1,8}) >>\nstream\n"
)


class BadExport(Malformed):
    """The file is no export of Lien, or not as it was signed."""

    code = "bad_export"


@dataclass(frozen=True, slots=True)
class Export:
    """Who signed the file, when by their clock, and the keys that say who that is."""

    account: AccountId
    device: DeviceId
    made_at_ms: int
    identity: Identity | None
    sponsored: Sponsored | None
    attestors: tuple[bytes, ...]


def verify_export(file: bytes) -> Export:
    """
    Check that the file is as a device signed it, and that the device is in the chain it shows.

    Raises: BadExport.
    """
    line = _LINE.search(file[-128:])
    if line is None:
        raise BadExport("the file does not end in a signature of Lien")
    pdf = file[: len(file) - len(line[0])]
    account, device, made_at_ms, attestors, links = _read_proof(_proof_in(pdf))
    with reading(BadExport):
        state = replay(links, Attestors(attestors), expected_account=account)
    public = state.devices.get(device)
    if public is None:
        raise BadExport("the device is not in the account's chain")
    try:
        signature = base64.b64decode(line[1], validate=True)
        verify(public, LABEL, hashlib.sha256(pdf).digest(), signature)
    except (BadSignature, binascii.Error) as error:
        raise BadExport("the file is not as it was signed") from error
    return Export(account, device, made_at_ms, state.identity, state.sponsored, attestors)


def _proof_in(pdf: bytes) -> bytes:
    found = list(_PROOF.finditer(pdf))
    if len(found) != 1:
        raise BadExport("the file does not hold one proof")
    start = found[0].end()
    return pdf[start : start + int(found[0][1])]


def _read_proof(
    proof: bytes,
) -> tuple[AccountId, DeviceId, int, tuple[bytes, ...], list[Link]]:
    with reading(BadExport):
        fields = Fields.decode(proof, 6, _MAX_PROOF_BYTES)
        account, device = AccountId(fields.identifier()), DeviceId(fields.identifier())
        made_at_ms = fields.integer()
        attestors = tuple(_public(one) for one in fields.items(1, _MAX_ATTESTORS))
        return account, device, made_at_ms, attestors, [_link(one) for one in fields.items(1, 512)]


def _public(value: object) -> bytes:
    return require_public(Fields.of_list([value], 1).blob(PUBLIC_BYTES))


def _link(value: object) -> Link:
    fields = Fields.of_list(value, 2)
    return Link(fields.blob_up_to(MAX_LINK_BYTES), fields.blob(SIGNATURE_BYTES))
