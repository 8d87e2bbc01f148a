"""The part of the table in `operations` about express login, sessions and devices."""

from typing import Final

from lien.accounts import MAX_LETTER_BYTES
from lien.crypto.pin import SHARE_BYTES
from lien.crypto.sealing import PUBLIC_BYTES
from lien.web import shapes
from lien.web.operation import Operation, open_to_all, signed
from lien.web.shapes import listing, maybe, number, obj, ref

_LETTER: Final = shapes.blob(most=MAX_LETTER_BYTES)
_SEALING_PUBLIC: Final = shapes.blob(exactly=PUBLIC_BYTES)

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
    signed(
        "GET",
        "/api/sessions",
        "The own sessions.",
        obj(
            sessions=listing(
                obj(
                    session=shapes.ID,
                    device=shapes.ID,
                    started_at_ms=number(),
                    ends_at_ms=number(),
                )
            )
        ),
    ),
    signed("DELETE", "/api/sessions/{session}", "End one.", shapes.NOTHING),
    signed("POST", "/api/sessions/end-others", "End all but this one.", obj(ended=number())),
    signed("DELETE", "/api/pins/{pin}", "Forget a PIN of this device.", shapes.NOTHING),
    signed(
        "PUT",
        "/api/devices/{device}",
        "Another name for a device.",
        shapes.NOTHING,
        body=obj(label=shapes.LABEL),
    ),
    signed(
        "GET",
        "/api/devices/keys",
        "The sealing keys of the own devices.",
        obj(
            keys=listing(
                obj(
                    device=shapes.ID,
                    sealing_public=_SEALING_PUBLIC,
                    signature=shapes.SIGNATURE,
                    generation=number(),
                )
            )
        ),
    ),
    signed(
        "PUT",
        "/api/devices/keys",
        "The sealing key of this device.",
        shapes.NOTHING,
        body=obj(sealing_public=_SEALING_PUBLIC, signature=shapes.SIGNATURE),
    ),
    signed(
        "GET",
        "/api/devices/box",
        "The secret sealed to this device.",
        obj(generation=number(), sealed=maybe(shapes.SEALED_KEY)),
    ),
    signed(
        "POST",
        "/api/devices/boxes",
        "Secrets sealed to own devices.",
        shapes.NOTHING,
        body=obj(
            boxes=listing(
                obj(device=shapes.ID, generation=shapes.GENERATION, sealed=shapes.SEALED_KEY), 16
            )
        ),
    ),
    open_to_all(
        "PUT",
        "/api/transfers/{transfer}",
        "A new device's hello to an old one.",
        obj(nonce=shapes.blob(exactly=32)),
        body=obj(hello=_LETTER),
        statuses=(409,),
    ),
    open_to_all(
        "GET",
        "/api/transfers/{transfer}",
        "What the old device sealed to it.",
        obj(sealed=maybe(_LETTER)),
    ),
    signed("GET", "/api/transfers/{transfer}/hello", "A new device's hello.", obj(hello=_LETTER)),
    signed(
        "POST",
        "/api/transfers/{transfer}/answer",
        "The secret, sealed to the new device.",
        shapes.NOTHING,
        body=obj(device=shapes.ID, sealed=_LETTER),
    ),
    open_to_all(
        "POST",
        "/api/transfers/{transfer}/session",
        "The new device's first session.",
        ref("Session"),
        body=obj(account=shapes.ID, device=shapes.ID, proof=shapes.SIGNATURE),
        statuses=(401, 404, 409),
    ),
)
