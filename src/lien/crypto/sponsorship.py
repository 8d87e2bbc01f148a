"""
A sponsorship: the signed word of a professional for a named person outside the national directory.

    secret     16 random bytes; they travel in the invitation's link and nowhere else
    key        Ed25519, seed = derive(secret, "lien/v1/invitation")
    id         first 16 bytes of hash(public key)
    bytes      msgpack([1, sponsor, device, public key, family name, given name, role,
               ends_at_ms, at_ms])
    signature  sign(the sponsor's device key, "lien/v1/sponsorship", bytes)
    acceptance sign(the invitation's key, "lien/v1/acceptance", the guest's account as ASCII)

The server never has the secret: only who holds the link can say for which account it is. Without
a sponsor (both empty) the deployment itself vouches, and its attestor signs.
"""

import secrets
from dataclasses import dataclass, field
from typing import Final

from lien.crypto.signing import (
    PUBLIC_BYTES,
    SIGNATURE_BYTES,
    BadSignature,
    SigningKey,
    require_public,
    verify,
)
from lien.crypto.structure import Fields, encode, reading
from lien.crypto.suite import derive, hash32
from lien.errors import Malformed
from lien.ids import AccountId, DeviceId, InvitationId, b64encode, require_id

SECRET_BYTES: Final = 16
MAX_SPONSORSHIP_BYTES: Final = 1024
_LABEL: Final = "lien/v1/sponsorship"
_ACCEPTANCE: Final = "lien/v1/acceptance"
_INVITATION: Final = "lien/v1/invitation"
_MAX_NAME: Final = 128
_MAX_CODE: Final = 32


class BadSponsorship(Malformed):
    """A sponsorship cannot be read, or is not signed by whom it names."""

    code = "bad_sponsorship"


@dataclass(frozen=True, slots=True)
class Sponsorship:
    """Who is vouched for, by whom, in which role, until when. Nothing of it is verified yet."""

    sponsor: AccountId | None  # None: the deployment itself
    device: DeviceId | None
    invitation_public: bytes = field(repr=False)
    family_name: str = field(repr=False)
    given_name: str = field(repr=False)
    role: str
    ends_at_ms: int
    at_ms: int

    @property
    def invitation(self) -> InvitationId:
        """The same for every sponsorship of one link, however often it is prolonged."""
        return invitation_of(self.invitation_public)


@dataclass(frozen=True, slots=True)
class SignedSponsorship:
    """As it travels; the bytes are what is signed."""

    data: bytes = field(repr=False)
    signature: bytes = field(repr=False)

    @property
    def content(self) -> Sponsorship:
        """Raises: BadSponsorship."""
        return decode_sponsorship(self.data)


def new_invitation() -> bytes:
    """The secret of a new link."""
    return secrets.token_bytes(SECRET_BYTES)


def invitation_key(secret: bytes) -> SigningKey:
    """What accepts for an account; only the holder of the link has it."""
    return SigningKey.from_seed(derive(secret, _INVITATION))


def invitation_of(public: bytes) -> InvitationId:
    """The id under which the server knows an invitation."""
    return InvitationId(b64encode(hash32(public)[:16]))


def accept(secret: bytes, account: AccountId) -> bytes:
    """The guest's word that this account is the invited person's."""
    return invitation_key(secret).sign(_ACCEPTANCE, account.encode("ascii"))


def verify_acceptance(public: bytes, account: AccountId, acceptance: bytes) -> None:
    """Raises: BadSignature."""
    verify(public, _ACCEPTANCE, account.encode("ascii"), acceptance)


def sign_sponsorship(content: Sponsorship, key: SigningKey) -> SignedSponsorship:
    """By the sponsor's device, or without a sponsor by the attestor."""
    data = encode(
        content.sponsor or "",
        content.device or "",
        content.invitation_public,
        content.family_name,
        content.given_name,
        content.role,
        content.ends_at_ms,
        content.at_ms,
    )
    return SignedSponsorship(data, key.sign(_LABEL, data))


def verify_sponsorship(signed: SignedSponsorship, public: bytes) -> Sponsorship:
    """
    Return the content if this key signed it.

    Raises: BadSponsorship.
    """
    content = signed.content
    try:
        verify(public, _LABEL, signed.data, signed.signature)
    except BadSignature as error:
        raise BadSponsorship("the sponsorship's signature is wrong") from error
    return content


def decode_sponsorship(data: bytes) -> Sponsorship:
    """
    Read the bytes of a sponsorship.

    Raises: BadSponsorship.
    """
    with reading(BadSponsorship):
        fields = Fields.decode(data, 9, MAX_SPONSORSHIP_BYTES)
        sponsor, device = fields.text(22), fields.text(22)
        if bool(sponsor) is not bool(device):
            raise BadSponsorship("a sponsor signs with a device")
        content = Sponsorship(
            AccountId(require_id(sponsor)) if sponsor else None,
            DeviceId(require_id(device)) if device else None,
            require_public(fields.blob(PUBLIC_BYTES)),
            fields.text(_MAX_NAME),
            fields.text(_MAX_NAME),
            fields.text(_MAX_CODE),
            fields.integer(),
            fields.integer(),
        )
        if content.ends_at_ms <= content.at_ms:
            raise BadSponsorship("a sponsorship ends after it began")
        return content


__all__ = [
    "MAX_SPONSORSHIP_BYTES",
    "SECRET_BYTES",
    "SIGNATURE_BYTES",
    "BadSponsorship",
    "SignedSponsorship",
    "Sponsorship",
    "accept",
    "decode_sponsorship",
    "invitation_key",
    "invitation_of",
    "new_invitation",
    "sign_sponsorship",
    "verify_acceptance",
    "verify_sponsorship",
]
