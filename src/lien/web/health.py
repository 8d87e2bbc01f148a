"""Liveness and readiness, for whatever restarts or feeds this process. They say nothing else."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lien.errors import LienError

_TIMEOUT_SECONDS: Final = 2.0

Check = Callable[[], Awaitable[object]]


def routes(check_store: Check) -> list[Route]:
    """`check_store` returns when the store answers, or raises a LienError."""

    async def health(request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def ready(request: Request) -> Response:
        try:
            async with asyncio.timeout(_TIMEOUT_SECONDS):
                await check_store()
        except (LienError, TimeoutError):
            return JSONResponse({"status": "store"}, 503)
        return JSONResponse({"status": "ok"})

    return [Route("/health", health), Route("/ready", ready)]
