"""A new device from an old one, over HTTP: two letters that the server cannot read."""

from dataclasses import dataclass, field
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lien.accounts import MAX_LETTER_BYTES, Sessions, Transfers
from lien.clock import Clock
from lien.crypto.signing import SIGNATURE_BYTES
from lien.ids import AccountId, DeviceId, b64encode
from lien.web import payload
from lien.web.authentication import Authentication
from lien.web.providers import address_network
from lien.web.sessions import SessionAnswers


@dataclass(frozen=True, slots=True)
class _Hello:
    hello: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Answer:
    device: DeviceId
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class _SignIn:
    account: AccountId
    device: DeviceId
    proof: bytes = field(repr=False)


_LETTER: Final = payload.blob(most=MAX_LETTER_BYTES)
_HELLO: Final = payload.record(_Hello, hello=_LETTER)
_ANSWER: Final = payload.record(_Answer, device=payload.device, sealed=_LETTER)
_SIGN_IN: Final = payload.record(
    _SignIn,
    account=payload.account,
    device=payload.device,
    proof=payload.blob(exactly=SIGNATURE_BYTES),
)


def routes(
    authentication: Authentication, transfers: Transfers, sessions: Sessions, clock: Clock
) -> list[Route]:
    """`/api/transfers`."""
    answers = SessionAnswers(sessions, clock)

    async def offer(request: Request) -> Response:
        authentication.check_origin(request.headers)
        await sessions.admit_address(address_network(request))
        transfer = payload.transfer(request.path_params["transfer"])
        new = await payload.read_json(request, _HELLO)
        return JSONResponse({"nonce": b64encode(await transfers.offer(transfer, new.hello))})

    async def poll(request: Request) -> Response:
        sealed = await transfers.read_answer(payload.transfer(request.path_params["transfer"]))
        return JSONResponse({"sealed": None if sealed is None else b64encode(sealed)})

    async def read_hello(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        transfer = payload.transfer(request.path_params["transfer"])
        hello = await transfers.show_hello(caller.token, transfer)
        return JSONResponse({"hello": b64encode(hello)})

    async def answer(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        transfer = payload.transfer(request.path_params["transfer"])
        given = await payload.read_json(request, _ANSWER)
        await transfers.answer(caller.token, transfer, given.device, given.sealed)
        return JSONResponse({})

    async def sign_in(request: Request) -> Response:
        authentication.check_origin(request.headers)
        transfer = payload.transfer(request.path_params["transfer"])
        asked = await payload.read_json(request, _SIGN_IN)
        session = await transfers.sign_in(transfer, asked.account, asked.device, asked.proof)
        return answers.answer(session)

    return [
        Route("/api/transfers/{transfer}", offer, methods=["PUT"]),
        Route("/api/transfers/{transfer}", poll, methods=["GET"]),
        Route("/api/transfers/{transfer}/hello", read_hello, methods=["GET"]),
        Route("/api/transfers/{transfer}/answer", answer, methods=["POST"]),
        Route("/api/transfers/{transfer}/session", sign_in, methods=["POST"]),
    ]
