"""
Decisions about accounts: pure functions over models and chain states.
"""

from collections.abc import Sequence
from ipaddress import ip_address, ip_network
from typing import Final

from lien.accounts.errors import (
    AccountClosed,
    AccountExists,
    AccountSuspended,
    ChainMoved,
    DeviceRevoked,
    FreshSignInNeeded,
    NotSignedIn,
)
from lien.accounts.models import Changes, Earlier, Flow, Session, VaultEntry, Via
from lien.audit import Event, EventKind
from lien.crypto.account import WRAPPED_BYTES
from lien.crypto.chain import (
    AddDevice,
    BadLink,
    ChainState,
    Create,
    Identity,
    Link,
    LinkContent,
    RevokeDevice,
    RotateSecret,
    Sponsored,
    Standing,
    decode_link,
)
from lien.crypto.vault import RECOVERY
from lien.errors import Conflict, Malformed
from lien.ids import AccountId, DeviceId, InvitationId, PasskeyId, require_id

MAX_LABEL: Final = 64
MAX_DEVICES: Final = 16  # active at a time: a phone, a tablet, a few desks
MAX_PASSKEYS: Final = 16
MAX_APPENDED: Final = 32  # links in one request: sixteen revocations and their rotations
MAX_LINK_PAGE: Final = 256
FLOW_TTL_MS: Final = 10 * 60 * 1000
# Adding a passkey is adding a way in: the provider must have vouched for the person just now.
FRESH_MS: Final = 10 * 60 * 1000
LEFT_DIRECTORY: Final = "left_directory"
_PASSKEY_PREFIX: Final = "passkey:"


def require_label(text: str) -> str:
    """
    Return a name a person gave to a device or passkey, without surrounding spaces.

    Raises: Malformed for an empty or long one, or one with control or direction characters.
    """
    label = text.strip()
    if not 0 < len(label) <= MAX_LABEL or not label.isprintable():
        raise Malformed(f"a label is 1 to {MAX_LABEL} printable characters")
    return label


def network_of(address: str) -> str:
    """
    The network an address is counted with: its /24, or its /48; empty for no address.

    A person has 2^80 addresses of IPv6, a hospital often one of IPv4.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    if parsed.version == 6 and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    prefix = 24 if parsed.version == 4 else 48
    return str(ip_network((parsed, prefix), strict=False).network_address)


def require_create(link: Link) -> tuple[LinkContent, Create]:
    """
    Return the content of a link 0.

    Raises: BadLink.
    """
    content = decode_link(link.data)
    if not isinstance(content.body, Create):
        raise BadLink("an account begins with a create link")
    return content, content.body


def require_joining(link: Link, account: AccountId) -> AddDevice:
    """
    Return the device that joins its account by a link signed with the account's own key.

    Raises: BadLink.
    """
    content = decode_link(link.data)
    if not isinstance(content.body, AddDevice) or content.account != account:
        raise BadLink("a device joins the account of its passkey by one add_device link")
    if content.signing_device is not None:
        raise BadLink("a joining device signs with the account's key")
    return content.body


def require_appendable(links: Sequence[Link]) -> tuple[LinkContent, ...]:
    """
    Return the contents of links that a signed-in device may append.

    Raises: BadLink, Malformed.
    """
    if not 0 < len(links) <= MAX_APPENDED:
        raise Malformed(f"1 to {MAX_APPENDED} links are appended together")
    contents = tuple(decode_link(link.data) for link in links)
    if any(
        isinstance(content.body, Create | Identity | Sponsored | Standing) for content in contents
    ):
        raise BadLink("a device neither creates its account again nor says who its owner is")
    return contents


def events_of(account: AccountId, contents: Sequence[LinkContent]) -> list[Event]:
    """What an owner's own links did, for the trail."""
    events = []
    for content in contents:
        match content.body:
            case AddDevice(device):
                events.append(Event(EventKind.DEVICE_ADDED, account, account, device, "device"))
            case RevokeDevice(device):
                events.append(Event(EventKind.DEVICE_REVOKED, account, account, device))
            case RotateSecret(generation):
                note = str(generation)
                events.append(Event(EventKind.SECRET_ROTATED, account, account, note=note))
            case Create() | Identity() | Sponsored() | Standing():
                pass  # written down by whoever made them
    return events


def changes_of(state: ChainState, contents: Sequence[LinkContent]) -> Changes:
    """What these links, which led to `state`, did."""
    bodies = [content.body for content in contents]
    return Changes(
        number=state.length - 1,
        revoked=tuple(body.device for body in bodies if isinstance(body, RevokeDevice)),
        is_rotated=any(isinstance(body, RotateSecret) for body in bodies),
    )


def require_current(contents: Sequence[LinkContent], before: ChainState) -> None:
    """
    Links that were made on an older chain are not wrong, they are late.

    Raises: ChainMoved.
    """
    if contents[0].number < before.length or contents[0].previous != before.head:
        raise ChainMoved("the chain has grown: read it, then decide again")


def require_bounded(state: ChainState) -> None:
    """Raises: Conflict for more active devices than one person has."""
    if len(state.devices) > MAX_DEVICES:
        raise Conflict(f"an account has at most {MAX_DEVICES} devices: revoke one first")


def require_earlier(contents: Sequence[LinkContent], earlier: Sequence[Earlier]) -> None:
    """
    Each rotation brings the secret before it, sealed to the new one, or history would be lost.

    Raises: Malformed.
    """
    rotated = [
        content.body.generation - 1
        for content in contents
        if isinstance(content.body, RotateSecret)
    ]
    if sorted(entry.generation for entry in earlier) != rotated:
        raise Malformed("each rotation brings the secret of the generation before, once")
    if any(len(entry.wrapped) != WRAPPED_BYTES for entry in earlier):
        raise Malformed(f"a wrapped secret is {WRAPPED_BYTES} bytes")


def require_vault(
    entries: Sequence[VaultEntry], generation: int, passkeys: Sequence[PasskeyId]
) -> None:
    """
    A vault entry is of the current generation and of a wrapper its owner has.

    Raises: Malformed, Conflict when the secret was rotated meanwhile.
    """
    wrappers = {entry.wrapper for entry in entries}
    if len(wrappers) != len(entries):
        raise Malformed("a wrapper has one entry")
    if not wrappers <= {RECOVERY, *(_PASSKEY_PREFIX + passkey for passkey in passkeys)}:
        raise Malformed("a wrapper is `recovery` or a passkey of this account")
    if any(len(entry.wrapped) != WRAPPED_BYTES for entry in entries):
        raise Malformed(f"a wrapped secret is {WRAPPED_BYTES} bytes")
    if any(entry.generation != generation for entry in entries):
        raise Conflict("the account secret has another generation now")


def require_invitation(text: str) -> InvitationId:
    """Raises: Malformed."""
    return InvitationId(require_id(text))


def require_via(flow: Flow, via: Via) -> Flow:
    """
    Return the flow if it came about this way.

    Raises: NotSignedIn.
    """
    if flow.via != via:
        raise NotSignedIn("this needs the other way of signing in")
    return flow


def require_free(state: ChainState | None) -> None:
    """
    A person whose every device was revoked may begin again; anyone else has an account.

    Raises: AccountExists.
    """
    if state is not None and not state.is_closed:
        raise AccountExists("open the account from a known device or passkey")


def require_open(state: ChainState) -> None:
    """Raises: AccountSuspended, AccountClosed."""
    if state.is_closed:
        raise AccountClosed("the account is closed")
    if state.standing.standing == "suspended":
        raise AccountSuspended("the account is suspended")


def may_reopen_alone(state: ChainState) -> bool:
    """
    Whose number left the national directory comes back by signing in with the provider once it
    is there again; what an operator decided, an operator undoes.
    """
    standing = state.standing
    return standing.standing == "suspended" and standing.reason == LEFT_DIRECTORY


def require_just_signed_in(session: Session, now_ms: int) -> None:
    """Raises: FreshSignInNeeded unless the session began, by whatever gesture, just now."""
    if now_ms - max(session.provider_at_ms, session.started_at_ms) > FRESH_MS:
        raise FreshSignInNeeded("sign in again first; it holds for ten minutes")


def require_device(state: ChainState, device: DeviceId) -> bytes:
    """
    Return the public key of an active device.

    Raises: DeviceRevoked, NotSignedIn for one that never was in the chain.
    """
    public = state.devices.get(device)
    if public is not None:
        return public
    if device in state.revoked:
        raise DeviceRevoked("this device was revoked")
    raise NotSignedIn("not a device of this account")


def is_fresh(session: Session, now_ms: int) -> bool:
    """True while the provider's word, in this session, is at most ten minutes old."""
    return now_ms - session.provider_at_ms <= FRESH_MS


def require_fresh(session: Session, now_ms: int) -> None:
    """
    Raises: FreshSignInNeeded if the provider last vouched for the person too long ago, or
    not in this session.
    """
    if not is_fresh(session, now_ms):
        raise FreshSignInNeeded("sign in with the provider first; it holds for ten minutes")
