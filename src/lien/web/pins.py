"""PINs over HTTP: the share for a phone that proves its PIN, a session, and a new PIN."""

from dataclasses import dataclass, field
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lien.accounts import Pins, Sessions, require_just_signed_in
from lien.clock import Clock
from lien.crypto.pin import SHARE_BYTES
from lien.crypto.signing import PUBLIC_BYTES, SIGNATURE_BYTES
from lien.ids import AccountId, DeviceId, PinId, b64encode
from lien.web import payload
from lien.web.authentication import Authentication
from lien.web.providers import address_network
from lien.web.sessions import SessionAnswers

_NONCE_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class _Try:
    nonce: bytes = field(repr=False)
    pin: PinId
    proof: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class _SignIn:
    nonce: bytes = field(repr=False)
    account: AccountId
    device: DeviceId
    proof: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class _NewPin:
    public: bytes
    share: bytes = field(repr=False)
    replaces: PinId | None


_TRY: Final = payload.record(
    _Try,
    nonce=payload.blob(exactly=_NONCE_BYTES),
    pin=payload.pin,
    proof=payload.blob(exactly=SIGNATURE_BYTES),
)
_SIGN_IN: Final = payload.record(
    _SignIn,
    nonce=payload.blob(exactly=_NONCE_BYTES),
    account=payload.account,
    device=payload.device,
    proof=payload.blob(exactly=SIGNATURE_BYTES),
)
_NEW_PIN: Final = payload.record(
    _NewPin,
    public=payload.blob(exactly=PUBLIC_BYTES),
    share=payload.blob(exactly=SHARE_BYTES),
    replaces=payload.maybe(payload.pin),
)


def routes(
    authentication: Authentication, pins: Pins, sessions: Sessions, clock: Clock
) -> list[Route]:
    """`/api/pins` and `/api/session/pin`."""
    answers = SessionAnswers(sessions, clock)

    async def begin(request: Request) -> Response:
        authentication.check_origin(request.headers)
        await sessions.admit_address(address_network(request))
        return JSONResponse({"nonce": b64encode(await pins.begin())})

    async def open_share(request: Request) -> Response:
        authentication.check_origin(request.headers)
        asked = await payload.read_json(request, _TRY)
        outcome = await pins.open(asked.nonce, asked.pin, asked.proof)
        return JSONResponse(
            {
                "share": outcome.share and b64encode(outcome.share),
                "nonce": outcome.nonce and b64encode(outcome.nonce),
                "left": outcome.left,
                "wait_ms": outcome.wait_ms,
            }
        )

    async def sign_in(request: Request) -> Response:
        authentication.check_origin(request.headers)
        asked = await payload.read_json(request, _SIGN_IN)
        session = await pins.sign_in(asked.nonce, asked.account, asked.device, asked.proof)
        return answers.answer(session)

    async def put(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        require_just_signed_in(caller.token, clock.now_ms())
        new = await payload.read_json(request, _NEW_PIN)
        pin = payload.pin(request.path_params["pin"])
        await pins.put(caller.token, pin, new.public, new.share, new.replaces)
        return JSONResponse({})

    async def remove(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        await pins.remove(caller.token, payload.pin(request.path_params["pin"]))
        return JSONResponse({})

    return [
        Route("/api/pins/begin", begin, methods=["POST"]),
        Route("/api/pins/open", open_share, methods=["POST"]),
        Route("/api/session/pin", sign_in, methods=["POST"]),
        Route("/api/pins/{pin}", put, methods=["PUT"]),
        Route("/api/pins/{pin}", remove, methods=["DELETE"]),
    ]
