"""What a message can say, and what it cannot."""

import json
from pathlib import Path
from typing import Any

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lien.crypto.contents import Intent, Target, Text, encode_said, parse_said
from lien.errors import Malformed
from lien.ids import AccountId, DeviceId, EnvelopeId, new_id
from tests.vectors.make_contents import NEWER, READ, refused

VECTORS = json.loads((Path(__file__).parent.parent / "vectors/contents.json").read_text())


def body_of(vector: dict[str, str]) -> dict[str, Any]:
    body = msgpack.unpackb(bytes.fromhex(vector["body"]))
    assert isinstance(body, dict)
    return body


def named(name: str) -> pytest.MarkDecorator:
    vectors = VECTORS[name]
    return pytest.mark.parametrize("vector", vectors, ids=[one["why"] for one in vectors])


def test_the_vectors_are_what_the_table_says() -> None:
    assert [one["why"] for one in VECTORS["read"]] == [why for why, _ in READ]
    assert [one["why"] for one in VECTORS["newer"]] == [why for why, *_ in NEWER]
    assert [one["why"] for one in VECTORS["refused"]] == [why for why, *_ in refused()]
    for vector, (_, said) in zip(VECTORS["read"], READ, strict=True):
        assert parse_said(vector["type"], body_of(vector)) == said


@named("read")
def test_it_is_read_and_written_back(vector: dict[str, str]) -> None:
    said = parse_said(vector["type"], body_of(vector))

    assert said is not None
    kind, body = encode_said(said)
    assert (kind, msgpack.packb(body).hex()) == (vector["type"], vector["body"])


@named("newer")
def test_it_needs_a_newer_version(vector: dict[str, str]) -> None:
    assert parse_said(vector["type"], body_of(vector)) is None


@named("refused")
def test_it_is_refused(vector: dict[str, str]) -> None:
    with pytest.raises(Malformed):
        parse_said(vector["type"], body_of(vector))


IDS = st.builds(new_id)
TARGETS = st.builds(Target, IDS.map(DeviceId), IDS.map(EnvelopeId))
INTENTS = st.sampled_from([Intent(), Intent("urgent")]) | st.builds(
    Intent, st.just("answer"), st.integers(1, 2**53 - 1)
)
TEXTS = st.builds(
    Text,
    st.text(max_size=300),
    st.none() | TARGETS,
    st.lists(IDS.map(AccountId), max_size=5, unique=True).map(tuple),
    INTENTS,
    st.booleans(),
)


@given(TEXTS)
def test_every_text_is_read_as_it_was_written(said: Text) -> None:
    assert parse_said(*encode_said(said)) == said


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | st.text(max_size=30) | st.binary(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)
NAMES = ["text", "target", "emoji", "mentions", "intent", "forwarded", "patient", "picture"]


@given(
    st.sampled_from(["text", "edit", "delete", "reaction", "taken", "settings"]),
    st.dictionaries(st.sampled_from(NAMES), VALUES),
)
def test_any_body_is_read_or_refused(kind: str, body: dict[str, object]) -> None:
    try:
        said = parse_said(kind, body)
    except Malformed:
        return
    assert said is None or parse_said(*encode_said(said)) == said


def test_what_was_said_is_not_shown() -> None:
    assert "coucou" not in repr(Text("coucou"))


def test_out_of_bounds_is_not_written() -> None:
    with pytest.raises(Malformed):
        encode_said(Text("x" * 16_001))
