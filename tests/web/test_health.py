"""Liveness says that the process answers; readiness, that its store does."""

import asyncio

import pytest

from lien.errors import Overloaded
from lien.web import health
from tests.web.doors import a_client, an_app


async def answers() -> None:
    return


async def refuses() -> None:
    raise Overloaded


async def hangs() -> None:
    await asyncio.sleep(60)


async def test_ready_with_a_store() -> None:
    async with a_client(an_app(*health.routes(answers))) as client:
        assert (await client.get("/health")).status_code == 200
        assert (await client.get("/ready")).status_code == 200


@pytest.mark.parametrize("check", [refuses, hangs])
async def test_alive_but_not_ready_without_one(
    check: health.Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_TIMEOUT_SECONDS", 0.01)
    async with a_client(an_app(*health.routes(check))) as client:
        assert (await client.get("/health")).status_code == 200
        answer = await client.get("/ready")
        assert (answer.status_code, answer.json()) == (503, {"status": "store"})
