"""Accounts over HTTP: chains, devices, the vault."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lien.accounts import (
    MAX_APPENDED,
    MAX_CREDENTIAL_ID_CHARS,
    Accounts,
    Earlier,
    VaultEntry,
)
from lien.conversations import Conversations
from lien.crypto.account import WRAPPED_BYTES
from lien.crypto.chain import MAX_LINK_BYTES, MAX_LINKS, Link
from lien.crypto.signing import SIGNATURE_BYTES
from lien.ids import b64encode
from lien.web import payload
from lien.web.authentication import Authentication
from lien.web.directory import professional_json

_MAX_WRAPPERS: Final = 32
_MAX_WRAPPER: Final = len("passkey:") + MAX_CREDENTIAL_ID_CHARS
_ALL: Final = -1


@dataclass(frozen=True, slots=True)
class _Append:
    links: Sequence[Link]
    earlier: Sequence[Earlier]
    vault: Sequence[VaultEntry]


@dataclass(frozen=True, slots=True)
class _Wrapped:
    generation: int
    wrapped: bytes = field(repr=False)


_LINK: Final = payload.record(
    lambda link, signature: Link(link, signature),
    link=payload.blob(most=MAX_LINK_BYTES),
    signature=payload.blob(exactly=SIGNATURE_BYTES),
)
_GENERATION: Final = payload.number(least=1, most=MAX_LINKS)
_WRAPPED_SECRET: Final = payload.blob(exactly=WRAPPED_BYTES)
_APPEND: Final = payload.record(
    _Append,
    links=payload.listing(_LINK, most=MAX_APPENDED),
    earlier=payload.listing(
        payload.record(Earlier, generation=_GENERATION, wrapped=_WRAPPED_SECRET),
        most=MAX_APPENDED,
    ),
    vault=payload.listing(
        payload.record(
            VaultEntry,
            wrapper=payload.text(most=_MAX_WRAPPER, least=1),
            generation=_GENERATION,
            wrapped=_WRAPPED_SECRET,
        ),
        most=_MAX_WRAPPERS,
    ),
)
_WRAPPED: Final = payload.record(_Wrapped, generation=_GENERATION, wrapped=_WRAPPED_SECRET)


def routes(
    authentication: Authentication, accounts: Accounts, conversations: Conversations
) -> list[Route]:
    """`/api/accounts`, `/api/chain`, `/api/devices`, `/api/vault`."""

    async def show(request: Request) -> Response:
        await authentication.caller_of(request)
        account = payload.account(request.path_params["account"])
        professional = await accounts.find_professional(account)
        return JSONResponse(
            {
                "account": account,
                "professional": professional and professional_json(professional, account),
            }
        )

    async def list_links(request: Request) -> Response:
        await authentication.caller_of(request)
        account = payload.account(request.path_params["account"])
        after = payload.query_number(request, "after", default=_ALL, least=_ALL, most=MAX_LINKS)
        links = await accounts.list_links(account, after)
        professional = await accounts.find_professional(account)
        return JSONResponse(
            {
                "links": [
                    {"link": b64encode(link.data), "signature": b64encode(link.signature)}
                    for link in links
                ],
                "professional": professional and professional_json(professional, account),
            }
        )

    async def append_links(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        new = await payload.read_json(request, _APPEND)
        changes = await accounts.append_links(caller.account, new.links, new.earlier, new.vault)
        if changes.unsettles:
            # Cut off before `settle`, the next start or the next minute does the same again.
            await conversations.mark_stale(caller.account)
            await accounts.settle(caller.account, changes.number)
        await conversations.notify(caller.account, ["chain", caller.account])
        return JSONResponse({"number": changes.number})

    async def list_earlier(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        earlier = await accounts.list_earlier(caller.account)
        return JSONResponse(
            {
                "earlier": [
                    {"generation": one.generation, "wrapped": b64encode(one.wrapped)}
                    for one in earlier
                ]
            }
        )

    async def list_devices(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        devices = await accounts.list_devices(caller.account)
        return JSONResponse(
            {
                "devices": [
                    {
                        "device": one.device,
                        "label": one.label,
                        "added_at_ms": one.added_at_ms,
                        "seen_at_ms": one.seen_at_ms,
                        "revoked": one.is_revoked,
                    }
                    for one in devices
                ]
            }
        )

    async def list_vault(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        entries = await accounts.list_vault(caller.account)
        return JSONResponse(
            {
                "vault": [
                    {
                        "wrapper": entry.wrapper,
                        "generation": entry.generation,
                        "wrapped": b64encode(entry.wrapped),
                    }
                    for entry in entries
                ]
            }
        )

    async def put_vault(request: Request) -> Response:
        caller = await authentication.caller_of(request)
        wrapper = payload.text(most=_MAX_WRAPPER, least=1)(request.path_params["wrapper"])
        new = await payload.read_json(request, _WRAPPED)
        entry = VaultEntry(wrapper, new.generation, new.wrapped)
        await accounts.put_vault(caller.account, caller.device, entry)
        return JSONResponse({})

    return [
        Route("/api/accounts/{account}", show, methods=["GET"]),
        Route("/api/accounts/{account}/chain", list_links, methods=["GET"]),
        Route("/api/chain", append_links, methods=["POST"]),
        Route("/api/chain/earlier", list_earlier, methods=["GET"]),
        Route("/api/devices", list_devices, methods=["GET"]),
        Route("/api/vault", list_vault, methods=["GET"]),
        Route("/api/vault/{wrapper}", put_vault, methods=["PUT"]),
    ]
