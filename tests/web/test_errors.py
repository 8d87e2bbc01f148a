"""The family of an error decides its status; the body holds the code."""

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lien.accounts import FreshSignInNeeded, NotSignedIn, TooManyAttempts
from lien.conversations import EpochTaken, NotAMember
from lien.errors import Conflict, LienError, Malformed, NotFound, Overloaded, Refused
from lien.web.errors import BodyTooLarge, status_of
from tests.web.doors import a_client, an_app


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Malformed(), 400),
        (BodyTooLarge(), 413),
        (Refused(), 403),
        (NotSignedIn(), 401),
        (FreshSignInNeeded(), 401),
        (NotFound(), 404),
        (NotAMember(), 404),
        (Conflict(), 409),
        (EpochTaken(), 409),
        (Overloaded(), 429),
        (LienError(), 500),
    ],
)
async def test_family_decides_the_status(error: LienError, status: int) -> None:
    async def refuse(request: Request) -> Response:
        raise error

    async with a_client(an_app(Route("/", refuse))) as client:
        answer = await client.get("/")

    assert answer.status_code == status == status_of(error)
    assert answer.json() == {"error": {"code": error.code, "retry_after_ms": 0}}


async def test_text_of_an_error_stays_on_the_server() -> None:
    async def refuse(request: Request) -> Response:
        raise Refused("an internal sentence")

    async with a_client(an_app(Route("/", refuse))) as client:
        assert "sentence" not in (await client.get("/")).text


@pytest.mark.parametrize(("milliseconds", "seconds"), [(1, "1"), (1_000, "1"), (1_001, "2")])
async def test_waiting_time_is_said_in_both_ways(milliseconds: int, seconds: str) -> None:
    async def refuse(request: Request) -> Response:
        raise TooManyAttempts(retry_after_ms=milliseconds)

    async with a_client(an_app(Route("/", refuse))) as client:
        answer = await client.get("/")

    assert answer.headers["retry-after"] == seconds
    assert answer.json() == {"error": {"code": "too_many", "retry_after_ms": milliseconds}}


async def test_unknown_path_and_method_are_answered_alike() -> None:
    async def nothing(request: Request) -> Response:
        return Response()

    async with a_client(an_app(Route("/", nothing))) as client:
        unknown = await client.get("/nowhere")
        wrong = await client.post("/")

    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "not_found")
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (405, "malformed")
    assert "GET" in wrong.headers["allow"]
