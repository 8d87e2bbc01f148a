"""The operations of documents and gateways, for the table in `operations`."""

from typing import Final

from lien.crypto.chain import MAX_LINKS
from lien.web import shapes
from lien.web.operation import by_gateway, open_to_all, signed
from lien.web.shapes import listing, maybe, number, obj, ref

_LINKS: Final = listing(ref("Link"))

DOCUMENT_OPERATIONS: Final = (
    open_to_all(
        "POST",
        "/api/gateways/registration",
        "Certify the key of a gateway, once for a code.",
        obj(certificate=shapes.CERTIFICATE, signature=shapes.SIGNATURE),
        body=obj(
            code=shapes.blob(exactly=16),
            gateway=shapes.ID,
            public=shapes.blob(exactly=32),
            proof=shapes.SIGNATURE,
        ),
        statuses=(403,),
    ),
    by_gateway(
        "GET",
        "/api/gateway",
        "Whether this gateway is served, and the server's time.",
        obj(gateway=shapes.ID, server_at_ms=number()),
    ),
    by_gateway(
        "POST",
        "/api/gateway/recipients",
        "Whom numbers belong to.",
        obj(recipients=listing(ref("Recipient"), 100)),
        body=obj(numbers=listing(shapes.RPPS, 100)),
    ),
    by_gateway(
        "GET",
        "/api/gateway/accounts/{account}/chain",
        "The links of an account above a number.",
        obj(links=_LINKS),
        query={"after": number(-1, MAX_LINKS)},
    ),
    by_gateway(
        "POST",
        "/api/gateway/deliveries",
        "Append documents to inboxes.",
        obj(results=listing(ref("Delivered"), 16)),
        body=obj(deliveries=listing(ref("Delivery"), 16)),
    ),
    signed(
        "GET",
        "/api/gateways/{gateway}",
        "The certificate of a gateway, and its end.",
        obj(
            certificate=shapes.CERTIFICATE,
            signature=shapes.SIGNATURE,
            revocation=maybe(obj(revocation=shapes.CERTIFICATE, signature=shapes.SIGNATURE)),
        ),
    ),
    signed(
        "POST",
        "/api/documents/{document}/traces",
        "Write down what one did with a document.",
        shapes.NOTHING,
        body=ref("NewTrace"),
    ),
    signed(
        "GET",
        "/api/documents/audit-key",
        "The controller's audit key, which traces are sealed to as well.",
        obj(audit_key=maybe(obj(key=shapes.AUDIT_KEY, signature=shapes.SIGNATURE))),
    ),
    signed(
        "GET",
        "/api/documents/traces",
        "What one did with documents, newest first.",
        obj(traces=listing(ref("Trace"), 50), before=number()),
        query={"before": number()},
    ),
)
