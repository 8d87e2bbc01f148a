"""Signatures, and those that only a careless verifier accepts."""

import hashlib
from typing import Any, Final

from tests.vectors.crypto_parts.people import flip, key, raw

ORDER: Final = 2**252 + 27742317777372353535851937790883648493

# Curve arithmetic for one vector: affine points of edwards25519, slow and plain (RFC 8032, 5.1).
P: Final = 2**255 - 19
D: Final = -121665 * pow(121666, -1, P) % P
BASE: Final = (
    15112221349535400772501151409588531511454012693041857206046113283949847762202,
    46316835694926478169428394003475163141307993866256225615783033603165251855960,
)
Point = tuple[int, int]


def add(one: Point, other: Point) -> Point:
    (x1, y1), (x2, y2) = one, other
    cross = D * x1 * x2 * y1 * y2 % P
    x = (x1 * y2 + x2 * y1) * pow(1 + cross, -1, P) % P
    return x, (y1 * y2 + x1 * x2) * pow(1 - cross, -1, P) % P


def multiply(scalar: int, point: Point) -> Point:
    result: Point = (0, 1)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point, scalar = add(point, point), scalar >> 1
    return result


def compress(point: Point) -> bytes:
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


def with_torsion(seed: bytes, message: bytes) -> bytes:
    """A signature that only the equation with the cofactor accepts: R moved by order 2."""
    digest = hashlib.sha512(seed).digest()
    scalar = int.from_bytes(digest[:32], "little") & (2**254 - 8) | 2**254
    public = compress(multiply(scalar, BASE))
    nonce = int.from_bytes(raw("nonce", 64), "little") % ORDER
    moved = compress(add(multiply(nonce, BASE), (0, P - 1)))
    k = int.from_bytes(hashlib.sha512(moved + public + message).digest(), "little") % ORDER
    return moved + ((nonce + k * scalar) % ORDER).to_bytes(32, "little")


def signatures() -> dict[str, Any]:
    signer, label, message = key("signer"), "lien/v1/test", b"message"
    signature = signer.sign(label, message)
    low = int.from_bytes(signature[32:], "little")
    high = signature[:32] + (low + ORDER).to_bytes(32, "little")
    order_eight = bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")
    zero_point = (1).to_bytes(32, "little")
    weak = {
        "order 1": zero_point,
        "order 1, sign bit": zero_point[:31] + b"\x80",
        "order 2": (P - 1).to_bytes(32, "little"),
        "order 4": bytes(32),
        "order 8": order_eight,
        "order 8, the other": (P - int.from_bytes(order_eight, "little")).to_bytes(32, "little"),
        "not canonical": (P + 3).to_bytes(32, "little"),
        "31 bytes": signer.public[:31],
    }
    torsion = with_torsion(raw("signer"), label.encode() + b"\0" + message)
    changes: dict[str, tuple[bytes, str, bytes, bytes]] = {
        "another key": (key("other").public, label, message, signature),
        "another label": (signer.public, "lien/v1/tesu", message, signature),
        "a byte moved into the label": (signer.public, label + "m", message[1:], signature),
        "another message": (signer.public, label, b"massage", signature),
        "a changed R": (signer.public, label, message, flip(signature, 0)),
        "a changed s": (signer.public, label, message, flip(signature, 32)),
        "s above the order": (signer.public, label, message, high),
        "only right with the cofactor": (signer.public, label, message, torsion),
        "cut short": (signer.public, label, message, signature[:63]),
        "a small-order key signs anything": (zero_point, label, message, zero_point + bytes(32)),
        "a key that is no point": ((2).to_bytes(32, "little"), label, message, signature),
    }
    return {
        "sign": [
            {
                "seed": raw("signer"),
                "public": signer.public,
                "label": label,
                "message": message,
                "signature": signature,
            }
        ],
        "verify_refused": [
            {"why": why, "public": p, "label": text, "message": m, "signature": s}
            for why, (p, text, m, s) in changes.items()
        ],
        "public_refused": [{"why": why, "public": public} for why, public in weak.items()],
    }
