"""Strict MessagePack: one form, one value."""

from typing import Any

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lien.crypto.structure import MAX_INTEGER, Fields, encode
from lien.errors import Malformed
from tests.crypto.vectors import Vector, entries

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(0, MAX_INTEGER)
    | st.text(max_size=40)
    | st.binary(max_size=40),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.from_regex(r"[a-z][a-z_]{0,31}", fullmatch=True), inner, max_size=4)
    ),
    max_leaves=8,
)


@entries("structure_read")
def test_a_structure_is_read(vector: Vector) -> None:
    expected = vector["value"]
    fields = Fields.decode(vector.bytes_of("bytes"), len(expected), 4096)

    assert [fields.value() for _ in expected[1:]] == expected[1:]
    assert encode(*expected[1:]) == vector.bytes_of("bytes")


@entries("structure_refused")
def test_a_structure_is_refused(vector: Vector) -> None:
    data = vector.bytes_of("bytes")

    # Whatever number of fields is asked for, it is the bytes that are refused.
    for arity in (1, 2):
        with pytest.raises(Malformed):
            Fields.decode(data, arity, 4096)


@given(st.lists(plain, max_size=4))
def test_what_is_written_is_read(values: list[Any]) -> None:
    data = encode(*values)
    try:
        fields = Fields.decode(data, 1 + len(values), 1 << 20)
    except Malformed:
        assert _depth(values) > 7
        return
    assert [fields.value() for _ in values] == values


@given(st.binary(max_size=64))
def test_what_is_read_would_be_written(data: bytes) -> None:
    for arity in range(1, 5):
        try:
            fields = Fields.decode(data, arity, 64)
        except Malformed:
            continue
        assert encode(*(fields.value() for _ in range(arity - 1))) == data


@pytest.mark.parametrize(
    ("take", "value"),
    [
        (lambda fields: fields.integer(1, 5), 0),
        (lambda fields: fields.integer(1, 5), 6),
        (lambda fields: fields.integer(0, 5), True),
        (lambda fields: fields.integer(), "1"),
        (lambda fields: fields.text(3), "four"),
        (lambda fields: fields.text(3), b"x"),
        (lambda fields: fields.blob(3), b"four"),
        (lambda fields: fields.blob(3), "xxx"),
        (lambda fields: fields.blob_up_to(3), b"four"),
        (lambda fields: fields.blob_up_to(3), "x"),
        (lambda fields: fields.items(1, 2), []),
        (lambda fields: fields.items(1, 2), [1, 2, 3]),
        (lambda fields: fields.items(1, 2), {}),
        (lambda fields: fields.identifier(), "A" * 21 + "B"),
        (lambda fields: fields.channel(), "x" + "A" * 22),
        (lambda fields: Fields.of_list(fields.value(), 1), "x"),
        (lambda fields: Fields.of_list(fields.value(), 1), [1, 2]),
    ],
)
def test_a_field_out_of_its_bounds_is_refused(take: Any, value: object) -> None:
    with pytest.raises(Malformed):
        take(Fields([value]))


def test_a_structure_above_its_limit_is_not_even_read() -> None:
    with pytest.raises(Malformed):
        Fields.decode(encode("text"), 2, 5)


def test_another_version_is_refused() -> None:
    for version in (0, 2, True, "1"):
        with pytest.raises(Malformed):
            Fields.decode(msgpack.packb([version]), 1, 64)


def _depth(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(_depth, value), default=0)
    return 1
