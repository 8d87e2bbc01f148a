"""
What a worker does once a minute, beside its requests.

What is left over from a worker that died, and what retention has reached, waits that long. Every
duty is bounded, and may be done by several workers at the same time.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, Final

from lien.errors import LienError
from lien.telemetry import Telemetry

HOUSEKEEPING_SECONDS: Final = 60.0

Duty = Callable[[], Coroutine[Any, Any, object]]


def start_housekeeping(
    duties: Sequence[Duty], telemetry: Telemetry
) -> Callable[[], Awaitable[None]]:
    """Begin, with the first round at once; what is returned ends it."""

    async def keep_house() -> None:
        while True:
            for duty in duties:
                await _try(duty, telemetry)
            await asyncio.sleep(HOUSEKEEPING_SECONDS)
            telemetry.report()

    task = asyncio.get_running_loop().create_task(keep_house(), name="housekeeping")

    async def stop() -> None:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    return stop


async def _try(duty: Duty, telemetry: Telemetry) -> None:
    try:
        await duty()
    except LienError as error:  # the store is away: the next minute tries again
        telemetry.log("housekeeping_failed", code=error.code)
    # The outer edge of a background task: one duty that fails must not end the others.
    except Exception as error:
        telemetry.log("housekeeping_failed", error=type(error).__name__)
