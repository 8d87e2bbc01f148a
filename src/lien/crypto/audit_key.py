"""
The controller's audit key: what a person did with documents, in words that the controller reads.

The private half is made and kept apart from the server. The attestor signs the public half, so that
a phone seals to nobody else; whoever runs the server learns no patient from what it keeps.

    bytes = msgpack([1, public key])        signed by the attestor, "lien/v1/audit-key"
"""

from typing import Final

from lien.crypto.gateway import Attested
from lien.crypto.sealing import PUBLIC_BYTES, SealingKey, require_sealing_public
from lien.crypto.signing import SigningKey, verify
from lien.crypto.structure import Fields, encode, reading
from lien.crypto.suite import hash32
from lien.crypto.trace import BadTrace, Note, open_words, seal_words
from lien.ids import AccountId, DeviceId, DocumentId, b64encode

KEY_LABEL: Final = "lien/v1/audit-key"
NOTE_LABEL: Final = "lien/v1/trace-audit"
_ID_LABEL: Final = b"lien/v1/audit-key-id\0"
MAX_AUDIT_KEY_BYTES: Final = PUBLIC_BYTES + 16


def audit_key_id(public: bytes) -> str:
    """Which key a note was sealed to: 16 bytes of its hash, as text."""
    return b64encode(hash32(_ID_LABEL + public)[:16])


def attest_audit_key(public: bytes, attestor: SigningKey) -> Attested:
    """
    Let phones seal to a key.

    Raises: Malformed for bytes that are no sealing key.
    """
    data = encode(require_sealing_public(public))
    return Attested(data, attestor.sign(KEY_LABEL, data))


def open_audit_key(attested: Attested, attestor_public: bytes) -> bytes:
    """
    The public key that the attestor signed.

    Raises: BadSignature, BadTrace, Malformed.
    """
    verify(attestor_public, KEY_LABEL, attested.data, attested.signature)
    with reading(BadTrace):
        public = Fields.decode(attested.data, 2, MAX_AUDIT_KEY_BYTES).blob(PUBLIC_BYTES)
    return require_sealing_public(public)


def seal_audit_note(
    note: Note, public: bytes, account: AccountId, device: DeviceId, document: DocumentId, kind: str
) -> bytes:
    """The note for the controller, bound to who did it, on which device. Raises: BadTrace."""
    return seal_words(note, public, NOTE_LABEL, encode(account, device, document, kind))


def open_audit_note(
    sealed: bytes,
    key: SealingKey,
    account: AccountId,
    device: DeviceId,
    document: DocumentId,
    kind: str,
) -> Note:
    """The inverse of `seal_audit_note`. Raises: BadSeal, BadTrace."""
    return open_words(sealed, key, NOTE_LABEL, encode(account, device, document, kind))
