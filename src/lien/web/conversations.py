"""Conversations over HTTP: which there are, the statements of their epochs, a new epoch."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lien.conversations import Conversations, Epoch
from lien.crypto.conversation_key import SEALED_KEY_BYTES
from lien.crypto.signing import SIGNATURE_BYTES
from lien.crypto.statement import (
    MAX_MEMBERS,
    MAX_STATEMENT_BYTES,
    BadStatement,
    decode_statement,
)
from lien.ids import AccountId, b64encode
from lien.web import payload
from lien.web.authentication import Authentication


@dataclass(frozen=True, slots=True)
class _NewEpoch:
    statement: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    sealed_keys: Mapping[AccountId, bytes] = field(repr=False)


_NEW_EPOCH: Final = payload.record(
    _NewEpoch,
    statement=payload.blob(most=MAX_STATEMENT_BYTES),
    signature=payload.blob(exactly=SIGNATURE_BYTES),
    sealed_keys=payload.mapping(
        payload.account, payload.blob(exactly=SEALED_KEY_BYTES), most=MAX_MEMBERS
    ),
)


@dataclass(frozen=True, slots=True)
class _NewRetention:
    days: int


_NEW_RETENTION: Final = payload.record(_NewRetention, days=payload.number(least=1, most=366))


def routes(authentication: Authentication, conversations: Conversations) -> list[Route]:
    """`/api/conversations`. Envelopes themselves travel on the socket only."""

    async def list_all(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        return JSONResponse({"channels": list(await conversations.list_channels(caller.account))})

    async def list_epochs(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        channel = payload.channel(request.path_params["channel"])
        after = payload.query_number(request, "after", default=0)
        page = await conversations.read_epochs(caller.account, channel, after)
        return JSONResponse(
            {
                "epochs": [_epoch_json(epoch) for epoch in page.epochs],
                "epoch": page.epoch,
                "stale": page.is_stale,
            }
        )

    async def list_receipts(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        channel = payload.channel(request.path_params["channel"])
        receipts = await conversations.list_receipts(caller.account, channel)
        return JSONResponse(
            {"receipts": [[one.account, int(one.level), one.offset] for one in receipts]}
        )

    async def begin_epoch(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        channel = payload.channel(request.path_params["channel"])
        new = await payload.read_json(request, _NEW_EPOCH)
        if decode_statement(new.statement).channel != channel:
            raise BadStatement("the statement is for another conversation")
        position = await conversations.begin_epoch(
            caller.account, caller.device, new.statement, new.signature, new.sealed_keys
        )
        return JSONResponse({"incarnation": position.incarnation, "offset": position.offset})

    async def set_retention(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        channel = payload.channel(request.path_params["channel"])
        new = await payload.read_json(request, _NEW_RETENTION)
        await conversations.set_retention(caller.account, channel, new.days)
        return JSONResponse({})

    return [
        Route("/api/conversations/{channel}/retention", set_retention, methods=["PUT"]),
        Route("/api/conversations", list_all, methods=["GET"]),
        Route("/api/conversations/{channel}/epochs", list_epochs, methods=["GET"]),
        Route("/api/conversations/{channel}/receipts", list_receipts, methods=["GET"]),
        Route("/api/conversations/{channel}/epochs", begin_epoch, methods=["POST"]),
    ]


def _epoch_json(epoch: Epoch) -> dict[str, Any]:
    return {
        "statement": b64encode(epoch.statement),
        "signature": b64encode(epoch.signature),
        "offset": epoch.offset,
        "sealed_key": None if epoch.sealed_key is None else b64encode(epoch.sealed_key),
    }
