"""Passkeys over HTTP: register, sign in, list, remove."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lien.accounts import (
    FLOW_TTL_MS,
    MAX_CREDENTIAL_ID_CHARS,
    Enrolments,
    Passkeys,
    Sessions,
)
from lien.clock import Clock
from lien.crypto.signing import SIGNATURE_BYTES
from lien.errors import Malformed
from lien.ids import DeviceId, PasskeyId, b64encode
from lien.web import cookies, payload
from lien.web.authentication import Authentication
from lien.web.providers import address_network
from lien.web.sessions import SessionAnswers

_NONCE_BYTES: Final = 32
_MAX_LABEL: Final = 128


@dataclass(frozen=True, slots=True)
class _SignIn:
    nonce: bytes = field(repr=False)
    credential: Mapping[str, Any] = field(repr=False)
    device: DeviceId | None
    proof: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class _NewPasskey:
    credential: Mapping[str, Any] = field(repr=False)
    label: str = field(repr=False)


_SIGN_IN: Final = payload.record(
    _SignIn,
    nonce=payload.blob(exactly=_NONCE_BYTES),
    credential=payload.tree,
    device=payload.maybe(payload.device),
    proof=payload.maybe(payload.blob(exactly=SIGNATURE_BYTES)),
)
_NEW_PASSKEY: Final = payload.record(
    _NewPasskey, credential=payload.tree, label=payload.text(most=_MAX_LABEL)
)


def routes(
    authentication: Authentication,
    passkeys: Passkeys,
    sessions: Sessions,
    enrolments: Enrolments,
    clock: Clock,
) -> list[Route]:
    """`/api/session/passkey` and `/api/passkeys`."""
    answers = SessionAnswers(sessions, clock)

    async def begin_sign_in(request: Request) -> Response:
        authentication.check_origin(request.headers)
        await sessions.admit_address(address_network(request))
        nonce, options = await passkeys.begin_sign_in()
        return JSONResponse({"nonce": b64encode(nonce), "options": options})

    async def sign_in(request: Request) -> Response:
        authentication.check_origin(request.headers)
        asked = await payload.read_json(request, _SIGN_IN)
        if (asked.device is None) is not (asked.proof is None):
            raise Malformed("a device comes with its proof")
        signed_in = await passkeys.sign_in(asked.nonce, asked.credential)
        if asked.device is None or asked.proof is None:
            flow = await passkeys.open_flow(signed_in)
            response = JSONResponse({"enrol": True})
            cookies.set_flow(response, enrolments.token_of(flow), FLOW_TTL_MS // 1000)
            return response
        session = await sessions.begin(
            signed_in.account, asked.device, signed_in.nonce, asked.proof, 0
        )
        return answers.answer(session)

    async def begin_registration(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        return JSONResponse({"options": await passkeys.begin_registration(caller.token)})

    async def register(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        new = await payload.read_json(request, _NEW_PASSKEY)
        passkey = await passkeys.register(caller.token, new.credential, new.label)
        return JSONResponse({"passkey": passkey.passkey})

    async def list_all(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        return JSONResponse(
            {
                "passkeys": [
                    {
                        "passkey": one.passkey,
                        "label": one.label,
                        "created_at_ms": one.created_at_ms,
                        "used_at_ms": one.used_at_ms,
                    }
                    for one in await passkeys.list_passkeys(caller.account)
                ]
            }
        )

    async def remove(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        passkey = payload.text(most=MAX_CREDENTIAL_ID_CHARS, least=1)(
            request.path_params["passkey"]
        )
        await passkeys.remove(caller.token, PasskeyId(passkey))
        return JSONResponse({})

    return [
        Route("/api/session/passkey/begin", begin_sign_in, methods=["POST"]),
        Route("/api/session/passkey", sign_in, methods=["POST"]),
        Route("/api/passkeys/begin", begin_registration, methods=["POST"]),
        Route("/api/passkeys", register, methods=["POST"]),
        Route("/api/passkeys", list_all, methods=["GET"]),
        Route("/api/passkeys/{passkey}", remove, methods=["DELETE"]),
    ]
