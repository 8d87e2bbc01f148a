"""
The signed history of an account, as a value: `apply` takes a state and a link to the next state.

Rule 1: a link counts only if every link before it did.
Rule 2: a device id or a device's public key never returns.
Rule 3: the attestor says who someone is and whether they take part; nobody else says that.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from lien.crypto.link import (
    ACCOUNT,
    ATTESTOR,
    LABEL,
    MAX_LINK_BYTES,
    MAX_LINKS,
    AddDevice,
    BadLink,
    Body,
    Create,
    Identity,
    Link,
    LinkContent,
    RevokeDevice,
    RotateSecret,
    Signer,
    Standing,
    decode_link,
    encode_link,
)
from lien.crypto.signing import BadSignature, SigningKey, verify
from lien.ids import AccountId, DeviceId

__all__ = [
    "MAX_LINKS",
    "MAX_LINK_BYTES",
    "AddDevice",
    "BadLink",
    "Body",
    "ChainState",
    "Create",
    "Identity",
    "Link",
    "LinkContent",
    "Remembered",
    "RevokeDevice",
    "RotateSecret",
    "Signer",
    "Standing",
    "apply",
    "attest",
    "create_chain",
    "decode_link",
    "make_link",
    "replay",
]

_NO_HASH: Final = b""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a client keeps about a chain: the account, its last link's number and hash."""

    account: AccountId
    number: int
    head: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ChainState:
    """
    All that the links so far say.

    `devices` are active; `revoked` keeps the public keys of the others, because what they signed
    while they were active must still be verified. `signing_publics` is by generation. `left` is
    the generation the account last left with, 0 if it never did.
    """

    account: AccountId
    length: int
    head: bytes = field(repr=False)
    devices: Mapping[DeviceId, bytes] = field(repr=False)
    revoked: Mapping[DeviceId, bytes] = field(repr=False)
    generation: int
    signing_public: bytes = field(repr=False)
    sealing_public: bytes = field(repr=False)
    signing_publics: Mapping[int, bytes] = field(repr=False)
    is_stale: bool = False
    identity: Identity | None = field(default=None, repr=False)
    standing: Standing = Standing("open", "")
    left: int = 0

    @property
    def is_closed(self) -> bool:
        """No device is left, or the attestor closed it: the account is over, nothing follows."""
        return not self.devices or self.standing.standing == "closed"

    @property
    def is_departed(self) -> bool:
        """Nobody seals to it: closed, suspended, or open again with the secret it left with."""
        return (
            self.is_closed or self.standing.standing == "suspended" or self.generation <= self.left
        )

    @property
    def departed_generation(self) -> int:
        """What was sealed to this generation or an earlier one was sealed before it left."""
        return self.generation if self.is_departed else self.left

    @property
    def remembered(self) -> Remembered:
        """What to compare the chain with the next time it is shown."""
        return Remembered(self.account, self.length - 1, self.head)

    def find_device_public(self, device: DeviceId) -> bytes | None:
        """The public key of a device that is or was in the chain."""
        return self.devices.get(device) or self.revoked.get(device)


def create_chain(account: AccountId, body: Create, device_key: SigningKey, at_ms: int) -> Link:
    """Link 0, signed by the device that it puts into the chain."""
    signer = Signer.device(body.device, device_key)
    return _sign(LinkContent(account, 0, _NO_HASH, body, at_ms, signer.name), signer)


def make_link(state: ChainState, body: Body, signer: Signer, at_ms: int) -> Link:
    """The link after `state`. Whether it may follow is said by `apply`."""
    return _sign(
        LinkContent(state.account, state.length, state.head, body, at_ms, signer.name), signer
    )


def attest(state: ChainState, identity: Identity, attestor: SigningKey, at_ms: int) -> Link:
    """The deployment's word on who this account is."""
    return make_link(state, identity, Signer.attestor(attestor), at_ms)


def apply(state: ChainState | None, link: Link, attestor_public: bytes) -> ChainState:
    """
    The state after one more link.

    Raises: BadLink, and the state stays as it was.
    """
    content = decode_link(link.data)
    _require_next(state, content)
    try:
        verify(_signer_public(state, content, attestor_public), LABEL, link.data, link.signature)
    except BadSignature as error:
        raise BadLink("a link's signature is wrong") from error
    if state is None:
        return _created(content, link.hash)
    return replace(_changed(state, content), length=state.length + 1, head=link.hash)


def replay(
    links: Iterable[Link],
    attestor_public: bytes,
    *,
    start: ChainState | None = None,
    expected_account: AccountId | None = None,
    expected: Remembered | None = None,
) -> ChainState:
    """
    The state after all links: from the first one, or following `start`.

    `expected` is what was remembered: a chain that is shorter, or differs there, is refused.

    Raises: BadLink.
    """
    state = start
    seen = expected is None or (start is not None and start.remembered == expected)
    for link in links:
        state = apply(state, link, attestor_public)
        seen = seen or state.remembered == expected
    if state is None:
        raise BadLink("a chain has no link")
    if expected_account not in (None, state.account):
        raise BadLink("a chain is of another account")
    if not seen:
        raise BadLink("a chain is shorter than it was, or another one")
    return state


def _sign(content: LinkContent, signer: Signer) -> Link:
    data = encode_link(content)
    return Link(data, signer.key.sign(LABEL, data))


def _require_next(state: ChainState | None, content: LinkContent) -> None:
    is_create = isinstance(content.body, Create)
    if state is None:
        if content.number or not is_create:
            raise BadLink("a chain begins with a create link, number 0")
        return
    if is_create:
        raise BadLink("a chain is created once")
    if state.is_closed:
        raise BadLink("the chain is closed")
    if state.standing.standing == "suspended" and content.signer != ATTESTOR:
        raise BadLink("a suspended account waits for the attestor")
    if content.account != state.account:
        raise BadLink("a link is of another account")
    if content.number != state.length:
        raise BadLink("a link's number does not follow")
    if content.previous != state.head:
        raise BadLink("a link does not follow the link before")


def _signer_public(state: ChainState | None, content: LinkContent, attestor_public: bytes) -> bytes:
    """The key that must have signed, among those that may sign a link of this kind."""
    is_attested = isinstance(content.body, Identity | Standing)
    if is_attested != (content.signer == ATTESTOR):
        raise BadLink("the attestor signs identities and standings, and only the attestor")
    if content.signer == ATTESTOR:
        return attestor_public
    if state is None:
        if not isinstance(content.body, Create) or content.signing_device != content.body.device:
            raise BadLink("a create link is signed by its own device")
        return content.body.device_public
    if content.signer == ACCOUNT:
        return state.signing_public
    device = content.signing_device
    public = state.devices.get(device) if device is not None else None
    if public is None:
        raise BadLink("a link is signed by a device that is not active")
    return public


def _created(content: LinkContent, head: bytes) -> ChainState:
    body = content.body
    assert isinstance(body, Create)  # noqa: S101  `_require_next` has seen to it
    return ChainState(
        account=content.account,
        length=1,
        head=head,
        devices=MappingProxyType({body.device: body.device_public}),
        revoked=MappingProxyType({}),
        generation=body.generation,
        signing_public=body.signing_public,
        sealing_public=body.sealing_public,
        signing_publics=MappingProxyType({body.generation: body.signing_public}),
    )


def _changed(state: ChainState, content: LinkContent) -> ChainState:
    match content.body:
        case AddDevice(device, public):
            known = {**state.devices, **state.revoked}
            if device in known or public in known.values():
                raise BadLink("a device id or key returns")
            return replace(state, devices=MappingProxyType({**state.devices, device: public}))
        case RevokeDevice(device):
            devices = dict(state.devices)
            gone = devices.pop(device, None)
            if gone is None:
                raise BadLink("a device that is not active cannot be revoked")
            return replace(
                state,
                devices=MappingProxyType(devices),
                revoked=MappingProxyType({**state.revoked, device: gone}),
                is_stale=True,
            )
        case RotateSecret(generation, signing_public, sealing_public):
            if generation != state.generation + 1:
                raise BadLink("a generation does not follow")
            publics = {**state.signing_publics, generation: signing_public}
            return replace(
                state,
                generation=generation,
                signing_public=signing_public,
                sealing_public=sealing_public,
                signing_publics=MappingProxyType(publics),
                is_stale=False,
            )
        case Identity() as identity:
            return replace(state, identity=identity)
        case Standing() as standing:
            return _standing(state, standing)
        case Create():
            raise BadLink("a chain is created once")


def _standing(state: ChainState, standing: Standing) -> ChainState:
    if standing.standing == state.standing.standing:
        raise BadLink("an account has that standing already")
    if standing.standing == "open":
        # The secret it left with opens nothing that comes.
        return replace(state, standing=standing, is_stale=True)
    return replace(state, standing=standing, left=state.generation)
