"""Blobs: what is sealed opens again, whatever the pieces; what was tampered with does not."""

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lien.crypto.blob import (
    BOX_BYTES,
    CHUNK_BYTES,
    MAX_CONTENT_BYTES,
    BadBlob,
    new_blob_key,
    open_blob,
    seal_blob,
    stored_size,
)
from lien.crypto.suite import hash32
from lien.ids import BlobId, b64decode, new_id
from tests.vectors.make_blobs import pattern

VECTORS: Final[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "vectors/blobs.json").read_text()
)
KEY: Final = b64decode(VECTORS["key"])
BLOB: Final = BlobId(VECTORS["blob"])
LONG: Final = b64decode(VECTORS["opened"][-1]["stored"])


def by_why(name: str) -> pytest.MarkDecorator:
    found = VECTORS[name]
    return pytest.mark.parametrize("vector", found, ids=[each["why"] for each in found])


def pieces(value: bytes, *cuts: int) -> Iterator[bytes]:
    edges = sorted({0, len(value), *(min(cut, len(value)) for cut in cuts)})
    return (value[start:end] for start, end in pairwise(edges))


def test_sizes() -> None:
    assert [[size, stored_size(size)] for size, _ in VECTORS["sizes"]] == VECTORS["sizes"]


@pytest.mark.parametrize("vector", VECTORS["opened"], ids=lambda each: str(each["size"]))
def test_opens(vector: dict[str, Any]) -> None:
    stored = b64decode(vector["stored"])

    assert hash32(pattern(vector["size"])) == b64decode(vector["hash"])
    assert len(stored) == stored_size(vector["size"])
    assert b"".join(open_blob(KEY, BLOB, [stored])) == pattern(vector["size"])


@by_why("refused")
def test_does_not_open(vector: dict[str, Any]) -> None:
    key, blob, stored = b64decode(vector["key"]), vector["blob"], b64decode(vector["stored"])

    with pytest.raises(BadBlob):
        list(open_blob(key, blob, [stored]))


@by_why("refused_of_long")
def test_chunks_do_not_open_elsewhere(vector: dict[str, Any]) -> None:
    stored = b"".join(LONG[start:end] for start, end in vector["parts"])

    with pytest.raises(BadBlob):
        list(open_blob(KEY, BLOB, [stored]))


@settings(max_examples=40)
@given(
    st.one_of(
        st.integers(0, 600),
        st.integers(CHUNK_BYTES - 20, CHUNK_BYTES + 20),
        st.integers(2 * CHUNK_BYTES - 20, 3 * CHUNK_BYTES),
    ),
    st.lists(st.integers(0, 4 * CHUNK_BYTES), max_size=5),
)
def test_opens_what_it_seals_whatever_the_pieces(size: int, cuts: list[int]) -> None:
    key, blob, content = new_blob_key(), BlobId(new_id()), pattern(size)

    boxes = list(seal_blob(key, blob, size, pieces(content, *cuts)))
    stored = b"".join(boxes)

    assert len(stored) == stored_size(size)
    assert {len(box) for box in boxes[:-1]} <= {BOX_BYTES}
    assert b"".join(open_blob(key, blob, pieces(stored, *cuts))) == content


@settings(max_examples=60)
@given(st.integers(0, len(LONG) - 1), st.integers(1, 255))
def test_no_changed_byte_passes(position: int, change: int) -> None:
    changed = bytearray(LONG)
    changed[position] ^= change

    with pytest.raises(BadBlob):
        list(open_blob(KEY, BLOB, [bytes(changed)]))


@pytest.mark.parametrize("given_size", [2, 4])
def test_seals_no_other_length_than_was_said(given_size: int) -> None:
    with pytest.raises(BadBlob):
        list(seal_blob(KEY, BLOB, given_size, [b"abc"]))


def test_bounds() -> None:
    with pytest.raises(BadBlob):
        stored_size(MAX_CONTENT_BYTES + 1)
    with pytest.raises(BadBlob):
        list(seal_blob(KEY[:31], BLOB, 0, []))


def test_two_seals_of_one_content_have_nothing_in_common() -> None:
    one, other = (b"".join(seal_blob(KEY, BLOB, 3, [b"abc"])) for _ in range(2))

    assert one != other
