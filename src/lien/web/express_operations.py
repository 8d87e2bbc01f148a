"""The part of the table in `operations` about express login without a passkey."""

from typing import Final

from lien.crypto.pin import SHARE_BYTES
from lien.web import shapes
from lien.web.operation import Operation, open_to_all, signed
from lien.web.shapes import maybe, number, obj, ref

EXPRESS_OPERATIONS: Final[tuple[Operation, ...]] = (
    open_to_all(
        "POST", "/api/pins/begin", "A nonce for one try.", obj(nonce=shapes.blob(exactly=32))
    ),
    open_to_all(
        "POST",
        "/api/pins/open",
        "The share of a PIN that is proved.",
        obj(
            share=maybe(shapes.blob(exactly=SHARE_BYTES)),
            nonce=maybe(shapes.blob(exactly=32)),
            left=number(),
            wait_ms=number(),
        ),
        body=obj(nonce=shapes.blob(exactly=32), pin=shapes.ID, proof=shapes.SIGNATURE),
        statuses=(401, 403, 404),
    ),
    open_to_all(
        "POST",
        "/api/session/pin",
        "Sign in with the PIN just proved.",
        ref("Session"),
        body=obj(
            nonce=shapes.blob(exactly=32),
            account=shapes.ID,
            device=shapes.ID,
            proof=shapes.SIGNATURE,
        ),
        statuses=(401, 404, 409),
    ),
    signed(
        "PUT",
        "/api/pins/{pin}",
        "Keep the share of a PIN of this device.",
        shapes.NOTHING,
        body=obj(
            public=shapes.blob(exactly=32),
            share=shapes.blob(exactly=SHARE_BYTES),
            replaces=maybe(shapes.ID),
        ),
    ),
    signed("DELETE", "/api/pins/{pin}", "Forget a PIN of this device.", shapes.NOTHING),
)
