"""
Every HTTP operation, in one table: the OpenAPI document is made of it, and tests hold it against
the routes of the application and against what they really answer.

A new route needs one line here. `Who` as in docs/protocol.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from lien.crypto.chain import MAX_LINKS
from lien.web import shapes
from lien.web.shapes import Shape, listing, maybe, number, obj, ref, text


class Who(StrEnum):
    """What a request must bring."""

    OPEN = "open"
    FLOW = "flow"
    SESSION = "session"


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path. `answer` None: the answer is no JSON."""

    method: str
    path: str
    who: Who
    summary: str
    answer: Shape | None
    body: Shape | None = None
    query: Mapping[str, Shape] = field(default_factory=dict)
    statuses: tuple[int, ...] = ()  # besides 200 and those of its kind


# What a variable part of a path is.
PARTS: Final[Mapping[str, Shape]] = {
    "account": shapes.ID,
    "channel": shapes.CHANNEL,
    "rpps": shapes.RPPS,
    "passkey": shapes.PASSKEY,
    "wrapper": shapes.WRAPPER,
    "provider": text(64, 1),
}

_LINKS: Final = listing(ref("Link"))
_VAULT: Final = listing(ref("VaultEntry"))
_HEALTH: Final = obj(status=text())


def _open(method: str, path: str, summary: str, answer: Shape | None, **more: object) -> Operation:
    return Operation(method, path, Who.OPEN, summary, answer, **more)  # type: ignore[arg-type]


def _flow(method: str, path: str, summary: str, answer: Shape, **more: object) -> Operation:
    return Operation(method, path, Who.FLOW, summary, answer, **more)  # type: ignore[arg-type]


def _signed(method: str, path: str, summary: str, answer: Shape, **more: object) -> Operation:
    return Operation(method, path, Who.SESSION, summary, answer, **more)  # type: ignore[arg-type]


OPERATIONS: Final = (
    _open("GET", "/health", "This process answers.", _HEALTH),
    _open("GET", "/ready", "The store answers too.", _HEALTH, statuses=(503,)),
    _open("GET", "/api/openapi.json", "This document.", shapes.ANY_OBJECT),
    _open(
        "GET",
        "/api/status",
        "What a page needs before anyone signs in.",
        obj(
            version=text(),
            providers=listing(obj(id=text(), label=text())),
            mock=shapes.TRUTH,
            attestor=shapes.blob(exactly=32),
            retention_days=number(least=1),
            server_at_ms=number(),
        ),
    ),
    _open("GET", "/auth/{provider}/start", "Leave for a provider.", None, statuses=(302,)),
    _open("GET", "/auth/{provider}/callback", "Come back from it.", None, statuses=(302,)),
    # Signing in
    _flow(
        "GET",
        "/api/enrolment",
        "What a flow leads to.",
        obj(
            nonce=shapes.blob(exactly=32),
            account=maybe(shapes.ID),
            professional=maybe(ref("Professional")),
            vault=_VAULT,
            links=_LINKS,
            via={"enum": ["provider", "passkey"]},
        ),
    ),
    _flow("POST", "/api/accounts", "Sign up.", ref("Session"), body=ref("NewDevice")),
    _flow(
        "POST",
        "/api/enrolment/recovery",
        "What the recovery code opens, and the chain.",
        obj(vault=_VAULT, links=_LINKS),
        statuses=(404, 429),
    ),
    _flow(
        "POST",
        "/api/enrolment/fresh-start",
        "Close the account that nothing opens; another may be created.",
        obj(),
        body=obj(account=shapes.ID),
        statuses=(429,),
    ),
    _flow("POST", "/api/devices", "Add this device.", ref("Session"), body=ref("NewDevice")),
    _flow(
        "POST",
        "/api/session/provider",
        "Sign in again with the provider.",
        ref("Session"),
        body=obj(account=shapes.ID, device=shapes.ID, proof=shapes.SIGNATURE),
    ),
    _open(
        "POST",
        "/api/session/passkey/begin",
        "A challenge for any passkey.",
        obj(nonce=shapes.blob(exactly=32), options=shapes.ANY_OBJECT),
    ),
    _open(
        "POST",
        "/api/session/passkey",
        "Sign in with a passkey, or begin to add this device.",
        {"anyOf": [ref("Session"), obj(enrol=shapes.TRUTH)]},
        body=obj(
            nonce=shapes.blob(exactly=32),
            credential=shapes.ANY_OBJECT,
            device=maybe(shapes.ID),
            proof=maybe(shapes.SIGNATURE),
        ),
        statuses=(401, 404, 409),
    ),
    _signed("GET", "/api/session", "The session.", ref("Session")),
    _signed("POST", "/api/session/renew", "Fresh idle time.", ref("Session")),
    _signed("POST", "/api/session/end", "Sign out.", shapes.NOTHING),
    # The own account
    _signed(
        "POST", "/api/account/close", "End the own account, just after signing in.", shapes.NOTHING
    ),
    _signed(
        "GET",
        "/api/audit",
        "What happened to the own account, newest first.",
        obj(events=listing(ref("Event")), before=number()),
        query={"before": number()},
    ),
    # Passkeys, devices, the vault
    _signed(
        "POST", "/api/passkeys/begin", "Options for a new one.", obj(options=shapes.ANY_OBJECT)
    ),
    _signed(
        "POST",
        "/api/passkeys",
        "Register a passkey.",
        obj(passkey=shapes.PASSKEY),
        body=obj(credential=shapes.ANY_OBJECT, label=shapes.LABEL),
    ),
    _signed("GET", "/api/passkeys", "The own passkeys.", obj(passkeys=listing(ref("Passkey")))),
    _signed("DELETE", "/api/passkeys/{passkey}", "Remove one.", shapes.NOTHING),
    _signed("GET", "/api/devices", "The own devices.", obj(devices=listing(ref("Device")))),
    _signed("GET", "/api/vault", "The own wrapped secrets.", obj(vault=_VAULT)),
    _signed(
        "PUT",
        "/api/vault/{wrapper}",
        "Store one.",
        shapes.NOTHING,
        body=ref("Earlier"),
    ),
    # Chains
    _signed(
        "GET",
        "/api/accounts/{account}",
        "Who an account belongs to.",
        obj(account=shapes.ID, professional=maybe(ref("Professional"))),
    ),
    _signed(
        "GET",
        "/api/accounts/{account}/chain",
        "The links of an account above a number.",
        obj(links=_LINKS, professional=maybe(ref("Professional"))),
        query={"after": number(-1, MAX_LINKS)},
    ),
    _signed("POST", "/api/chain", "Append links.", obj(number=number()), body=ref("NewLinks")),
    _signed(
        "GET",
        "/api/chain/earlier",
        "The own earlier secrets.",
        obj(earlier=listing(ref("Earlier"))),
    ),
    # The directory
    _signed(
        "GET",
        "/api/directory",
        "Search professionals.",
        obj(
            professionals=listing(ref("Professional"), 50),
            next=maybe(text()),
            extract_date=maybe(text()),
        ),
        query={"q": text(100, 2), "after": text(128)},
    ),
    _signed("GET", "/api/directory/{rpps}", "One professional.", ref("Professional")),
    _signed(
        "GET", "/api/directory/visibility", "Whether the own entry hides.", obj(hidden=shapes.TRUTH)
    ),
    _signed(
        "PUT",
        "/api/directory/visibility",
        "Hide from search by words, or not.",
        shapes.NOTHING,
        body=obj(hidden=shapes.TRUTH),
    ),
    # Conversations
    _signed(
        "GET", "/api/conversations", "The own channels.", obj(channels=listing(shapes.CHANNEL))
    ),
    _signed(
        "GET",
        "/api/conversations/{channel}/epochs",
        "Statements above an epoch.",
        obj(epochs=listing(ref("Epoch"), 32), epoch=number(), stale=shapes.TRUTH),
        query={"after": number()},
    ),
    _signed(
        "POST",
        "/api/conversations/{channel}/epochs",
        "Begin an epoch.",
        obj(incarnation=number(1), offset=number(1)),
        body=ref("NewEpoch"),
    ),
    _signed(
        "GET",
        "/api/conversations/{channel}/receipts",
        "How far others have received and read.",
        obj(
            receipts=listing({"type": "array", "prefixItems": [shapes.ID, number(1, 2), number()]})
        ),
    ),
)
