"""A door to knock at: an application of some routes behind the real middleware."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from lien.accounts import Revocations, Session, Tokens
from lien.clock import Clock
from lien.config import Config
from lien.crypto.proofs import prove_request
from lien.crypto.signing import SigningKey
from lien.ids import AccountId, DeviceId, SessionId, b64encode, new_id
from lien.telemetry import Telemetry
from lien.web.authentication import Authentication
from lien.web.errors import exception_handlers
from lien.web.middleware import middleware

ORIGIN = "https://lien.example"
LOCAL = "http://localhost:8000"


def an_app(
    *routes: BaseRoute, origin: str = ORIGIN, telemetry: Telemetry | None = None
) -> Starlette:
    return Starlette(
        routes=list(routes),
        middleware=middleware(Config(origin=origin), telemetry or Telemetry(lambda line: None)),
        exception_handlers=exception_handlers(),
    )


@asynccontextmanager
async def a_client(app: Starlette, origin: str = ORIGIN) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url=origin) as client:
        yield client


@dataclass
class SignedIn:
    """A device with a session, that signs each request as a phone does."""

    clock: Clock
    account: AccountId = field(default_factory=lambda: AccountId(new_id()))
    device: DeviceId = field(default_factory=lambda: DeviceId(new_id()))
    key: SigningKey = field(default_factory=SigningKey.generate)
    tokens: Tokens = field(default_factory=lambda: Tokens([bytes(32)]))
    at_ms: int = 0

    def __post_init__(self) -> None:
        now_ms = self.clock.now_ms()
        self.session = Session(
            session=SessionId(new_id()),
            account=self.account,
            device=self.device,
            device_public=self.key.public,
            started_at_ms=now_ms,
            idle_ends_at_ms=now_ms + 1_800_000,
            ends_at_ms=now_ms + 14_400_000,
            provider_at_ms=now_ms,
        )

    @property
    def authentication(self) -> Authentication:
        seen: set[str] = set()

        async def use_once(name: str, seconds: int) -> bool:
            is_first = name not in seen
            seen.add(name)
            return is_first

        return Authentication(self.tokens, Revocations(14_400_000), ORIGIN, self.clock, use_once)

    async def ask(
        self,
        client: httpx.AsyncClient,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Sequence[tuple[str, str]] = (),
    ) -> httpx.Response:
        self.at_ms = at_ms = max(self.clock.now_ms(), self.at_ms + 1)
        proof = prove_request(self.key, self.session.session, method, path, at_ms, body)
        signed = {
            "cookie": f"__Host-lien={self.tokens.issue_session(self.session)}",
            "lien-proof": f"{at_ms}.{b64encode(proof)}",
            "origin": ORIGIN,
            **dict(headers),
        }
        return await client.request(method, path, content=body or None, headers=signed)
