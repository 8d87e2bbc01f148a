"""
Every HTTP operation, in one table: the OpenAPI document is made of it, and tests hold it against
the routes of the application and against what they really answer.

A new route needs one line here. `Who` as in docs/protocol.md.
"""

from collections.abc import Mapping
from typing import Final

from lien.crypto.chain import MAX_LINKS
from lien.web import shapes
from lien.web.blobs import BLOB_OPERATIONS
from lien.web.document_operations import DOCUMENT_OPERATIONS
from lien.web.express_operations import EXPRESS_OPERATIONS
from lien.web.guest_operations import GUEST_OPERATIONS
from lien.web.operation import in_flow, open_to_all, signed
from lien.web.push import PUSH_OPERATIONS
from lien.web.releasing import RELEASE_OPERATIONS
from lien.web.shapes import Shape, listing, maybe, number, obj, ref, text

# What a variable part of a path is.
PARTS: Final[Mapping[str, Shape]] = {
    "account": shapes.ID,
    "channel": shapes.CHANNEL,
    "blob": shapes.ID,
    "rpps": shapes.RPPS,
    "passkey": shapes.PASSKEY,
    "pin": shapes.ID,
    "transfer": shapes.ID,
    "device": shapes.ID,
    "session": shapes.ID,
    "wrapper": shapes.WRAPPER,
    "provider": text(64, 1),
    "invitation": shapes.ID,
    "gateway": shapes.ID,
    "document": shapes.ID,
}

_LINKS: Final = listing(ref("Link"))
_VAULT: Final = listing(ref("VaultEntry"))
_HEALTH: Final = obj(status=text())


OPERATIONS: Final = (
    open_to_all("GET", "/health", "This process answers.", _HEALTH),
    open_to_all("GET", "/ready", "The store answers too.", _HEALTH, statuses=(503,)),
    open_to_all("GET", "/api/openapi.json", "This document.", shapes.ANY_OBJECT),
    open_to_all(
        "GET",
        "/api/status",
        "What a page needs before anyone signs in.",
        obj(
            version=text(),
            providers=listing(obj(id=text(), label=text())),
            mock=shapes.TRUTH,
            attestor=shapes.blob(exactly=32),
            attestor_steps=listing(
                obj(step=shapes.blob(most=256), signature=shapes.blob(exactly=128))
            ),
            retention_days=number(least=1),
            retention_least_days=number(least=1),
            pin_offline_hours=number(),
            lock_seconds=number(),
            blob_bytes=number(least=1),
            server_at_ms=number(),
        ),
    ),
    open_to_all("GET", "/auth/{provider}/start", "Leave for a provider.", None, statuses=(302,)),
    open_to_all(
        "POST",
        "/auth/{provider}/logout",
        "A provider says that a sign-in is over.",
        None,
        statuses=(400, 503),
    ),
    open_to_all("GET", "/auth/{provider}/callback", "Come back from it.", None, statuses=(302,)),
    # Signing in
    in_flow(
        "GET",
        "/api/enrolment",
        "What a flow leads to.",
        obj(
            nonce=shapes.blob(exactly=32),
            account=maybe(shapes.ID),
            professional=maybe(ref("Professional")),
            vault=_VAULT,
            links=_LINKS,
            via={"enum": ["provider", "passkey", "invitation"]},
            situations=listing(ref("Situation"), 32),
        ),
    ),
    in_flow("POST", "/api/accounts", "Sign up.", ref("Session"), body=ref("NewAccount")),
    in_flow(
        "POST",
        "/api/enrolment/recovery",
        "What the recovery code opens, and the chain.",
        obj(vault=_VAULT, links=_LINKS),
        statuses=(404, 429),
    ),
    in_flow(
        "POST",
        "/api/enrolment/fresh-start",
        "Close the account that nothing opens; another may be created.",
        obj(),
        body=obj(account=shapes.ID),
        statuses=(429,),
    ),
    in_flow("POST", "/api/devices", "Add this device.", ref("Session"), body=ref("NewDevice")),
    in_flow(
        "POST",
        "/api/session/provider",
        "Sign in again with the provider.",
        ref("Session"),
        body=obj(account=shapes.ID, device=shapes.ID, proof=shapes.SIGNATURE),
    ),
    open_to_all(
        "POST",
        "/api/session/passkey/begin",
        "A challenge for any passkey.",
        obj(nonce=shapes.blob(exactly=32), options=shapes.ANY_OBJECT),
    ),
    open_to_all(
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
    signed("GET", "/api/session", "The session.", ref("Session")),
    signed("POST", "/api/session/renew", "Fresh idle time.", ref("Session")),
    signed("POST", "/api/session/end", "Sign out.", shapes.NOTHING),
    *EXPRESS_OPERATIONS,
    *GUEST_OPERATIONS,
    # The own account
    signed(
        "GET",
        "/api/account/situation",
        "What the provider listed just now.",
        obj(situations=listing(ref("Situation"), 32)),
    ),
    signed(
        "PUT",
        "/api/account/situation",
        "Choose one of them.",
        shapes.NOTHING,
        body=obj(situation=number(0, 31)),
    ),
    signed(
        "POST", "/api/account/close", "End the own account, just after signing in.", shapes.NOTHING
    ),
    signed(
        "GET",
        "/api/audit",
        "What happened to the own account, newest first.",
        obj(events=listing(ref("Event")), before=number()),
        query={"before": number()},
    ),
    # Passkeys, devices, the vault
    signed("POST", "/api/passkeys/begin", "Options for a new one.", obj(options=shapes.ANY_OBJECT)),
    signed(
        "POST",
        "/api/passkeys",
        "Register a passkey.",
        obj(passkey=shapes.PASSKEY),
        body=obj(credential=shapes.ANY_OBJECT, label=shapes.LABEL),
    ),
    signed("GET", "/api/passkeys", "The own passkeys.", obj(passkeys=listing(ref("Passkey")))),
    signed("DELETE", "/api/passkeys/{passkey}", "Remove one.", shapes.NOTHING),
    signed("GET", "/api/devices", "The own devices.", obj(devices=listing(ref("Device")))),
    signed("GET", "/api/vault", "The own wrapped secrets.", obj(vault=_VAULT)),
    signed(
        "PUT",
        "/api/vault/{wrapper}",
        "Store one.",
        shapes.NOTHING,
        body=ref("Earlier"),
    ),
    # Chains
    signed(
        "GET",
        "/api/accounts/{account}",
        "Who an account belongs to.",
        obj(account=shapes.ID, professional=maybe(ref("Professional"))),
    ),
    signed(
        "GET",
        "/api/accounts/{account}/chain",
        "The links of an account above a number.",
        obj(links=_LINKS, professional=maybe(ref("Professional"))),
        query={"after": number(-1, MAX_LINKS)},
    ),
    signed("POST", "/api/chain", "Append links.", obj(number=number()), body=ref("NewLinks")),
    signed(
        "GET",
        "/api/chain/earlier",
        "The own earlier secrets.",
        obj(earlier=listing(ref("Earlier"))),
    ),
    # The directory
    signed(
        "GET",
        "/api/directory",
        "Search professionals.",
        obj(
            professionals=listing(ref("Professional"), 50),
            guests=listing(ref("Guest"), 10),
            next=maybe(text()),
            extract_date=maybe(text()),
        ),
        query={"q": text(100, 2), "after": text(128)},
    ),
    signed("GET", "/api/directory/{rpps}", "One professional.", ref("Professional")),
    signed(
        "GET", "/api/directory/visibility", "Whether the own entry hides.", obj(hidden=shapes.TRUTH)
    ),
    signed(
        "PUT",
        "/api/directory/visibility",
        "Hide from search by words, or not.",
        shapes.NOTHING,
        body=obj(hidden=shapes.TRUTH),
    ),
    # Conversations
    signed("GET", "/api/conversations", "The own channels.", obj(channels=listing(shapes.CHANNEL))),
    signed(
        "GET",
        "/api/conversations/{channel}/epochs",
        "Statements above an epoch.",
        obj(epochs=listing(ref("Epoch"), 32), epoch=number(), stale=shapes.TRUTH),
        query={"after": number()},
    ),
    signed(
        "POST",
        "/api/conversations/{channel}/epochs",
        "Begin an epoch.",
        obj(incarnation=number(1), offset=number(1)),
        body=ref("NewEpoch"),
    ),
    signed(
        "PUT",
        "/api/conversations/{channel}/retention",
        "Choose how many days the log keeps its entries.",
        obj(),
        body=obj(days=number(1, 366)),
    ),
    signed(
        "GET",
        "/api/conversations/{channel}/receipts",
        "How far others have received and read.",
        obj(
            receipts=listing({"type": "array", "prefixItems": [shapes.ID, number(1, 2), number()]})
        ),
    ),
    *BLOB_OPERATIONS,
    *PUSH_OPERATIONS,
    *RELEASE_OPERATIONS,
    *DOCUMENT_OPERATIONS,
)
