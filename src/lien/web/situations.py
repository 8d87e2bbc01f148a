"""The situation somebody practises in over HTTP: what may be chosen, and the choice."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lien.accounts import MAX_PRACTICES, Practice, Situations
from lien.conversations import Conversations
from lien.directory import Directory
from lien.web import payload
from lien.web.authentication import Authentication


@dataclass(frozen=True, slots=True)
class _Choice:
    situation: int


CHOICE: Final = payload.number(most=MAX_PRACTICES - 1)
_CHOICE: Final = payload.record(_Choice, situation=CHOICE)


def routes(
    authentication: Authentication,
    situations: Situations,
    directory: Directory,
    conversations: Conversations,
) -> list[Route]:
    """`/api/account/situation`."""

    async def show(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        practices = await situations.list_practices(caller.token)
        return JSONResponse({"situations": await practices_json(directory, practices)})

    async def change(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        chosen = await payload.read_json(request, _CHOICE)
        await situations.change(caller.token, chosen.situation)
        await conversations.notify(caller.account, ["chain", caller.account])
        return JSONResponse({})

    return [
        Route("/api/account/situation", show, methods=["GET"]),
        Route("/api/account/situation", change, methods=["PUT"]),
    ]


async def practices_json(
    directory: Directory, practices: Sequence[Practice]
) -> list[dict[str, Any]]:
    """`Situation`s of docs/protocol.md, in the order they are chosen from."""
    codes = list({one.profession_code for one in practices})
    labels = await directory.profession_labels(codes)
    return [
        {
            "profession_code": one.profession_code,
            "profession": labels[one.profession_code],
            "category": one.category,
            "structure": one.situation.structure if one.situation else "",
            "commune": one.situation.commune if one.situation else "",
            "postcode": one.situation.postcode if one.situation else "",
            "mode": one.situation.mode if one.situation else "",
        }
        for one in practices
    ]
