"""The served document against the routes there are, and against what they answer to anything."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, seed, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.routing import Route

from lien.accounts.keyfiles import create_missing
from lien.app import create_app
from lien.client.client import Client
from lien.config import Config
from lien.ids import RppsNumber
from lien.mockprovider import create_missing as create_mock_key
from lien.storage.embedded import EmbeddedValkey
from lien.storage.valkey import Store
from lien.web.openapi import describe
from lien.web.operation import Operation, Who
from lien.web.operations import OPERATIONS
from tests.conftest import SHARDS
from tests.running import RunningServer

SOMEBODY: Final = RppsNumber("99000000036")
EXAMPLES: Final = 12  # for each operation and mode: some 20 seconds in all
CHECKS: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


async def test_every_route_is_in_the_document_and_the_other_way_round(
    valkey: EmbeddedValkey, store: Store, tmp_path: Path
) -> None:
    """All but the socket, the files of the PWA and the demonstration's provider."""
    create_missing(tmp_path)
    create_mock_key(tmp_path)
    config = Config(data_dir=tmp_path, valkey_url=valkey.url, shards=SHARDS, mock_provider=True)
    app = create_app(config)

    async with app.router.lifespan_context(app):
        there = {
            (method, route.path)
            for route in app.router.routes
            if isinstance(route, Route) and route.path.startswith(("/api/", "/auth/"))
            for method in (route.methods or set()) - {"HEAD"}
        }

    assert there == {
        (one.method, one.path) for one in OPERATIONS if one.path.startswith(("/api/", "/auth/"))
    }


def test_the_document_is_served(server: RunningServer) -> None:
    answer = httpx.get(f"{server.origin}/api/openapi.json")
    assert answer.status_code == 200
    assert answer.json() == describe()


class Caller:
    """A signed-in device; `schemathesis` makes the requests, this signs and sends them."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._loop = asyncio.new_event_loop()
        self._client = self._loop.run_until_complete(Client.enrol(origin, SOMEBODY))

    def send(self, case: Case[Any]) -> httpx.Response:
        parts: dict[str, Any] = case.as_transport_kwargs(base_url=self._origin)
        parts.pop("timeout", None)
        prepared = requests.Request(
            parts["method"],
            parts["url"],
            params=parts.get("params"),
            json=parts.get("json"),
            data=parts.get("data"),
        ).prepare()
        body = prepared.body or b""
        assert isinstance(body, str | bytes)
        return self._loop.run_until_complete(
            self._client.device.http.request(
                str(prepared.method),
                quote(str(prepared.url), safe="/:?=&%+,;@!$'()*~-._[]"),
                body.encode() if isinstance(body, str) else body,
                "application/json",
            )
        )

    def close(self) -> None:
        self._loop.run_until_complete(self._client.device.http.close())
        self._loop.close()


@pytest.fixture(scope="module")
def caller(server: RunningServer) -> Iterator[Caller]:
    made = Caller(server.origin)
    yield made
    made.close()


# Not the document itself, and not what would end the session of everything after it. Without a
# body or query there is nothing to get wrong but the path.
LONGEST_PATH: Final = 4_000  # characters; percent-encoded up to twelve times as many bytes
TRIED: Final = [
    pytest.param(one, mode, id=f"{one.method} {one.path} {mode.value}")
    for one in OPERATIONS
    for mode in GenerationMode
    if one.path not in ("/api/openapi.json", "/api/session/end", "/api/account/close")
    if mode is GenerationMode.POSITIVE or one.body or one.query
]


@pytest.mark.parametrize(("operation", "mode"), TRIED)
def test_whatever_is_asked_the_answer_is_documented(
    caller: Caller, operation: Operation, mode: GenerationMode
) -> None:
    """No server error, no status, type or shape that the document does not know."""
    schema = schemathesis.openapi.from_dict(describe())
    described = schema[operation.path][operation.method]

    @seed(974)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=described.as_strategy(generation_mode=mode))
    def ask(case: Case[Any]) -> None:
        # Longer ones are refused by the parser of HTTP itself, in its own words.
        assume(len(case.formatted_path) < LONGEST_PATH)
        response = caller.send(case)
        case.validate_response(response, checks=CHECKS)
        if operation.who is Who.SESSION:
            assert "not_signed_in" not in response.text, "the fuzz went on in vain"

    ask()
