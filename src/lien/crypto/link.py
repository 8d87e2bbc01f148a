"""
One link of an account's chain: its seven kinds, its bytes, its signer.

A link says nothing by itself: whether it may follow is decided by `lien.crypto.chain`.
"""

from dataclasses import dataclass, field
from typing import Final, Literal, NewType, cast

from lien.crypto.identity import (
    MAX_CODE_CHARACTERS,
    Identity,
    Sponsored,
    format_identity,
    format_sponsored,
    parse_identity,
    parse_sponsored,
)
from lien.crypto.sealing import PUBLIC_BYTES as SEALING_PUBLIC_BYTES
from lien.crypto.sealing import require_sealing_public
from lien.crypto.signing import PUBLIC_BYTES, SigningKey, require_public
from lien.crypto.structure import Fields, encode, reading
from lien.crypto.suite import HASH_BYTES, hash32
from lien.errors import Malformed
from lien.ids import AccountId, DeviceId, require_id

LABEL: Final = "lien/v1/link"
MAX_LINK_BYTES: Final = 2048
MAX_LINKS: Final = 4096

SignerName = NewType("SignerName", str)  # `account`, `attestor` or `device:<id>`
ACCOUNT: Final = SignerName("account")
ATTESTOR: Final = SignerName("attestor")
_DEVICE_PREFIX: Final = "device:"
_STANDINGS: Final = frozenset({"open", "suspended", "closed"})

StandingName = Literal["open", "suspended", "closed"]


class BadLink(Malformed):
    """A link cannot be read, does not follow, or is signed by whoever may not."""

    code = "bad_link"


@dataclass(frozen=True, slots=True)
class Link:
    """A signed link as it travels; the bytes are what is signed and hashed."""

    data: bytes = field(repr=False)
    signature: bytes = field(repr=False)

    @property
    def hash(self) -> bytes:
        """What the next link calls `previous`."""
        return hash32(self.data)


@dataclass(frozen=True, slots=True)
class Create:
    """Link 0: the first device and the first generation."""

    device: DeviceId
    device_public: bytes = field(repr=False)
    signing_public: bytes = field(repr=False)
    sealing_public: bytes = field(repr=False)
    generation: int = 1


@dataclass(frozen=True, slots=True)
class AddDevice:
    """A further device."""

    device: DeviceId
    device_public: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class RevokeDevice:
    """A device that signs nothing any more."""

    device: DeviceId


@dataclass(frozen=True, slots=True)
class RotateSecret:
    """The next generation of the account secret."""

    generation: int
    signing_public: bytes = field(repr=False)
    sealing_public: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Standing:
    """The attestor's word on whether the account takes part, and why: a code, not a sentence."""

    standing: StandingName
    reason: str


Body = Create | AddDevice | RevokeDevice | RotateSecret | Identity | Sponsored | Standing


@dataclass(frozen=True, slots=True)
class LinkContent:
    """The decoded fields of a link. Nothing of it is verified yet."""

    account: AccountId
    number: int
    previous: bytes = field(repr=False)
    body: Body
    at_ms: int
    signer: SignerName

    @property
    def signing_device(self) -> DeviceId | None:
        """The device that claims to have signed, None when it is the account or the attestor."""
        if not self.signer.startswith(_DEVICE_PREFIX):
            return None
        return DeviceId(self.signer.removeprefix(_DEVICE_PREFIX))


@dataclass(frozen=True, slots=True)
class Signer:
    """A key and the name under which it signs links."""

    name: SignerName
    key: SigningKey = field(repr=False)

    @classmethod
    def device(cls, device: DeviceId, key: SigningKey) -> "Signer":
        return cls(SignerName(_DEVICE_PREFIX + device), key)

    @classmethod
    def account(cls, key: SigningKey) -> "Signer":
        """The account signing key of the generation before the link."""
        return cls(ACCOUNT, key)

    @classmethod
    def attestor(cls, key: SigningKey) -> "Signer":
        return cls(ATTESTOR, key)


def encode_link(content: LinkContent) -> bytes:
    """The bytes to sign."""
    kind, body = _format_body(content.body)
    return encode(
        content.account,
        content.number,
        content.previous,
        kind,
        body,
        content.at_ms,
        content.signer,
    )


def decode_link(data: bytes) -> LinkContent:
    """
    Read a link's bytes.

    Raises: BadLink.
    """
    with reading(BadLink):
        fields = Fields.decode(data, 8, MAX_LINK_BYTES)
        account = AccountId(fields.identifier())
        number = fields.integer(0, MAX_LINKS - 1)
        previous = fields.blob(HASH_BYTES if number else 0)
        body = _parse_body(fields.text(16), fields.value())
        return LinkContent(
            account, number, previous, body, fields.integer(), _parse_signer(fields.text(29))
        )


def _format_body(body: Body) -> tuple[str, list[object]]:  # noqa: PLR0911  one for each kind
    match body:
        case Create():
            keys: list[object] = [body.signing_public, body.sealing_public]
            return "create", [body.device, body.device_public, body.generation, *keys]
        case AddDevice():
            return "add_device", [body.device, body.device_public]
        case RevokeDevice():
            return "revoke_device", [body.device]
        case RotateSecret():
            return "rotate_secret", [body.generation, body.signing_public, body.sealing_public]
        case Identity():
            return "identity", format_identity(body)
        case Sponsored():
            return "sponsored", format_sponsored(body)
        case Standing():
            return "standing", [body.standing, body.reason]


def _parse_body(kind: str, value: object) -> Body:  # noqa: PLR0911  one for each kind
    match kind:
        case "create":
            fields = Fields.of_list(value, 5)
            device, public = _device(fields), _signing(fields)
            fields.integer(1, 1)
            return Create(device, public, _signing(fields), _sealing(fields))
        case "add_device":
            fields = Fields.of_list(value, 2)
            return AddDevice(_device(fields), _signing(fields))
        case "revoke_device":
            return RevokeDevice(_device(Fields.of_list(value, 1)))
        case "rotate_secret":
            fields = Fields.of_list(value, 3)
            return RotateSecret(fields.integer(2, MAX_LINKS), _signing(fields), _sealing(fields))
        case "identity":
            return parse_identity(value)
        case "sponsored":
            return parse_sponsored(value)
        case "standing":
            fields = Fields.of_list(value, 2)
            return Standing(_standing(fields), fields.text(MAX_CODE_CHARACTERS))
        case _:
            raise BadLink("a link is of an unknown kind")


def _parse_signer(text: str) -> SignerName:
    if text not in (ACCOUNT, ATTESTOR):
        if not text.startswith(_DEVICE_PREFIX):
            raise BadLink("a link has an unknown signer")
        require_id(text.removeprefix(_DEVICE_PREFIX))
    return SignerName(text)


def _standing(fields: Fields) -> StandingName:
    text = fields.text(9)
    if text not in _STANDINGS:
        raise BadLink("a standing is unknown")
    return cast(StandingName, text)


def _device(fields: Fields) -> DeviceId:
    return DeviceId(fields.identifier())


def _signing(fields: Fields) -> bytes:
    return require_public(fields.blob(PUBLIC_BYTES))


def _sealing(fields: Fields) -> bytes:
    return require_sealing_public(fields.blob(SEALING_PUBLIC_BYTES))
