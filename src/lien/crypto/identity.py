"""
Who an account belongs to: a professional of the national directory, or a guest of one.

Two kinds of links of `lien.crypto.link`, both signed by the attestor.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from lien.crypto.signing import SIGNATURE_BYTES
from lien.crypto.sponsorship import (
    MAX_SPONSORSHIP_BYTES,
    BadSponsorship,
    SignedSponsorship,
    Sponsorship,
    decode_sponsorship,
    verify_acceptance,
    verify_sponsorship,
)
from lien.crypto.structure import Fields
from lien.errors import Malformed
from lien.ids import AccountId, RppsNumber

MAX_NAME_CHARACTERS: Final = 128
MAX_CODE_CHARACTERS: Final = 32
_IDENTITY: Final = 7  # fields, and four more with a situation
_PLACED_IDENTITY: Final = 11


@dataclass(frozen=True, slots=True)
class Situation:
    """Where somebody said they work when they signed in, out of what their provider listed."""

    structure: str
    commune: str
    postcode: str
    mode: str  # L (liberal), S (employed), B (volunteer)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the deployment's attestor says this is, and how and when that was verified."""

    rpps: RppsNumber
    family_name: str
    given_name: str
    profession_code: str
    category: str
    provider: str
    verified_at_ms: int
    situation: Situation | None = None


@dataclass(frozen=True, slots=True)
class Sponsored:
    """
    Somebody outside the national directory, for whom a colleague vouches.

    The attestor says that it checked; the sponsor's and the guest's own signatures are in it,
    so that neither the attestor nor the server can say it alone.
    """

    sponsorship: SignedSponsorship
    acceptance: bytes = field(repr=False)
    verified_at_ms: int

    @property
    def content(self) -> Sponsorship:
        """Readable, since the link was read. Raises: BadSponsorship."""
        return self.sponsorship.content


def format_identity(body: Identity) -> list[object]:
    """The fields of an `identity` link."""
    names: list[object] = [body.rpps, body.family_name, body.given_name]
    codes: list[object] = [body.profession_code, body.category, body.provider]
    at = body.situation
    place = [at.structure, at.commune, at.postcode, at.mode] if at else []
    return [*names, *codes, body.verified_at_ms, *place]


def parse_identity(value: object) -> Identity:
    """
    The inverse of `format_identity`.

    Raises: Malformed.
    """
    has_place = isinstance(value, list) and len(value) == _PLACED_IDENTITY
    fields = Fields.of_list(value, _PLACED_IDENTITY if has_place else _IDENTITY)
    return Identity(
        _rpps(fields),
        fields.text(MAX_NAME_CHARACTERS),
        fields.text(MAX_NAME_CHARACTERS),
        fields.text(MAX_CODE_CHARACTERS),
        fields.text(MAX_CODE_CHARACTERS),
        fields.text(MAX_CODE_CHARACTERS),
        fields.integer(),
        _situation(fields) if has_place else None,
    )


def require_vouched(
    body: Sponsored,
    before: Sponsored | None,
    account: AccountId,
    attestors: Iterable[bytes],
) -> None:
    """
    Check that the guest accepted for this account, and without a sponsor that the attestor gave.

    What a sponsor's device signed is checked where that sponsor's chain is known.

    Raises: BadSponsorship, BadSignature.
    """
    content = body.content
    if before is not None and before.content.invitation != content.invitation:
        raise BadSponsorship("a sponsorship is of another invitation than the one before")
    if content.sponsor == account:
        raise BadSponsorship("nobody vouches for themselves")
    verify_acceptance(content.invitation_public, account, body.acceptance)
    if content.sponsor is None and not any(_is_given(body, public) for public in attestors):
        raise BadSponsorship("the attestor did not give this sponsorship")


def _is_given(body: Sponsored, public: bytes) -> bool:
    try:
        verify_sponsorship(body.sponsorship, public)
    except BadSponsorship:
        return False
    return True


def format_sponsored(body: Sponsored) -> list[object]:
    """The fields of a `sponsored` link."""
    signed = body.sponsorship
    return [signed.data, signed.signature, body.acceptance, body.verified_at_ms]


def parse_sponsored(value: object) -> Sponsored:
    """
    The inverse of `format_sponsored`.

    Raises: Malformed, also when the sponsorship in it cannot be read.
    """
    fields = Fields.of_list(value, 4)
    data = fields.blob_up_to(MAX_SPONSORSHIP_BYTES)
    signed = SignedSponsorship(data, fields.blob(SIGNATURE_BYTES))
    decode_sponsorship(data)
    return Sponsored(signed, fields.blob(SIGNATURE_BYTES), fields.integer())


def _situation(fields: Fields) -> Situation:
    structure, commune = fields.text(MAX_NAME_CHARACTERS), fields.text(MAX_NAME_CHARACTERS)
    return Situation(
        structure, commune, fields.text(MAX_CODE_CHARACTERS), fields.text(MAX_CODE_CHARACTERS)
    )


def _rpps(fields: Fields) -> RppsNumber:
    text = fields.text(11)
    if len(text) != 11 or not (text.isascii() and text.isdigit()):
        raise Malformed("an RPPS number is 11 digits")
    return RppsNumber(text)
