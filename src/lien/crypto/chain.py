"""
The signed history of an account, as a value: `apply` takes a state and a link to the next state.

Rule 1: a link counts only if every link before it did.
Rule 2: a device id or a device's public key never returns.
Rule 3: the attestor says who someone is and whether they take part; nobody else says that.
Rule 4: once a newer attestor key has signed in a chain, an older one signs nothing there.
Rule 5: an account is a professional's or a guest's for its whole life.
"""

from collections.abc import Iterable
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from lien.crypto.attestor import Attestors
from lien.crypto.chainstate import ChainState, Remembered
from lien.crypto.identity import Identity, Situation, Sponsored, require_vouched
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
from lien.crypto.sponsorship import BadSponsorship
from lien.ids import AccountId, DeviceId

__all__ = [
    "MAX_LINKS",
    "MAX_LINK_BYTES",
    "AddDevice",
    "Attestors",
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
    "Situation",
    "Sponsored",
    "Standing",
    "apply",
    "attest",
    "create_chain",
    "decode_link",
    "make_link",
    "replay",
]

_NO_HASH: Final = b""


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


def apply(state: ChainState | None, link: Link, attestors: Attestors) -> ChainState:
    """
    The state after one more link.

    Raises: BadLink, and the state stays as it was.
    """
    content = decode_link(link.data)
    _require_next(state, content)
    known = state.attestor if state else 0
    candidates = _signer_publics(state, content, attestors.publics[known:])
    place = next(
        (place for place, public in enumerate(candidates) if _is_signed(link, public)), None
    )
    if place is None:
        raise BadLink("a link's signature is wrong")
    if state is None:
        return _created(content, link.hash)
    after = _changed(state, content, attestors.publics)
    return replace(after, length=state.length + 1, head=link.hash, attestor=known + place)


def replay(
    links: Iterable[Link],
    attestors: Attestors,
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
        state = apply(state, link, attestors)
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


def _is_signed(link: Link, public: bytes) -> bool:
    try:
        verify(public, LABEL, link.data, link.signature)
    except BadSignature:
        return False
    return True


def _signer_publics(
    state: ChainState | None, content: LinkContent, attestors: tuple[bytes, ...]
) -> tuple[bytes, ...]:
    """The keys of which one must have signed: the one its signer has, or the attestor's."""
    is_attested = isinstance(content.body, Identity | Sponsored | Standing)
    if is_attested != (content.signer == ATTESTOR):
        raise BadLink("the attestor signs identities and standings, and only the attestor")
    if content.signer == ATTESTOR:
        return attestors
    return (_own_public(state, content),)


def _own_public(state: ChainState | None, content: LinkContent) -> bytes:
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


def _changed(state: ChainState, content: LinkContent, attestors: tuple[bytes, ...]) -> ChainState:
    match content.body:
        case AddDevice() as body:
            return _added(state, body)
        case RevokeDevice(device):
            return _revoked(state, device)
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
        case Identity() | Sponsored() as body:
            return _identified(state, body, attestors)
        case Standing() as standing:
            return _standing(state, standing)
        case Create():
            raise BadLink("a chain is created once")


def _added(state: ChainState, body: AddDevice) -> ChainState:
    known = {**state.devices, **state.revoked}
    if body.device in known or body.device_public in known.values():
        raise BadLink("a device id or key returns")
    devices = {**state.devices, body.device: body.device_public}
    return replace(state, devices=MappingProxyType(devices))


def _revoked(state: ChainState, device: DeviceId) -> ChainState:
    devices = dict(state.devices)
    gone = devices.pop(device, None)
    if gone is None:
        raise BadLink("a device that is not active cannot be revoked")
    revoked = MappingProxyType({**state.revoked, device: gone})
    return replace(state, devices=MappingProxyType(devices), revoked=revoked, is_stale=True)


def _identified(
    state: ChainState, body: Identity | Sponsored, attestors: tuple[bytes, ...]
) -> ChainState:
    if isinstance(body, Identity):
        if state.sponsored is not None:
            raise BadLink("a guest's account stays a guest's")
        return replace(state, identity=body)
    if state.identity is not None:
        raise BadLink("a professional's account stays a professional's")
    try:
        require_vouched(body, state.sponsored, state.account, attestors)
    except (BadSignature, BadSponsorship) as error:
        raise BadLink("a sponsorship was not accepted, or not given") from error
    return replace(state, sponsored=body)


def _standing(state: ChainState, standing: Standing) -> ChainState:
    if standing.standing == state.standing.standing:
        raise BadLink("an account has that standing already")
    if standing.standing == "open":
        # The secret it left with opens nothing that comes.
        return replace(state, standing=standing, is_stale=True)
    return replace(state, standing=standing, left=state.generation)
