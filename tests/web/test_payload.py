"""What a body may hold: exactly what is described, and nothing parsers disagree on."""

import json
from contextlib import suppress
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lien.errors import Malformed
from lien.ids import b64encode, new_id
from lien.web import payload
from tests.web.doors import a_client, an_app


@dataclass(frozen=True)
class Thing:
    name: str
    count: int


THING = payload.record(Thing, name=payload.text(most=8, least=1), count=payload.number(most=9))


def test_record_builds_a_value_of_exactly_its_names() -> None:
    assert THING(payload.parse(b'{"name": "lien", "count": 3}')) == Thing("lien", 3)


@pytest.mark.parametrize(
    "body",
    [
        b'{"name": "lien"}',
        b'{"name": "lien", "count": 3, "more": 1}',
        b'{"name": "lien", "count": 3, "count": 4}',
        b'{"name": "", "count": 3}',
        b'{"name": "much too long", "count": 3}',
        b'{"name": "a\\u0000b", "count": 3}',
        b'{"name": "a\\ud800b", "count": 3}',
        b'{"name": "a\\u202eb", "count": 3}',
        b'{"name": 7, "count": 3}',
        b'{"name": "lien", "count": 10}',
        b'{"name": "lien", "count": -1}',
        b'{"name": "lien", "count": true}',
        b'{"name": "lien", "count": "3"}',
        b'{"name": "lien", "count": 3.0}',
        b'{"name": "lien", "count": 3e0}',
        b'{"name": "lien", "count": NaN}',
        b'{"name": "lien", "count": Infinity}',
        b'{"name": "lien", "count": null}',
        b'["lien", 3]',
        b"null",
        b"",
        b"{",
        b'{"name": "lien", "count": 3} more',
        '{"name": "lien", "count": 3}'.encode("utf-16"),
        '\ufeff{"name": "lien", "count": 3}'.encode(),
        b'{"name": "\xff", "count": 3}',
        b"[" * 100_000,
        b'{"name": "lien", "count": ' + b"9" * 5_000 + b"}",
    ],
)
def test_anything_else_is_refused(body: bytes) -> None:
    with pytest.raises(Malformed):
        THING(payload.parse(body))


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_raise_another_error(body: bytes) -> None:
    with suppress(Malformed):
        payload.parse(body)


def test_refusal_does_not_repeat_the_body() -> None:
    with pytest.raises(Malformed) as caught:
        payload.parse(b'{"name": FICTIF-HOARAU}')
    # The parser's own error quotes the body, and a trace would show it.
    assert "FICTIF" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_bytes_are_base64url_of_their_length() -> None:
    exactly = payload.blob(exactly=4)
    most = payload.blob(most=4)

    assert exactly(b64encode(b"abcd")) == b"abcd"
    assert most(b64encode(b"a")) == b"a"
    for value in (b64encode(b"abc"), b64encode(b"abcde"), "YWJjZA==", "YWJjZ", "YWJj ZA", "é", 4):
        with pytest.raises(Malformed):
            exactly(value)
    for value in ("", b64encode(b"abcde"), "A" * 100_000):
        with pytest.raises(Malformed):
            most(value)


@given(st.binary(min_size=1, max_size=99))
def test_bytes_come_back(value: bytes) -> None:
    assert payload.blob(most=99)(b64encode(value)) == value


def test_identifiers_have_their_shape() -> None:
    name = new_id()
    assert payload.account(name) == name
    assert payload.device(name) == name
    assert payload.channel(f"c{name}") == f"c{name}"
    for field in (payload.account, payload.device, payload.channel):
        for value in (None, 3, "", "x" * 22, f"x{name}", [name]):
            with pytest.raises(Malformed):
                field(value)


def test_lists_and_tables_are_bounded() -> None:
    numbers = payload.listing(payload.number(), most=2)
    table = payload.mapping(payload.account, payload.number(), most=1)
    one, other = new_id(), new_id()

    assert numbers([1, 2]) == [1, 2]
    assert table({one: 1}) == {one: 1}
    for value in ([1, 2, 3], ["1"], {"0": 1}, "12"):
        with pytest.raises(Malformed):
            numbers(value)
    for wrong in ({one: 1, other: 2}, {"short": 1}, {one: "1"}, [one]):
        with pytest.raises(Malformed):
            table(wrong)


def test_null_is_only_for_who_asked() -> None:
    assert payload.maybe(payload.number())(None) is None
    assert payload.maybe(payload.number())(3) == 3
    with pytest.raises(Malformed):
        payload.number()(None)


def test_words_are_those_of_the_list() -> None:
    word = payload.one_of("delivered", "read")
    assert word("read") == "read"
    for value in ("Read", "", None, ["read"]):
        with pytest.raises(Malformed):
            word(value)


def test_tree_is_an_object_of_bounded_depth() -> None:
    value: dict[str, object] = {"id": "x", "response": {"list": [1, {"a": None}]}}
    assert payload.tree(value) == value
    deep: object = {}
    for _ in range(payload.MAX_DEPTH + 1):
        deep = {"a": deep} if isinstance(deep, list) else [deep]
    wrongs: list[object] = [[], "x", None, {"a": deep}]
    for wrong in wrongs:
        with pytest.raises(Malformed):
            payload.tree(wrong)


async def echo(request: Request) -> Response:
    thing = await payload.read_json(request, THING)
    return JSONResponse({"name": thing.name})


async def count(request: Request) -> Response:
    value = payload.query_number(request, "after", default=-1, least=-1, most=100)
    return JSONResponse({"after": value, "q": payload.query_text(request, "q", most=4)})


async def test_body_has_the_type_of_json() -> None:
    """A form of another site can send text, never this type without being asked."""
    body = json.dumps({"name": "lien", "count": 1})
    async with a_client(an_app(Route("/", echo, methods=["POST"]))) as client:
        for kind, status in (
            ("application/json", 200),
            ("Application/JSON; charset=utf-8", 200),
            ("text/plain", 400),
            ("application/x-www-form-urlencoded", 400),
            ("", 400),
        ):
            answer = await client.post("/", content=body, headers={"content-type": kind})
            assert answer.status_code == status, kind


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 200),
        ("?after=0", 200),
        ("?after=-1&q=abcd", 200),
        ("?after=100", 200),
        ("?after=101", 400),
        ("?after=-2", 400),
        ("?after=+1", 400),
        ("?after=01", 400),
        ("?after=1e1", 400),
        ("?after=1&after=2", 400),
        ("?after=", 400),
        ("?after=99999999999999999999", 400),
        ("?q=abcde", 400),
        ("?q=a%00", 400),
    ],
)
async def test_parameters_are_bounded(query: str, status: int) -> None:
    async with a_client(an_app(Route("/", count))) as client:
        assert (await client.get(f"/{query}")).status_code == status
