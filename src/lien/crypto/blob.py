"""
Blobs (docs/keys.md): the content of a photograph or a document, under a key of its own.

The content is cut into chunks that are encrypted one by one, so that neither side ever holds it
whole. Each chunk says which blob it is of, where, and whether it is the last: one that was
moved, left out, added or taken from another blob does not open. A blob whose end is missing
does not either.
"""

import secrets
from collections.abc import Iterable, Iterator
from typing import Final

from lien.crypto.structure import encode
from lien.crypto.suite import (
    BOX_OVERHEAD_BYTES,
    KEY_BYTES,
    BadSeal,
    decrypt,
    derive,
    encrypt,
    padded_size,
)
from lien.errors import Malformed
from lien.ids import BlobId

CHUNK_BYTES: Final = 65_536
BOX_BYTES: Final = CHUNK_BYTES + BOX_OVERHEAD_BYTES
MAX_CONTENT_BYTES: Final = 2**30
_LENGTH_BYTES: Final = 8


class BadBlob(Malformed):
    """A blob is not the one its key was made for, or not whole."""

    code = "bad_blob"


def new_blob_key() -> bytes:
    """32 random bytes, for one blob only."""
    return secrets.token_bytes(KEY_BYTES)


def stored_size(size: int) -> int:
    """
    The bytes a content of `size` bytes takes once it is sealed.

    Raises: BadBlob above MAX_CONTENT_BYTES.
    """
    padded = _padded(size)
    return padded + -(-padded // CHUNK_BYTES) * BOX_OVERHEAD_BYTES


def seal_blob(key: bytes, blob: BlobId, size: int, content: Iterable[bytes]) -> Iterator[bytes]:
    """
    The sealed chunks of a content of exactly `size` bytes, given in pieces of any length.

    Raises: BadBlob if the pieces are not `size` bytes together, or above MAX_CONTENT_BYTES.
    """
    padded = _padded(size)
    chunk_key = _chunk_key(key, blob)
    chunks = _chunks(_padding(size, padded, content))
    for index, (chunk, is_last) in enumerate(chunks):
        yield encrypt(chunk_key, chunk, _aad(blob, index, is_last=is_last))


def open_blob(key: bytes, blob: BlobId, stored: Iterable[bytes]) -> Iterator[bytes]:
    """
    The content in pieces, of sealed bytes given in pieces of any length.

    What was yielded is authentic, but only the end of the iteration says that it is all.
    Raises: BadBlob.
    """
    chunk_key = _chunk_key(key, blob)
    left = total = -1
    index = 0
    for box, is_last in _chunks(stored, BOX_BYTES):
        try:
            chunk = decrypt(chunk_key, box, _aad(blob, index, is_last=is_last))
        except BadSeal as error:
            raise BadBlob("a chunk does not open") from error
        if index == 0:
            if len(chunk) < _LENGTH_BYTES:
                raise BadBlob("a blob is too short")
            left = int.from_bytes(chunk[:_LENGTH_BYTES], "big")
            total = _padded(left)
            chunk = chunk[_LENGTH_BYTES:]
            total -= _LENGTH_BYTES
        piece, padding = chunk[:left], chunk[left:]
        left -= len(piece)
        total -= len(chunk)
        if any(padding):
            raise BadBlob("padding is not zero")
        index += 1
        if piece:
            yield piece
    if index == 0 or left or total:
        raise BadBlob("a blob has another length than it says")


def _padded(size: int) -> int:
    if not 0 <= size <= MAX_CONTENT_BYTES:
        raise BadBlob("a content is too long")
    return padded_size(_LENGTH_BYTES + size)


def _chunk_key(key: bytes, blob: BlobId) -> bytes:
    if len(key) != KEY_BYTES:
        raise BadBlob("a blob's key has a wrong length")
    return derive(key, "lien/v1/blob", blob.encode("ascii"))


def _aad(blob: BlobId, index: int, *, is_last: bool) -> bytes:
    return encode(blob, index, int(is_last))


def _padding(size: int, padded: int, content: Iterable[bytes]) -> Iterator[bytes]:
    yield size.to_bytes(_LENGTH_BYTES, "big")
    left = size
    for piece in content:
        left -= len(piece)
        if left < 0:
            break
        yield piece
    if left:
        raise BadBlob("a content has another length than was said")
    zeros = padded - _LENGTH_BYTES - size
    while zeros > 0:
        yield bytes(min(zeros, CHUNK_BYTES))
        zeros -= CHUNK_BYTES


def _chunks(pieces: Iterable[bytes], size: int = CHUNK_BYTES) -> Iterator[tuple[bytes, bool]]:
    """Pieces of any length as chunks of `size`, each with whether it is the last."""
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) > size:  # not `>=`: whether a full one is the last is not known yet
            yield bytes(held[:size]), False
            del held[:size]
    if held:
        yield bytes(held), True
