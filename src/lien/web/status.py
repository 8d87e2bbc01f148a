"""`/api/status`: what a page needs before anyone signs in."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lien import __version__
from lien.accounts import Accounts, Enrolments
from lien.clock import Clock
from lien.ids import b64encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the operator decided and every device follows; bounds and units as in the settings."""

    is_mock: bool
    retention_days: int
    retention_least_days: int
    blob_bytes: int
    pin_offline_hours: int
    lock_seconds: int


def routes(accounts: Accounts, enrolments: Enrolments, clock: Clock, terms: Terms) -> list[Route]:
    """Public, and the same for everyone."""

    async def status(request: Request) -> Response:
        return JSONResponse(
            {
                "version": __version__,
                "providers": [{"id": one.id, "label": one.label} for one in enrolments.providers],
                "mock": terms.is_mock,
                "attestor": b64encode(accounts.attestor.public),
                "attestor_steps": [
                    {"step": b64encode(step.data), "signature": b64encode(step.signature)}
                    for step in accounts.attestor.steps
                ],
                "retention_days": terms.retention_days,
                "retention_least_days": terms.retention_least_days,
                "blob_bytes": terms.blob_bytes,
                "pin_offline_hours": terms.pin_offline_hours,
                "lock_seconds": terms.lock_seconds,
                "server_at_ms": clock.now_ms(),
            }
        )

    return [Route("/api/status", status, methods=["GET"])]
