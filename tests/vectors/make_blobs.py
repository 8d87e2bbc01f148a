"""
Write tests/vectors/blobs.json: `python -m tests.vectors.make_blobs`.

Bytes are base64url. A content is a pattern, told by its size. What must be refused of the long
blob is told by the parts of it that are joined: `[[from, until], ...]`.
"""

import json
from pathlib import Path
from typing import Any

from lien.crypto.blob import BOX_BYTES, CHUNK_BYTES, seal_blob, stored_size
from lien.crypto.structure import encode
from lien.crypto.suite import derive, encrypt, hash32
from lien.ids import BlobId, b64encode
from tests.vectors.crypto_parts.people import flip, raw

BLOB = BlobId(b64encode(raw("blob")[:16]))
OTHER = BlobId(b64encode(raw("other blob")[:16]))
KEY = raw("blob key")
LONG = 66_000
SIZES = (0, 1, 247, 248, 249, CHUNK_BYTES - 8, CHUNK_BYTES - 7, 1_000_000, 2**30)


def pattern(size: int) -> bytes:
    return bytes(index % 251 for index in range(size))


def _seal(content: bytes) -> bytes:
    return b"".join(seal_blob(KEY, BLOB, len(content), [content]))


def _forged(plaintext: bytes) -> bytes:
    """A single chunk as no writer makes it."""
    key = derive(KEY, "lien/v1/blob", BLOB.encode("ascii"))
    return encrypt(key, plaintext, encode(BLOB, 0, 1))


def _blob(size: int) -> dict[str, Any]:
    stored = _seal(pattern(size))
    return {"size": size, "hash": b64encode(hash32(pattern(size))), "stored": b64encode(stored)}


def main() -> None:
    long = _blob(LONG)
    end = len(_seal(pattern(LONG)))
    short, three = _seal(b"abc"), (3).to_bytes(8, "big")
    refused = (
        ("another key", raw("other"), BLOB, short),
        ("another blob's id", KEY, OTHER, short),
        ("a changed byte", KEY, BLOB, flip(short)),
        ("nothing", KEY, BLOB, b""),
        ("a length that does not fit", KEY, BLOB, _forged((9).to_bytes(8, "big") + b"abc")),
        ("not padded", KEY, BLOB, _forged(three + b"abc")),
        ("padded too much", KEY, BLOB, _forged(three + b"abc" + bytes(246))),
        ("padding that is not zero", KEY, BLOB, _forged(three + b"abc" + b"\1" * 245)),
        ("a length of exabytes", KEY, BLOB, _forged(b"\xff" * 8 + bytes(248))),
        ("too short for a length", KEY, BLOB, _forged(b"abc")),
    )
    vectors = {
        "key": b64encode(KEY),
        "blob": BLOB,
        "sizes": [[size, stored_size(size)] for size in SIZES],
        "opened": [*(_blob(size) for size in (0, 1, 300)), long],
        "refused": [
            {"why": why, "key": b64encode(key), "blob": blob, "stored": b64encode(stored)}
            for why, key, blob, stored in refused
        ],
        "refused_of_long": [
            {"why": "its end cut off", "parts": [[0, BOX_BYTES]]},
            {"why": "its beginning cut off", "parts": [[BOX_BYTES, end]]},
            {"why": "chunks in another order", "parts": [[BOX_BYTES, end], [0, BOX_BYTES]]},
            {"why": "a chunk twice", "parts": [[0, BOX_BYTES], [0, end]]},
            {"why": "a byte cut off", "parts": [[0, end - 1]]},
            {"why": "a byte added", "parts": [[0, end], [0, 1]]},
        ],
    }
    path = Path(__file__).with_name("blobs.json")
    path.write_text(json.dumps(vectors, indent=1) + "\n")


if __name__ == "__main__":
    main()
